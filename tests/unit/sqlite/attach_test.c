/* SPDX-License-Identifier: MIT */
/* Attaching: the program's own trace callback is kept or refused in words, whatever comes first. */
#include "fixture.h"
#include "sqlite/traces.h"
#include <glassbox/span.h>
#include <glassbox/sqlite.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* A program's callback, which counts its events. */
typedef struct counts {
    unsigned begun, rows, ended, closed;
} counts;

static int count_event(unsigned event, void *context, void *subject, void *description)
{
    counts *self = context;

    (void)subject;
    (void)description;
    self->begun += event == SQLITE_TRACE_STMT;
    self->rows += event == SQLITE_TRACE_ROW;
    self->ended += event == SQLITE_TRACE_PROFILE;
    self->closed += event == SQLITE_TRACE_CLOSE;
    if (gbx_capture_current() != NULL)
        gbx_note_int("told", (int)event);
    return 0;
}

static void count_legacy(void *context, const char *sql)
{
    (void)sql;
    ++*(unsigned *)context;
}

static void count_profile(void *context, const char *sql, sqlite3_uint64 ns)
{
    (void)sql;
    (void)ns;
    ++*(unsigned *)context;
}

static int open_connection(void **state)
{
    return sqlite3_open(":memory:", (sqlite3 **)state) == SQLITE_OK ? 0 : -1;
}

static int close_connection(void **state)
{
    return sqlite3_close(*state) == SQLITE_OK ? 0 : -1;
}

static void attach(sqlite3 *db)
{
    gbx_error error = {0};

    assert_int_equal(gbx_sqlite_attach(db, NULL, &error), GBX_ERR_OK);
}

static void refuse(sqlite3 *db, const gbx_sqlite_options *options, gbx_err code, const char *part)
{
    gbx_error error = {0};

    assert_int_equal(gbx_sqlite_attach(db, options, &error), code);
    assert_non_null(strstr(error.text, part));
    assert_int_equal(gbx_sqlite_attach(db, options, NULL), code);
}

/* What a capture tells of one statement. */
static const char *tell(sqlite3 *db)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    static char told[1024];
    {
        GBX_ENTER(capture);
        assert_int_equal(sqlite3_exec(db, "SELECT 1", NULL, NULL, NULL), SQLITE_OK);
    }
    gbx_capture_finish(capture);
    snprintf(told, sizeof(told), "%s", told_of(capture));
    gbx_capture_unref(capture);
    return told;
}

static void a_callback_from_before_is_kept(void **state)
{
    counts told = {0};

    sqlite3_trace_v2(*state, SQLITE_TRACE_ROW, count_event, &told);
    attach(*state);
    assert_string_equal(tell(*state), "SELECT<'SELECT 1'#1>{told=4}");
    assert_int_equal(told.rows, 1);
    assert_int_equal(told.begun + told.ended, 0);
}

static void a_callback_from_afterwards_is_kept(void **state)
{
    counts told = {0};

    attach(*state);
    sqlite3_trace_v2(*state, 15, count_event, &told);
    assert_string_equal(tell(*state), "{told=1}SELECT<'SELECT 1'#1>{told=4}{told=2}");
    sqlite3_trace_v2(*state, SQLITE_TRACE_STMT, count_event, &told);
    assert_string_equal(tell(*state), "{told=1}SELECT<'SELECT 1'#1>");
    sqlite3_trace_v2(*state, 0, NULL, NULL);
    assert_string_equal(tell(*state), "SELECT<'SELECT 1'#1>");
    sqlite3_trace_v2(*state, 0, count_event, &told);
    assert_string_equal(tell(*state), "SELECT<'SELECT 1'#1>");
    assert_int_equal(told.begun, 2);
    assert_int_equal(told.ended, 1);
}

static void a_callback_that_was_taken_back_is_none(void **state)
{
    counts told = {0};

    sqlite3_trace_v2(*state, 15, count_event, &told);
    sqlite3_trace_v2(*state, 0, NULL, NULL);
    attach(*state);
    assert_string_equal(tell(*state), "SELECT<'SELECT 1'#1>");
    assert_int_equal(told.begun, 0);
}

static void a_callback_in_the_options_is_kept(void **state)
{
    counts told = {0};
    const gbx_sqlite_options options = {
        .size = sizeof(options), .trace = count_event, .trace_context = &told, .trace_events = SQLITE_TRACE_PROFILE};

    assert_int_equal(gbx_sqlite_attach(*state, &options, NULL), GBX_ERR_OK);
    assert_string_equal(tell(*state), "SELECT<'SELECT 1'#1>{told=2}");
    assert_int_equal(gbx_sqlite_attach(*state, &options, NULL), GBX_ERR_OK);
    attach(*state);
    assert_string_equal(tell(*state), "SELECT<'SELECT 1'#1>{told=2}");
    assert_int_equal(told.ended, 2);
}

