/* SPDX-License-Identifier: MIT */
/* Owns the statements that have begun on a thread and not ended, and their spans. */
#include "sqlite/statement.h"
#include "base/hash.h"
#include "capture/pause.h"
#include "sqlite/verb.h"
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Statements that one thread has between begin and end at the same time; further ones have no span. */
enum { STATEMENTS_MAX = 32 };

static const char rows_key[] = "db.rows";

typedef struct running_statement {
    sqlite3_stmt *handle; /* NULL: a free place */
    const sqlite3 *db;    /* its connection, which is never followed */
    gbx_span *span;
    int64_t rows;
} running_statement;

static __thread running_statement running[STATEMENTS_MAX];
static __thread uintptr_t last_span;

/* An address that is no span's of this thread: spans are identified by their addresses, which are never followed. Those
 * of the program's spans are on its stack, which does not begin at 0. */
static gbx_span *new_span(void)
{
    return (gbx_span *)++last_span; /* NOLINT(performance-no-int-to-ptr) */
}

static running_statement *find_statement(const sqlite3_stmt *handle)
{
    for (size_t i = 0; i < STATEMENTS_MAX; i++)
        if (running[i].handle == handle)
            return &running[i];
    return NULL;
}

/* A place for a statement: a free one, or one whose span has ended without the statement's end, as on another thread.
 */
static running_statement *free_place(void)
{
    running_statement *place = find_statement(NULL);

    for (size_t i = 0; place == NULL && i < STATEMENTS_MAX; i++)
        if (!gbxi_span_is_open(running[i].span))
            place = &running[i];
    return place;
}

/* Whether SQLite tells the begin of a statement that runs inside another one: it writes "-- " in front. */
static bool is_begin_inside(const char *told, const char *sql)
{
    return strncmp(told, "-- ", 3) == 0 && strcmp(told + 3, sql) == 0;
}

/* Whether SQLite tells the begin of a statement, and not of a trigger in one. */
static bool is_begin(const char *told, const char *sql)
{
    return told == sql || strcmp(told, sql) == 0 || is_begin_inside(told, sql);
}

/* SQLite does not tell that a step begins. That a paused statement goes on is known when another begins inside it. */
static void resume_around(const sqlite3 *db)
{
    for (size_t i = 0; i < STATEMENTS_MAX; i++)
        if (running[i].handle != NULL && running[i].db == db && gbxi_span_resume_paused(running[i].span))
            return;
}

/* A number that tells the values of a statement's parameters apart and does not tell them: it depends on a random key
 * of this process. -1 if it has none, or changes the database: what it writes may be large; or if it runs inside
 * another statement, where SQLite expands none. */
static int64_t parameters_number(sqlite3_stmt *handle, bool inside)
{
    int64_t number = -1;
    char *expanded;

    if (inside || sqlite3_bind_parameter_count(handle) == 0 || !sqlite3_stmt_readonly(handle))
        return number;
    if ((expanded = sqlite3_expanded_sql(handle)) != NULL)
        number = gbxi_hash_text(gbxi_hash_key(), expanded, strlen(expanded));
    sqlite3_free(expanded);
    return number;
}

/* False if the span is dropped. */
static bool begin_span(running_statement *place, sqlite3_stmt *handle, const char *sql, bool inside)
{
    int64_t parameters = parameters_number(handle, inside);

    if (!gbxi_span_end_paused(place->span) && gbxi_span_resume(place->span))
        gbxi_span_end(place->span); /* its end was not told to this thread */
    place->span = new_span();
    gbxi_span_begin(place->span, gbxi_sqlite_site(sql));
    if (!gbxi_span_is_open(place->span)) {
        gbxi_span_end(place->span);
        return false;
    }
    gbx_note_str("db.system", "sqlite");
    gbx_note_str("db.statement", sql);
    if (parameters >= 0)
        gbx_note_int("db.parameters", parameters);
    return true;
}

static void begin_statement(sqlite3_stmt *handle, const char *told)
{
    const char *sql = sqlite3_sql(handle);
    running_statement *place = find_statement(handle);

    if (sql == NULL || !is_begin(told, sql))
        return;
    if (place != NULL && told != sql && gbxi_span_is_open(place->span))
        return; /* a trigger with the statement's own text */
    if (place == NULL && (place = free_place()) == NULL)
        return;
    if (is_begin_inside(told, sql))
        resume_around(sqlite3_db_handle(handle));
    place->handle = begin_span(place, handle, sql, is_begin_inside(told, sql)) ? handle : NULL;
    place->db = sqlite3_db_handle(handle);
    place->rows = 0;
}

static void count_row(const sqlite3_stmt *handle)
{
    running_statement *place = find_statement(handle);

    if (place == NULL || !gbxi_span_resume(place->span))
        return;
    ++place->rows;
    gbxi_span_pause(place->span, rows_key, place->rows);
}

/* A statement that is still busy was reset after a row, or another connection blocks it before any. */
static void end_statement(sqlite3_stmt *handle)
{
    running_statement *place = find_statement(handle);
    bool busy = sqlite3_stmt_busy(handle) != 0;

    if (place == NULL)
        return;
    place->handle = NULL;
    if ((busy && gbxi_span_end_paused(place->span)) || !gbxi_span_resume(place->span))
        return;
    gbxi_note_int(rows_key, place->rows);
    if (busy && place->rows == 0)
        gbxi_span_fail("the database is busy");
    gbxi_span_end(place->span);
}

void gbxi_sqlite_record(unsigned event, void *subject, const void *description)
{
    if (event == SQLITE_TRACE_STMT)
        begin_statement(subject, description);
    else if (event == SQLITE_TRACE_ROW)
        count_row(subject);
    else if (event == SQLITE_TRACE_PROFILE)
        end_statement(subject);
}
