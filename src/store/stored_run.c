/* SPDX-License-Identifier: MIT */
/* Reads one run: its traces, their frames, and the captures behind them. */
#define _GNU_SOURCE
#include "store/database.h"
#include "store/id_range.h"
#include "store/pack.h"
#include "store/query.h"
#include "store/reader.h"
#include "store/run_read.h"
#include "store/stored_read.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ID_DIGITS_MIN = 4, NUMBER_DIGITS = 20 };

gbx_err gbxi_stored_run_open(gbxi_store_reader *reader, const char *id, gbxi_stored_run **run, gbx_error *error)
{
    gbxi_stored_run *opened = calloc(1, sizeof(*opened));
    gbx_err err;

    *run = NULL;
    if (!gbxi_run_id_is_valid(id)) {
        free(opened);
        return gbx_error_set(error, GBX_ERR_UNKNOWN, NULL, "'%.40s' is not the id of a run", id);
    }
    if (opened == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "run %s: out of memory", id);
    opened->reader = reader;
    snprintf(opened->id, sizeof(opened->id), "%s", id);
    if ((err = gbxi_run_read_open(reader->directory, id, &opened->database, error)) != GBX_ERR_OK) {
        gbxi_stored_run_close(opened);
        return err;
    }
    *run = opened;
    return GBX_ERR_OK;
}

static void stored_run_drop_texts(gbxi_stored_run *run)
{
    for (size_t i = 0; i < GBXI_STORED_TEXTS; i++) {
        free(run->texts[i]);
        run->texts[i] = NULL;
    }
}

void gbxi_stored_run_close(gbxi_stored_run *run)
{
    if (run == NULL)
        return;
    stored_run_drop_texts(run);
    gbxi_database_close(run->database);
    free(run);
}

/* How rows come in an order without being sorted: a unary plus keeps a term from choosing another index. */
static const struct {
    const char *number, *duration, *order;
} trace_orders[] = {
    [GBXI_TRACES_BY_NUMBER] = {"", "+", "number"},
    [GBXI_TRACES_SLOWEST] = {"+", "", "duration_ns DESC,number"},
    [GBXI_TRACES_NEWEST] = {"", "+", "number DESC"},
};

static gbx_err stored_traces_begin(gbxi_stored_run *run, const gbxi_trace_query *query, bool with_events,
                                   gbxi_statement *statement, gbx_error *error)
{
    static const gbxi_trace_query all;
    char sql[640];
    gbx_err err;

    query = query != NULL ? query : &all;
    snprintf(sql, sizeof(sql),
             "SELECT " GBXI_STORED_TRACE_COLUMNS "%s WHERE %snumber>?1 AND %sduration_ns>=?2"
             " AND(?3 IS NULL OR route=?3 OR route GLOB ?3)AND(?4 IS NULL OR method=?4)AND(?5=0 OR reasons&?5)"
             " AND(?6=0 OR failed)AND started_unix_ns>=?7 AND(?9=0 OR started_unix_ns<?9)ORDER BY %s LIMIT ?8",
             with_events ? ",bytes FROM traces LEFT JOIN events ON trace=number" : " FROM traces",
             trace_orders[query->order].number, trace_orders[query->order].duration, trace_orders[query->order].order);
    if ((err = gbxi_statement_init(statement, run->database, sql, error)) != GBX_ERR_OK)
        return err;
    gbxi_bind_uint(statement, query->after_number);
    gbxi_bind_uint(statement, query->min_duration_ns);
    gbxi_bind_text(statement, query->route);
    gbxi_bind_text(statement, query->method);
    gbxi_bind_uint(statement, query->reasons);
    gbxi_bind_int(statement, query->failed_only);
    gbxi_bind_int(statement, query->since_unix_ns);
    gbxi_bind_uint(statement, query->limit != 0 ? query->limit : UINT64_MAX);
    gbxi_bind_int(statement, query->until_unix_ns);
    return GBX_ERR_OK;
}

gbx_err gbxi_stored_traces(gbxi_stored_run *run, const gbxi_trace_query *query, gbxi_stored_trace_use *use,
                           void *context, gbx_error *error)
{
    gbxi_stored_trace trace;
    gbxi_statement statement;
    bool found = true;
    gbx_err err = stored_traces_begin(run, query, false, &statement, error);

    while (err == GBX_ERR_OK && found) {
        if ((err = gbxi_statement_next(&statement, &found, error)) == GBX_ERR_OK && found) {
            gbxi_stored_trace_read(&statement, &trace);
            found = use(context, &trace);
        }
    }
    gbxi_statement_fini(&statement);
    return err;
}

