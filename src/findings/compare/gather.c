/* SPDX-License-Identifier: MIT */
/* Reads one side of a comparison from a store: its traces, the names of its frames, and what those took. */
#include "base/grow.h"
#include "base/hash.h"
#include "findings/compare/gathered.h"
#include <stdlib.h>

/* A trace of this side. */
typedef struct gather_trace {
    uint64_t number;
    uint32_t route, request;
} gather_trace;

/* A frame of the run: its number there, and here. */
typedef struct gather_frame {
    uint64_t stored;
    uint32_t frame;
} gather_frame;

typedef struct gathering {
    gbxi_gathered *gathered;
    gbxi_compare_half half;
    gather_trace *traces; /* by number */
    size_t trace_count, trace_capacity;
    gather_frame *frames; /* by the number in the run */
    size_t frame_count, frame_capacity;
    size_t at; /* trace of the last row */
    bool failed;
} gathering;

static bool gather_trace_row(void *context, const gbxi_stored_trace *trace)
{
    gathering *g = context;
    gather_trace *row;
    uint32_t route;

    g->failed = !gbxi_grow(&g->traces, &g->trace_capacity, g->trace_count + 1, sizeof(*g->traces)) ||
                !gbxi_gathered_add_request(g->gathered, g->half, trace, &route);
    if (g->failed)
        return false;
    row = &g->traces[g->trace_count++];
    *row = (gather_trace){.number = trace->number, .route = route};
    row->request = (uint32_t)g->gathered->routes[route].halves[g->half].count - 1;
    return true;
}

static bool gather_name_row(void *context, const gbxi_stored_name *name)
{
    gathering *g = context;
    uint32_t frame;

    g->failed = !gbxi_grow(&g->frames, &g->frame_capacity, g->frame_count + 1, sizeof(*g->frames)) ||
                !gbxi_gathered_add_frame(g->gathered, gbxi_view_of(name->name), name->file, name->line, &frame);
    if (!g->failed)
        g->frames[g->frame_count++] = (gather_frame){.stored = name->frame, .frame = frame};
    return !g->failed;
}

static int gather_frame_order(const void *a, const void *b)
{
    uint64_t left = ((const gather_frame *)a)->stored, right = ((const gather_frame *)b)->stored;

    return (left > right) - (left < right);
}

static bool gather_spent_row(void *context, const gbxi_stored_spent *spent)
{
    const gather_frame sought = {.stored = spent->frame};
    gathering *g = context;
    const gather_trace *trace;
    const gather_frame *frame;

    while (g->at < g->trace_count && g->traces[g->at].number < spent->trace)
        g->at++;
    if (g->at == g->trace_count)
        return false;
    trace = &g->traces[g->at];
    if (trace->number != spent->trace)
        return true;
    frame = bsearch(&sought, g->frames, g->frame_count, sizeof(*frame), gather_frame_order);
    g->failed = frame != NULL &&
                !gbxi_gathered_add_value(g->gathered, g->half, trace->route, frame->frame, trace->request, spent);
    return !g->failed;
}

/* The traces come first, so that the frames of all of them are there when their names are read, even if the run is
 * being written. */
static gbx_err gather_rows(gathering *g, gbxi_stored_run *run, const gbxi_trace_query *query, gbx_error *error)
{
    gbx_err err = gbxi_stored_traces(run, query, gather_trace_row, g, error);

    if (err != GBX_ERR_OK || g->failed || g->trace_count == 0)
        return err;
    if ((err = gbxi_stored_frame_names(run, gather_name_row, g, error)) != GBX_ERR_OK || g->failed)
        return err;
    if (g->frame_count > 1)
        qsort(g->frames, g->frame_count, sizeof(*g->frames), gather_frame_order);
    return gbxi_stored_spent_rows(run, g->traces[0].number, g->traces[g->trace_count - 1].number, gather_spent_row, g,
                                  error);
}

gbx_err gbxi_gathered_read(gbxi_gathered *gathered, gbxi_compare_half half, gbxi_stored_run *run,
                           const gbxi_trace_query *query, gbx_error *error)
{
    gathering g = {.gathered = gathered, .half = half};
    gbx_err err = gather_rows(&g, run, query, error);

    if (err == GBX_ERR_OK && g.failed)
        err = gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    gbxi_account_free(g.traces);
    gbxi_account_free(g.frames);
    return err;
}
