/* SPDX-License-Identifier: MIT */
/* Iterates over the calls of a trace, one step at a time, without folded calls.
 *
 * Usage: gbxi_trace_walk_init once; for each thread gbxi_trace_walk_thread, then gbxi_trace_walk_next until it returns
 * false; gbxi_trace_walk_fini. Thread: one at a time per walk; a trace may have any number of walks. Cost: memory for
 * the deepest stack, allocated by init. */
#ifndef GBX_TRACE_WALK_H
#define GBX_TRACE_WALK_H

#include "trace/model.h"

typedef enum gbxi_trace_step_kind {
    GBXI_TRACE_STEP_ENTER,
    GBXI_TRACE_STEP_EXIT,
    GBXI_TRACE_STEP_NOTE /* a note on the innermost call; see the walk's record */
} gbxi_trace_step_kind;

/* An open call of the walk. */
typedef struct gbxi_trace_walk_call {
    const gbxi_frame *frame;
    uint64_t start_ns;
    uint64_t children_ns;
    const char *reason;     /* of its first failure; NULL: it has not failed */
    uint32_t reason_length; /* undefined without a reason, as the time */
    uint64_t failed_at_ns;
} gbxi_trace_walk_call;

/* A step. `frame` and `depth` (from 0) describe the call. The times from `start_ns` on are set only at EXIT. */
typedef struct gbxi_trace_step {
    gbxi_trace_step_kind kind;
    uint32_t depth;
    const gbxi_frame *frame;
    uint64_t at_ns;      /* time since the capture's start */
    uint32_t call_index; /* at ENTER: the call's number over all threads, from 0 */
    uint64_t start_ns;
    uint64_t duration_ns;
    uint64_t self_ns;
    /* Of the call's first failure; borrowed from the capture, not terminated; NULL: none. Only gbxi_trace_walk_next. */
    const char *reason;
    uint32_t reason_length;
    uint64_t failed_at_ns; /* only with a reason */
} gbxi_trace_step;

typedef struct gbxi_trace_walk {
    const gbxi_trace *trace;
    gbxi_trace_walk_call *calls; /* has room for trace->depth_max calls */
    gbx_reader reader;
    gbx_record record; /* the record read last */
    uint32_t depth;
    uint32_t skipped; /* number of open folded calls; 0 between steps */
    uint32_t recorded;
    uint32_t call_index;
    size_t formatted; /* calls with formatted names so far */
} gbxi_trace_walk;

/* Errors: false if out of memory; fini is safe either way. */
bool gbxi_trace_walk_init(gbxi_trace_walk *walk, const gbxi_trace *trace);
void gbxi_trace_walk_fini(gbxi_trace_walk *walk);

/* Moves to the start of a thread. */
void gbxi_trace_walk_thread(gbxi_trace_walk *walk, size_t thread);

/* Makes one step. Returns false after the thread's last. */
bool gbxi_trace_walk_next(gbxi_trace_walk *walk, gbxi_trace_step *step);

/* As gbxi_trace_walk_next, but notes and failures are passed over. */
bool gbxi_trace_walk_next_call(gbxi_trace_walk *walk, gbxi_trace_step *step);

/* The maximum number of calls open at once: how many levels the call tree has. The walk is somewhere else afterwards.
 * Cost: a pass over the records if calls are folded. */
uint32_t gbxi_trace_walk_depth(gbxi_trace_walk *walk);

#endif