/* Copies the texts of a row, so that no transaction stays open while the caller looks at them. */
static gbx_err stored_run_keep(gbxi_stored_run *run, gbxi_stored_trace *trace, gbx_error *error)
{
    const char **texts[GBXI_STORED_TEXTS] = {&trace->method, &trace->path,  &trace->route,
                                             &trace->name,   &trace->error, &trace->error_span};

    stored_run_drop_texts(run);
    for (size_t i = 0; i < GBXI_STORED_TEXTS; i++) {
        if (*texts[i] == NULL)
            continue;
        if ((run->texts[i] = strdup(*texts[i])) == NULL)
            return gbxi_database_fail(run->database, GBXI_FAULT_NO_MEMORY, "out of memory", error);
        *texts[i] = run->texts[i];
    }
    return GBX_ERR_OK;
}

/* Reads the row of a query that gives one. */
static gbx_err stored_find_row(gbxi_stored_run *run, gbxi_statement *statement, gbxi_stored_trace *trace, bool *found,
                               gbx_error *error)
{
    gbx_err err = gbxi_statement_next(statement, found, error);

    if (err == GBX_ERR_OK && *found) {
        gbxi_stored_trace_read(statement, trace);
        err = stored_run_keep(run, trace, error);
    }
    return err;
}

static gbx_err stored_find_slowest(gbxi_stored_run *run, gbxi_stored_trace *trace, gbx_error *error)
{
    gbxi_statement statement;
    bool found = false;
    gbx_err err = gbxi_statement_init(
        &statement, run->database,
        "SELECT " GBXI_STORED_TRACE_COLUMNS " FROM traces ORDER BY duration_ns DESC,number LIMIT 1", error);

    if (err == GBX_ERR_OK)
        err = stored_find_row(run, &statement, trace, &found, error);
    gbxi_statement_fini(&statement);
    if (err == GBX_ERR_OK && !found)
        err = gbx_error_set(error, GBX_ERR_MISSING, NULL, "run %s: it has no traces", run->id);
    return err;
}

/* Says that the run has no such trace, and how many it has. */
static gbx_err stored_refuse_number(gbxi_stored_run *run, uint64_t number, gbx_error *error)
{
    int64_t last;
    gbx_err err = gbxi_database_number(run->database, "SELECT coalesce(max(number),0) FROM traces", &last, error);

    if (err != GBX_ERR_OK)
        return err;
    if (last == 0)
        return gbx_error_set(error, GBX_ERR_UNKNOWN, NULL, "run %s: it has no traces", run->id);
    return gbx_error_set(error, GBX_ERR_UNKNOWN, NULL, "run %s: there is no trace #%" PRIu64 "; the last is #%" PRId64,
                         run->id, number, last);
}

static gbx_err stored_find_number(gbxi_stored_run *run, const char *digits, gbxi_stored_trace *trace, gbx_error *error)
{
    uint64_t number = strtoull(digits, NULL, 10);
    gbxi_statement statement;
    bool found = false;
    gbx_err err = gbxi_statement_init(&statement, run->database,
                                      "SELECT " GBXI_STORED_TRACE_COLUMNS " FROM traces WHERE number=?", error);

    gbxi_bind_uint(&statement, number);
    if (err == GBX_ERR_OK)
        err = stored_find_row(run, &statement, trace, &found, error);
    gbxi_statement_fini(&statement);
    if (err == GBX_ERR_OK && !found)
        err = stored_refuse_number(run, number, error);
    return err;
}

/* The numbers of the first two traces whose ids begin with these digits. */
static gbx_err stored_find_numbers(gbxi_stored_run *run, const char *digits, uint64_t numbers[2], size_t *count,
                                   gbx_error *error)
{
    uint8_t low[16], high[16];
    gbxi_statement statement;
    bool found = true;
    gbx_err err = gbxi_statement_init(
        &statement, run->database, "SELECT number FROM traces WHERE trace_id BETWEEN ? AND ? ORDER BY trace_id LIMIT 2",
        error);

    *count = 0;
    gbxi_id_range_of(digits, low, high);
    gbxi_bind_bytes(&statement, low, sizeof(low));
    gbxi_bind_bytes(&statement, high, sizeof(high));
    while (err == GBX_ERR_OK && found) {
        if ((err = gbxi_statement_next(&statement, &found, error)) == GBX_ERR_OK && found)
            numbers[(*count)++] = gbxi_column_uint(&statement);
        found = found && *count < 2;
    }
    gbxi_statement_fini(&statement);
    return err;
}

