/* SPDX-License-Identifier: MIT */
/* Binds what is stored to the statements. */
#define _GNU_SOURCE
#include "store/run_rows.h"
#include "base/grow.h"
#include <glassbox/version.h>
#include <unistd.h>

/* The columns of `trace_frames`. */
enum {
    COLUMN_TRACE,
    COLUMN_FRAME,
    COLUMN_CALLS,
    COLUMN_TOTAL,
    COLUMN_SELF,
    COLUMN_MIN,
    COLUMN_MAX,
    TRACE_FRAME_COLUMNS
};

static const char run_progress_text[] =
    "UPDATE run SET "
    "trace_count=?,failed_count=?,missed_count=?,unstored_count=?,killed_count=?,ended_unix_ns=?,closed=?";

gbx_err gbxi_run_rows_init(gbxi_run_rows *rows, gbxi_database *database, gbx_error *error)
{
    static const char *const texts[] = {
        "INSERT INTO traces VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        "INSERT INTO events VALUES(?,?)",
        "INSERT INTO frames VALUES(?,?,?,?)",
        "INSERT OR ROLLBACK INTO trace_frames SELECT * FROM added",
        "INSERT OR REPLACE INTO process VALUES(?,?,?,?,?,?,?)",
        run_progress_text,
        "PRAGMA page_count",
    };
    gbxi_statement *const statements[] = {&rows->trace,   &rows->events,   &rows->frame,     &rows->trace_frames,
                                          &rows->process, &rows->progress, &rows->page_count};
    gbx_err err;

    *rows = (gbxi_run_rows){.added.column_count = TRACE_FRAME_COLUMNS};
    err = gbxi_database_lend_rows(database, "added", &rows->added, error);
    for (size_t i = 0; i < sizeof(texts) / sizeof(*texts) && err == GBX_ERR_OK; i++)
        err = gbxi_statement_init(statements[i], database, texts[i], error);
    return err;
}

void gbxi_run_rows_fini(gbxi_run_rows *rows)
{
    gbxi_statement_fini(&rows->trace);
    gbxi_statement_fini(&rows->events);
    gbxi_statement_fini(&rows->frame);
    gbxi_statement_fini(&rows->trace_frames);
    gbxi_statement_fini(&rows->process);
    gbxi_statement_fini(&rows->progress);
    gbxi_statement_fini(&rows->page_count);
    gbxi_account_free(rows->added_numbers);
    rows->added_numbers = NULL;
}

gbx_err gbxi_run_rows_begin(gbxi_database *database, const char *id, const char *program, const char *exporter,
                            int64_t started_unix_ns, gbx_error *error)
{
    char host[65] = "";
    gbxi_statement statement;
    gbx_err err =
        gbxi_statement_init(&statement, database, "INSERT INTO run VALUES(?,?,?,0,?,?,?,?,0,0,0,0,0,?)", error);

    if (err != GBX_ERR_OK)
        return err;
    (void)gethostname(host, sizeof(host) - 1);
    gbxi_bind_text(&statement, id);
    gbxi_bind_int(&statement, started_unix_ns);
    gbxi_bind_int(&statement, started_unix_ns);
    gbxi_bind_text(&statement, program);
    gbxi_bind_text(&statement, gbx_version());
    gbxi_bind_int(&statement, getpid());
    gbxi_bind_text(&statement, host);
    gbxi_bind_text(&statement, exporter);
    err = gbxi_statement_run(&statement, error);
    gbxi_statement_fini(&statement);
    return err;
}

bool gbxi_run_rows_is_failed(const gbx_recording *recording, const gbxi_trace *trace)
{
    return recording->status >= 500 || trace->facts.failed;
}

static uint64_t cpu_ns_of(const gbxi_trace *trace)
{
    uint64_t cpu_ns = 0;

    for (size_t i = 0; i < trace->facts.lane_count; i++)
        cpu_ns += trace->threads[i].facts.cpu_ns;
    return cpu_ns;
}

/* A host's clock may state any cost. */
static uint64_t price_ns_of(const gbx_capture_facts *facts)
{
    double price_ns = facts->span_cost_ns * (double)facts->span_count;

    return price_ns >= 0 && price_ns < 1e18 ? (uint64_t)(price_ns + 0.5) : 0;
}

gbx_err gbxi_run_rows_put_trace(gbxi_run_rows *rows, uint64_t number, const gbx_recording *recording,
                                const gbxi_trace *trace, uint64_t left_out, gbx_error *error)
{
    const gbx_capture_facts *facts = &trace->facts;
    const gbxi_failure *failure = &trace->failure;
    gbxi_statement *statement = &rows->trace;

    gbxi_bind_uint(statement, number);
    gbxi_bind_bytes(statement, facts->trace_id, sizeof(facts->trace_id));
    gbxi_bind_int(statement, facts->start_unix_ns);
    gbxi_bind_uint(statement, facts->duration_ns);
    gbxi_bind_text(statement, recording->method);
    gbxi_bind_text(statement, recording->path);
    gbxi_bind_text(statement, recording->route);
    gbxi_bind_text(statement, facts->name);
    gbxi_bind_uint(statement, recording->status);
    gbxi_bind_int(statement, gbxi_run_rows_is_failed(recording, trace));
    gbxi_bind_uint(statement, recording->reasons);
    gbxi_bind_uint(statement, facts->lane_count);
    gbxi_bind_uint(statement, cpu_ns_of(trace));
    gbxi_bind_uint(statement, facts->memory_bytes);
    gbxi_bind_uint(statement, facts->span_count);
    gbxi_bind_int(statement, facts->truncated);
    gbxi_bind_uint(statement, facts->dropped_spans);
    gbxi_bind_uint(statement, price_ns_of(facts));
    gbxi_bind_text_n(statement, trace->failed ? failure->span : NULL, failure->span_length);
    gbxi_bind_text_n(statement, trace->failed ? failure->reason : NULL, failure->reason_length);
    gbxi_bind_uint(statement, left_out);
    gbxi_bind_bytes(statement, gbxi_trace_has_parent(facts) ? facts->parent_span_id : NULL,
                    sizeof(facts->parent_span_id));
    gbxi_bind_uint(statement, facts->trace_flags);
    return gbxi_statement_run(statement, error);
}