static void a_callback_is_told_of_the_close(void **state)
{
    counts told = {0};
    sqlite3 *db;

    (void)state;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    attach(db);
    sqlite3_trace_v2(db, SQLITE_TRACE_CLOSE, count_event, &told);
    sqlite3_close(db);
    assert_int_equal(told.closed, 1);
}

static void two_different_callbacks_are_a_conflict(void **state)
{
    counts told = {0}, other = {0};
    const gbx_sqlite_options options = {
        .size = sizeof(options), .trace = count_event, .trace_context = &other, .trace_events = SQLITE_TRACE_STMT};

    sqlite3_trace_v2(*state, SQLITE_TRACE_STMT, count_event, &told);
    refuse(*state, &options, GBX_ERR_CONFLICT, "another trace callback");
    assert_string_equal(tell(*state), "{told=1}");
}

static void a_callback_of_the_deprecated_function_is_refused(void **state)
{
    unsigned told = 0;

    assert_null(sqlite3_trace(*state, count_legacy, &told));
    refuse(*state, NULL, GBX_ERR_STATE, "sqlite3_trace,");
    assert_string_equal(tell(*state), "");
    assert_int_equal(told, 1);
    assert_ptr_equal(sqlite3_trace(*state, NULL, NULL), &told);
    attach(*state);
    assert_string_equal(tell(*state), "SELECT<'SELECT 1'#1>");
}

static void a_callback_of_the_deprecated_function_takes_the_place(void **state)
{
    unsigned told = 0;
    counts before = {0};

    attach(*state);
    sqlite3_trace_v2(*state, SQLITE_TRACE_STMT, count_event, &before);
    assert_ptr_equal(sqlite3_trace(*state, count_legacy, &told), &before);
    assert_string_equal(tell(*state), "");
    assert_int_equal(told, 1);
    assert_int_equal(before.begun, 0);
    sqlite3_trace_v2(*state, 0, NULL, NULL);
    attach(*state);
    assert_string_equal(tell(*state), "SELECT<'SELECT 1'#1>");
}

static void a_profile_of_the_deprecated_function_is_kept(void **state)
{
    unsigned before = 0, afterwards = 0;

    sqlite3_profile(*state, count_profile, &before);
    attach(*state);
    assert_string_equal(tell(*state), "SELECT<'SELECT 1'#1>");
    assert_int_equal(before, 1);
    sqlite3_profile(*state, count_profile, &afterwards);
    assert_string_equal(tell(*state), "SELECT<'SELECT 1'#1>");
    assert_int_equal(afterwards, 1);
}

static int set_another(unsigned event, void *context, void *subject, void *description)
{
    sqlite3_trace_v2(sqlite3_db_handle(subject), SQLITE_TRACE_STMT, count_event, context);
    return count_event(event, context, subject, description);
}

static void a_callback_may_set_another(void **state)
{
    counts told = {0};

    attach(*state);
    sqlite3_trace_v2(*state, SQLITE_TRACE_STMT, set_another, &told);
    assert_string_equal(tell(*state), "{told=1}SELECT<'SELECT 1'#1>");
    assert_string_equal(tell(*state), "{told=1}SELECT<'SELECT 1'#1>");
    assert_int_equal(told.begun, 2);
}

static int get_text(void *context, int count, char **values, char **names)
{
    (void)count;
    (void)names;
    snprintf(context, 16, "%s", values[0]);
    return 0;
}

static void a_connection_says_whether_it_is_attached(void **state)
{
    char text[16] = "";

    attach(*state);
    assert_int_equal(sqlite3_exec(*state, "SELECT glassbox_is_attached()", get_text, text, NULL), SQLITE_OK);
    assert_string_equal(text, "1");
}

static void nothing_is_known_of_a_closed_connection(void **state)
{
    sqlite3 *db;

    (void)state;
    assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
    attach(db);
    assert_non_null(gbxi_sqlite_traced_find(db));
    sqlite3_close(db);
    assert_null(gbxi_sqlite_traced_find(db));
}