/* Says that the run has no such trace, and which run has it. */
static gbx_err stored_refuse_id(gbxi_stored_run *run, const char *digits, gbx_error *error)
{
    char id[GBXI_RUN_ID_SIZE];
    uint8_t low[16], high[16];

    gbxi_id_range_of(digits, low, high);
    if (gbxi_catalog_find_trace(run->reader->catalog, low, high, id, NULL) != GBX_ERR_OK || id[0] == '\0')
        return gbx_error_set(error, GBX_ERR_UNKNOWN, NULL, "run %s: there is no trace %s", run->id, digits);
    return gbx_error_set(error, GBX_ERR_UNKNOWN, NULL, "run %s: there is no trace %s; it is in run %s", run->id, digits,
                         id);
}

static gbx_err stored_find_id(gbxi_stored_run *run, const char *digits, gbxi_stored_trace *trace, gbx_error *error)
{
    uint64_t numbers[2] = {0};
    char number[24];
    size_t count;
    gbx_err err = stored_find_numbers(run, digits, numbers, &count, error);

    if (err != GBX_ERR_OK)
        return err;
    if (count == 0)
        return stored_refuse_id(run, digits, error);
    if (count > 1)
        return gbx_error_set(error, GBX_ERR_CONFLICT, NULL,
                             "run %s: several traces begin with %s, such as #%" PRIu64 " and #%" PRIu64, run->id,
                             digits, numbers[0], numbers[1]);
    snprintf(number, sizeof(number), "%" PRIu64, numbers[0]);
    return stored_find_number(run, number, trace, error);
}

/* Digits without a sign are a number if there is such a trace, and otherwise the beginning of an id, which has at least
 * as many. */
static gbx_err stored_find_digits(gbxi_stored_run *run, const char *digits, gbxi_stored_trace *trace, gbx_error *error)
{
    gbx_err err = stored_find_number(run, digits, trace, error);

    return err == GBX_ERR_UNKNOWN && strlen(digits) >= ID_DIGITS_MIN ? stored_find_id(run, digits, trace, error) : err;
}

gbx_err gbxi_stored_find(gbxi_stored_run *run, const char *name, gbxi_stored_trace *trace, gbx_error *error)
{
    static const char decimal[] = "0123456789", hexadecimal[] = "0123456789abcdefABCDEF";
    const char *number = name != NULL && name[0] == '#' ? name + 1 : name;
    size_t length;

    *trace = (gbxi_stored_trace){.number = 0};
    if (name == NULL)
        return stored_find_slowest(run, trace, error);
    length = strlen(number);
    if (number[strspn(number, decimal)] == '\0' && length > 0 && length < NUMBER_DIGITS)
        return number != name ? stored_find_number(run, number, trace, error)
                              : stored_find_digits(run, number, trace, error);
    if (name[strspn(name, hexadecimal)] != '\0' || length < ID_DIGITS_MIN || length > GBXI_ID_DIGITS)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL,
                             "'%.40s' is no trace: expected '#' and a number, or 4 to 32 hexadecimal digits of an id",
                             name);
    return stored_find_id(run, name, trace, error);
}

/* Calls `use` for each frame that the statement finds. */
static gbx_err stored_frames_read(gbxi_statement *statement, gbxi_stored_frame_use *use, void *context,
                                  gbx_error *error)
{
    gbxi_stored_frame frame;
    bool found = true;
    gbx_err err = GBX_ERR_OK;

    while (err == GBX_ERR_OK && found) {
        if ((err = gbxi_statement_next(statement, &found, error)) == GBX_ERR_OK && found) {
            gbxi_stored_frame_read(statement, &frame);
            found = use(context, &frame);
        }
    }
    return err;
}