gbx_err gbxi_run_rows_put_events(gbxi_run_rows *rows, uint64_t number, const void *events, size_t events_bytes,
                                 gbx_error *error)
{
    gbxi_bind_uint(&rows->events, number);
    gbxi_bind_bytes(&rows->events, events, events_bytes);
    return gbxi_statement_run(&rows->events, error);
}

gbx_err gbxi_run_rows_put_frame(gbxi_run_rows *rows, uint32_t id, const gbxi_frame *frame, gbx_error *error)
{
    gbxi_bind_uint(&rows->frame, id);
    gbxi_bind_text_n(&rows->frame, frame->name, frame->name_length);
    gbxi_bind_text(&rows->frame, frame->file);
    gbxi_bind_uint(&rows->frame, frame->line);
    return gbxi_statement_run(&rows->frame, error);
}

static int64_t integer_of(uint64_t number)
{
    return number > INT64_MAX ? INT64_MAX : (int64_t)number;
}

/* Adds to a row what another frame with the same name did. */
static void merge_trace_frame(int64_t *row, const int64_t *more)
{
    for (size_t i = COLUMN_CALLS; i <= COLUMN_SELF; i++)
        row[i] = integer_of((uint64_t)row[i] + (uint64_t)more[i]);
    row[COLUMN_MIN] = row[COLUMN_MIN] < more[COLUMN_MIN] ? row[COLUMN_MIN] : more[COLUMN_MIN];
    row[COLUMN_MAX] = row[COLUMN_MAX] > more[COLUMN_MAX] ? row[COLUMN_MAX] : more[COLUMN_MAX];
}

gbx_err gbxi_run_rows_add_trace_frame(gbxi_run_rows *rows, uint32_t id, uint64_t number, const gbxi_frame *frame,
                                      uint32_t *row)
{
    const int64_t numbers[TRACE_FRAME_COLUMNS] = {
        [COLUMN_FRAME] = id,
        [COLUMN_TRACE] = integer_of(number),
        [COLUMN_CALLS] = frame->calls,
        [COLUMN_TOTAL] = integer_of(frame->total_ns),
        [COLUMN_SELF] = integer_of(frame->self_ns),
        [COLUMN_MIN] = integer_of(frame->min_ns),
        [COLUMN_MAX] = integer_of(frame->max_ns),
    };

    if (*row < rows->added.row_count) {
        int64_t *known = rows->added_numbers + (size_t)*row * TRACE_FRAME_COLUMNS;

        if (known[COLUMN_FRAME] == id && known[COLUMN_TRACE] == numbers[COLUMN_TRACE]) {
            merge_trace_frame(known, numbers);
            return GBX_ERR_OK;
        }
    }
    if (!gbxi_grow(&rows->added_numbers, &rows->added_capacity, rows->added.row_count + 1, sizeof(numbers)))
        return GBX_ERR_NO_MEMORY;
    rows->added.numbers = rows->added_numbers;
    *row = (uint32_t)rows->added.row_count++;
    memcpy(rows->added_numbers + (size_t)*row * TRACE_FRAME_COLUMNS, numbers, sizeof(numbers));
    return GBX_ERR_OK;
}

gbx_err gbxi_run_rows_put_added(gbxi_run_rows *rows, gbx_error *error)
{
    gbx_err err = rows->added.row_count > 0 ? gbxi_statement_run(&rows->trace_frames, error) : GBX_ERR_OK;

    gbxi_run_rows_drop_added(rows);
    return err;
}

void gbxi_run_rows_drop_added(gbxi_run_rows *rows)
{
    rows->added.row_count = 0;
}

gbx_err gbxi_run_rows_put_process(gbxi_run_rows *rows, const gbxi_process_row *row, gbx_error *error)
{
    gbxi_statement *statement = &rows->process;

    gbxi_bind_int(statement, row->at_unix_s);
    gbxi_bind_uint(statement, row->cpu_ns);
    gbxi_bind_uint(statement, row->rss_bytes);
    gbxi_bind_uint(statement, row->loop_lag_ns);
    gbxi_bind_uint(statement, row->worker_queue);
    gbxi_bind_uint(statement, row->live_captures);
    gbxi_bind_uint(statement, row->database_ns);
    return gbxi_statement_run(statement, error);
}

gbx_err gbxi_run_rows_update(gbxi_run_rows *rows, const gbxi_run_progress *progress, int64_t ended_unix_ns,
                             gbxi_run_end end, gbx_error *error)
{
    gbxi_statement *statement = &rows->progress;

    gbxi_bind_uint(statement, progress->traces);
    gbxi_bind_uint(statement, progress->failed);
    gbxi_bind_uint(statement, progress->missed);
    gbxi_bind_uint(statement, progress->unstored);
    gbxi_bind_uint(statement, progress->killed);
    gbxi_bind_int(statement, ended_unix_ns);
    gbxi_bind_int(statement, (int64_t)end);
    return gbxi_statement_run(statement, error);
}
