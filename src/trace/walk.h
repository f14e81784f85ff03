/* SPDX-License-Identifier: MIT */
/* The calls of a trace, one step at a time, folded ones already gone.
 *
 * Usage: gbxi_trace_walk_init once; for each thread gbxi_trace_walk_thread, then gbxi_trace_walk_next until it says
 * false; gbxi_trace_walk_fini. Thread: one at a time; any number of walks over one trace. Cost: memory for the deepest
 * stack, from init on. */
#ifndef GBX_TRACE_WALK_H
#define GBX_TRACE_WALK_H

#include "trace/model.h"

typedef enum gbxi_trace_step_kind {
    GBXI_TRACE_STEP_ENTER,
    GBXI_TRACE_STEP_EXIT,
    GBXI_TRACE_STEP_NOTE /* on the innermost call: the walk's record says what */
} gbxi_trace_step_kind;

/* A call that is open in the walk. */
typedef struct gbxi_trace_walk_call {
    const gbxi_frame *frame;
    uint64_t start_ns;
    uint64_t children_ns;
} gbxi_trace_walk_call;

/* One step. `frame` and `depth` (from 0) are the call's; the times from `start_ns` on are set at EXIT alone. */
typedef struct gbxi_trace_step {
    gbxi_trace_step_kind kind;
    uint32_t depth;
    const gbxi_frame *frame;
    uint64_t at_ns;      /* since the capture's start */
    uint32_t call_index; /* ENTER: the call's number over all threads, from 0 */
    uint64_t start_ns;
    uint64_t duration_ns;
    uint64_t self_ns;
} gbxi_trace_step;

typedef struct gbxi_trace_walk {
    const gbxi_trace *trace;
    gbxi_trace_walk_call *calls; /* trace->depth_max of them */
    gbx_reader reader;
    gbx_record record; /* the last one read */
    uint32_t depth;
    uint32_t skipped; /* open folded calls */
    uint32_t recorded;
    uint32_t call_index;
} gbxi_trace_walk;

/* Errors: false without memory; fini is safe either way. */
bool gbxi_trace_walk_init(gbxi_trace_walk *walk, const gbxi_trace *trace);
void gbxi_trace_walk_fini(gbxi_trace_walk *walk);

/* Goes to the start of a thread. */
void gbxi_trace_walk_thread(gbxi_trace_walk *walk, size_t thread);

/* Steps; false after the thread's last. */
bool gbxi_trace_walk_next(gbxi_trace_walk *walk, gbxi_trace_step *step);

#endif
