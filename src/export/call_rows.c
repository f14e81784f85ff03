/* SPDX-License-Identifier: MIT */
/* Collects the times and failures of calls, and writes the rows of a flat call tree. */
#include "export/call_rows.h"
#include "base/grow.h"

#include <stdlib.h>

static bool collect_failure(gbxi_call_rows *rows, const gbxi_trace_step *step)
{
    if (!gbxi_grow(&rows->failures, &rows->failure_capacity, rows->failure_count + 1, sizeof(*rows->failures)))
        return false;
    rows->failures[rows->failure_count++] =
        (gbxi_call_failure){step->reason, step->reason_length, rows->open[step->depth]};
    return true;
}

static bool collect_calls(gbxi_call_rows *rows, gbxi_trace_walk *walk)
{
    gbxi_trace_step step;

    while (gbxi_trace_walk_next(walk, &step)) {
        if (step.kind == GBXI_TRACE_STEP_ENTER) {
            rows->open[step.depth] = step.call_index;
        } else if (step.kind == GBXI_TRACE_STEP_EXIT) {
            rows->times[rows->open[step.depth]] = (gbxi_call_times){step.duration_ns, step.self_ns};
            if (step.reason != NULL && !collect_failure(rows, &step))
                return false;
        }
    }
    return true;
}

static int by_call_index(const void *left, const void *right)
{
    const gbxi_call_failure *a = left, *b = right;

    return (a->call_index > b->call_index) - (a->call_index < b->call_index);
}

bool gbxi_call_rows_init(gbxi_call_rows *rows, gbxi_trace_walk *walk)
{
    const gbxi_trace *trace = walk->trace;

    rows->times = malloc(((size_t)trace->call_count + 1) * sizeof(*rows->times));
    rows->open = malloc(((size_t)trace->depth_max + 1) * sizeof(*rows->open));
    if (rows->times == NULL || rows->open == NULL)
        return false;
    for (size_t i = 0; i < trace->facts.lane_count; i++) {
        gbxi_trace_walk_thread(walk, i);
        if (!collect_calls(rows, walk))
            return false;
    }
    if (rows->failure_count > 0)
        qsort(rows->failures, rows->failure_count, sizeof(*rows->failures), by_call_index);
    return true;
}

void gbxi_call_rows_fini(gbxi_call_rows *rows)
{
    free(rows->times);
    free(rows->open);
    free(rows->failures);
    *rows = (gbxi_call_rows){0};
}

/* Begins the row's object with the numbers of the call and its parent. */
static void write_numbers(gbxi_call_rows *rows, gbxi_json_writer *writer, const gbxi_trace_step *step)
{
    char *at = gbxi_json_reserve(writer, GBXI_JSON_NEED_MAX);

    if (at == NULL)
        return;
    if (rows->comma)
        *at++ = ',';
    rows->comma = true;
    at = gbxi_put_uint(at, GBXI_FRAGMENT("{\"id\":"), step->call_index);
    if (step->depth == 0)
        at = gbxi_put(at, GBXI_FRAGMENT(",\"parent\":null"));
    else
        at = gbxi_put_uint(at, GBXI_FRAGMENT(",\"parent\":"), rows->open[step->depth - 1]);
    gbxi_json_commit(writer, gbxi_put(at, GBXI_FRAGMENT(",\"name\":")));
}

/* Writes a time of the monotonic clock. */
static void write_instant_ns(gbxi_call_rows *rows, gbxi_json_writer *writer, const char *text, size_t length,
                             uint64_t ns)
{
    char *at = gbxi_json_reserve(writer, GBXI_JSON_NEED_MAX);

    if (at != NULL)
        gbxi_json_commit(writer, gbxi_put_long(&rows->monotonic, gbxi_put(at, text, length), ns));
}

static void write_row_failure(gbxi_call_rows *rows, gbxi_json_writer *writer, uint32_t call_index)
{
    const gbxi_call_failure *failure;

    if (rows->failure == rows->failure_count || rows->failures[rows->failure].call_index != call_index)
        return;
    failure = &rows->failures[rows->failure++];
    gbxi_json_literal(writer, GBXI_FRAGMENT(",\"error\":"));
    gbxi_json_quote(writer, failure->reason, failure->reason_length);
}

void gbxi_call_rows_write(gbxi_call_rows *rows, gbxi_json_writer *writer, const gbxi_trace *trace,
                          const gbxi_trace_step *step, uint32_t thread_id)
{
    const gbxi_call_times *times = &rows->times[step->call_index];
    uint64_t start_ns = trace->facts.start_ns + step->at_ns;

    rows->open[step->depth] = step->call_index;
    write_numbers(rows, writer, step);
    gbxi_json_quote(writer, step->frame->name, step->frame->name_length);
    write_instant_ns(rows, writer, GBXI_FRAGMENT(",\"start_ns\":"), start_ns);
    write_instant_ns(rows, writer, GBXI_FRAGMENT(",\"end_ns\":"), start_ns + times->duration_ns);
    gbxi_write_uint(writer, GBXI_FRAGMENT(",\"duration_ns\":"), times->duration_ns);
    gbxi_write_ms(writer, GBXI_FRAGMENT(",\"duration_ms\":"), times->duration_ns);
    gbxi_write_uint(writer, GBXI_FRAGMENT(",\"self_ns\":"), times->self_ns);
    gbxi_write_ms(writer, GBXI_FRAGMENT(",\"self_ms\":"), times->self_ns);
    gbxi_write_uint(writer, GBXI_FRAGMENT(",\"depth\":"), step->depth);
    gbxi_write_uint(writer, GBXI_FRAGMENT(",\"call_index\":"), step->call_index);
    gbxi_write_uint(writer, GBXI_FRAGMENT(",\"thread_id\":"), thread_id);
    write_row_failure(rows, writer, step->call_index);
    gbxi_json_literal(writer, GBXI_FRAGMENT("}"));
}
