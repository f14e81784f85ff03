/* SPDX-License-Identifier: MIT */
/* Restores the traces of a side and merges their stacks. */
#include "base/grow.h"
#include "findings/compare/merged.h"

/* A trace, read before any is restored. */
typedef struct merge_trace {
    uint64_t number;
    uint32_t route;
} merge_trace;

typedef struct merging {
    gbxi_merged *merged;
    gbxi_compare_half half;
    merge_trace *traces;
    size_t count, capacity;
    bool failed;
} merging;

static bool merge_trace_row(void *context, const gbxi_stored_trace *trace)
{
    merging *m = context;
    uint32_t route;

    m->failed = !gbxi_grow(&m->traces, &m->capacity, m->count + 1, sizeof(*m->traces)) ||
                !gbxi_gathered_add_request(&m->merged->names, m->half, trace, &route);
    if (!m->failed)
        m->traces[m->count++] = (merge_trace){.number = trace->number, .route = route};
    return !m->failed;
}

static gbx_err merge_restored(merging *m, gbxi_stored_run *run, gbx_error *error)
{
    gbx_err err = GBX_ERR_OK;
    gbx_capture *capture;

    for (size_t i = 0; err == GBX_ERR_OK && !m->failed && i < m->count; i++) {
        if ((err = gbxi_stored_restore(run, m->traces[i].number, &capture, error)) != GBX_ERR_OK)
            break;
        m->failed = !gbxi_merged_add(m->merged, m->half, m->traces[i].route, capture);
        gbx_capture_unref(capture);
    }
    return err;
}

gbx_err gbxi_merged_read(gbxi_merged *merged, gbxi_compare_half half, const gbxi_compare_side *side, gbx_error *error)
{
    merging m = {.merged = merged, .half = half};
    gbx_err err = gbxi_stored_traces(side->stored, &side->query, merge_trace_row, &m, error);

    if (err == GBX_ERR_OK)
        err = merge_restored(&m, side->stored, error);
    if (err == GBX_ERR_OK && m.failed)
        err = gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    gbxi_account_free(m.traces);
    return err;
}