gbx_err gbxi_stored_frames(gbxi_stored_run *run, uint64_t number, gbxi_frame_order order, uint64_t limit,
                           gbxi_stored_frame_use *use, void *context, gbx_error *error)
{
    static const char *const orders[] = {
        [GBXI_FRAMES_BY_TOTAL] = "total_ns",
        [GBXI_FRAMES_BY_SELF] = "self_ns",
        [GBXI_FRAMES_BY_CALLS] = "calls",
    };
    gbxi_statement statement;
    char sql[256];
    gbx_err err;

    if (number == 0)
        return gbxi_catalog_frames(run->reader->catalog, run->id, order, limit, use, context, error);
    snprintf(sql, sizeof(sql),
             "SELECT name,file,line,calls,total_ns,self_ns,min_ns,max_ns,1 FROM frames"
             " JOIN trace_frames ON frame=id AND trace=? ORDER BY %s DESC,name,file,line LIMIT ?",
             orders[order]);
    err = gbxi_statement_init(&statement, run->database, sql, error);
    gbxi_bind_uint(&statement, number);
    gbxi_bind_uint(&statement, limit != 0 ? limit : UINT64_MAX);
    if (err == GBX_ERR_OK)
        err = stored_frames_read(&statement, use, context, error);
    gbxi_statement_fini(&statement);
    return err;
}

static gbx_err stored_unpack(gbxi_stored_run *run, uint64_t number, gbxi_statement *statement, gbx_capture **capture,
                             gbx_error *error)
{
    gbx_error reason = {.code = GBX_ERR_OK};
    const void *bytes;
    size_t length;
    gbx_err err;

    bytes = gbxi_column_bytes(statement, &length);
    if ((err = gbxi_unpack(bytes, length, capture, &reason)) == GBX_ERR_OK)
        return GBX_ERR_OK;
    return gbx_error_set(error, err, NULL, "run %s: trace #%" PRIu64 ": %s", run->id, number, reason.text);
}

gbx_err gbxi_stored_restore(gbxi_stored_run *run, uint64_t number, gbx_capture **capture, gbx_error *error)
{
    gbxi_statement statement;
    bool found = false;
    gbx_err err = gbxi_statement_init(&statement, run->database, "SELECT bytes FROM events WHERE trace=?", error);

    *capture = NULL;
    gbxi_bind_uint(&statement, number);
    if (err == GBX_ERR_OK)
        err = gbxi_statement_next(&statement, &found, error);
    if (err == GBX_ERR_OK && found)
        err = stored_unpack(run, number, &statement, capture, error);
    else if (err == GBX_ERR_OK)
        err = gbx_error_set(error, GBX_ERR_UNKNOWN, NULL, "run %s: there is no trace #%" PRIu64, run->id, number);
    gbxi_statement_fini(&statement);
    return err;
}

/* Passes the trace that the statement is at, with its capture, to `use`. */
static gbx_err stored_capture_use(gbxi_statement *statement, gbxi_stored_capture_use *use, void *context, bool *more,
                                  gbx_error *error)
{
    gbxi_stored_trace trace;
    gbx_capture *capture = NULL;
    const void *bytes;
    size_t length;
    gbx_err err;

    gbxi_stored_trace_read(statement, &trace);
    bytes = gbxi_column_bytes(statement, &length);
    if ((err = gbxi_unpack(bytes, length, &capture, error)) == GBX_ERR_NO_MEMORY)
        return err;
    *more = use(context, &trace, err == GBX_ERR_OK ? capture : NULL);
    gbx_capture_unref(capture);
    return GBX_ERR_OK;
}

gbx_err gbxi_stored_captures(gbxi_stored_run *run, const gbxi_trace_query *query, gbxi_stored_capture_use *use,
                             void *context, gbx_error *error)
{
    gbxi_statement statement;
    bool more = true;
    gbx_err err = stored_traces_begin(run, query, true, &statement, error);

    while (err == GBX_ERR_OK && more)
        if ((err = gbxi_statement_next(&statement, &more, error)) == GBX_ERR_OK && more)
            err = stored_capture_use(&statement, use, context, &more, error);
    gbxi_statement_fini(&statement);
    return err;
}

gbx_err gbxi_stored_process(gbxi_stored_run *run, gbxi_process_row_use *use, void *context, gbx_error *error)
{
    gbxi_statement statement;
    gbxi_process_row row;
    bool found = true;
    gbx_err err = gbxi_statement_init(&statement, run->database, "SELECT * FROM process ORDER BY at_unix_s", error);

    while (err == GBX_ERR_OK && found) {
        if ((err = gbxi_statement_next(&statement, &found, error)) == GBX_ERR_OK && found) {
            gbxi_process_row_read(&statement, &row);
            found = use(context, &row);
        }
    }
    gbxi_statement_fini(&statement);
    return err;
}