static void mistakes_are_refused(void **state)
{
    gbx_sqlite_options options = {.size = sizeof(options)};

    refuse(NULL, NULL, GBX_ERR_ARGUMENT, "no connection");
    options.trace_events = SQLITE_TRACE_ROW;
    refuse(*state, &options, GBX_ERR_ARGUMENT, "belong together");
    options = (gbx_sqlite_options){.size = sizeof(options), .trace = count_event};
    refuse(*state, &options, GBX_ERR_ARGUMENT, "belong together");
    options = (gbx_sqlite_options){.size = sizeof(options), .reserved = {1}};
    refuse(*state, &options, GBX_ERR_ARGUMENT, "does not know");
    options = (gbx_sqlite_options){.size = 8};
    refuse(*state, &options, GBX_ERR_ARGUMENT, "size is 8");
    assert_int_equal(sqlite3_trace_v2(NULL, 15, count_event, NULL), SQLITE_MISUSE);
    assert_null(sqlite3_trace(NULL, count_legacy, NULL));
    assert_string_equal(tell(*state), "");
}

/* Of SQLite's allocations, this one fails, and those after it; 0: none. */
static unsigned failing_allocation;
static sqlite3_mem_methods real_memory;

static bool allocation_fails(void)
{
    return failing_allocation != 0 && --failing_allocation == 0 && (failing_allocation = 1) != 0;
}

static void *scarce_malloc(int bytes)
{
    return allocation_fails() ? NULL : real_memory.xMalloc(bytes);
}

static void *scarce_realloc(void *memory, int bytes)
{
    return allocation_fails() ? NULL : real_memory.xRealloc(memory, bytes);
}

static int make_memory_scarce(void **state)
{
    sqlite3_mem_methods scarce;

    (void)state;
    sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory);
    scarce = real_memory;
    scarce.xMalloc = scarce_malloc;
    scarce.xRealloc = scarce_realloc;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &scarce) == SQLITE_OK ? 0 : -1;
}

static void memory_that_is_short_is_an_error(void **state)
{
    gbx_err err = GBX_ERR_NO_MEMORY;

    (void)state;
    for (unsigned i = 1; err == GBX_ERR_NO_MEMORY; i++) {
        sqlite3 *db;
        assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
        sqlite3_db_config(db, SQLITE_DBCONFIG_LOOKASIDE, NULL, 0, 0);
        failing_allocation = i;
        err = gbx_sqlite_attach(db, NULL, NULL);
        failing_allocation = 0;
        assert_true(err == GBX_ERR_OK || err == GBX_ERR_NO_MEMORY);
        assert_true(err == GBX_ERR_NO_MEMORY || i > 1);
        assert_string_equal(tell(db), err == GBX_ERR_OK ? "SELECT<'SELECT 1'#1>" : "");
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
    }
}

static void memory_that_is_short_for_a_callback_is_an_error(void **state)
{
    counts told = {0};

    failing_allocation = 1;
    assert_int_equal(sqlite3_trace_v2(*state, 15, count_event, &told), SQLITE_NOMEM);
    failing_allocation = 0;
    assert_string_equal(tell(*state), "");
}

static void memory_that_is_short_loses_the_number_of_the_parameters_alone(void **state)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    sqlite3_stmt *statement;

    attach(*state);
    sqlite3_db_config(*state, SQLITE_DBCONFIG_LOOKASIDE, NULL, 0, 0);
    assert_int_equal(sqlite3_prepare_v2(*state, "SELECT ?1", -1, &statement, NULL), SQLITE_OK);
    sqlite3_bind_text(statement, 1, "x", -1, SQLITE_STATIC);
    {
        GBX_ENTER(capture);
        failing_allocation = 1;
        sqlite3_step(statement);
        failing_allocation = 0;
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
    gbx_capture_finish(capture);
    assert_non_null(strstr(told_of(capture), "SELECT<'SELECT ?1'#"));
    gbx_capture_unref(capture);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_connection, close_connection)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_callback_from_before_is_kept),
        CASE(a_callback_from_afterwards_is_kept),
        CASE(a_callback_that_was_taken_back_is_none),
        CASE(a_callback_in_the_options_is_kept),
        CASE(a_callback_is_told_of_the_close),
        CASE(two_different_callbacks_are_a_conflict),
        CASE(a_callback_of_the_deprecated_function_is_refused),
        CASE(a_callback_of_the_deprecated_function_takes_the_place),
        CASE(a_profile_of_the_deprecated_function_is_kept),
        CASE(a_callback_may_set_another),
        CASE(a_connection_says_whether_it_is_attached),
        CASE(nothing_is_known_of_a_closed_connection),
        CASE(mistakes_are_refused),
        CASE(memory_that_is_short_is_an_error),
        CASE(memory_that_is_short_for_a_callback_is_an_error),
        CASE(memory_that_is_short_loses_the_number_of_the_parameters_alone),
    };
    return cmocka_run_group_tests_name("attach", tests, make_memory_scarce, NULL);
}
