/* SPDX-License-Identifier: MIT */
/* The calls of a trace, one step at a time, folded ones already gone.
 *
 * Usage: gbx__walk_init once; for each thread gbx__walk_thread, then gbx__walk_next until it says false;
 * gbx__walk_fini. Thread: one at a time; any number of walks over one trace. Cost: memory for the deepest stack, from
 * init on. */
#ifndef GBX_TRACE_WALK_H
#define GBX_TRACE_WALK_H

#include "trace/trace.h"

typedef enum gbx__step_kind {
    GBX__STEP_ENTER,
    GBX__STEP_EXIT,
    GBX__STEP_NOTE /* on the innermost call: the walk's record says what */
} gbx__step_kind;

/* A call that is open in the walk. */
typedef struct gbx__walk_call {
    const gbx__frame *frame;
    uint64_t start_ns;
    uint64_t children_ns;
} gbx__walk_call;

/* One step. `frame` and `depth` (from 0) are the call's; the times from `start_ns` on are set at EXIT alone. */
typedef struct gbx__step {
    gbx__step_kind kind;
    uint32_t depth;
    const gbx__frame *frame;
    uint64_t at_ns;      /* since the capture's start */
    uint32_t call_index; /* ENTER: the call's number over all threads, from 0 */
    uint64_t start_ns;
    uint64_t duration_ns;
    uint64_t self_ns;
} gbx__step;

typedef struct gbx__walk {
    const gbx__trace *trace;
    gbx__walk_call *calls; /* trace->depth_max of them */
    gbx__reader reader;
    gbx__record record; /* the last one read */
    uint32_t depth;
    uint32_t skipped; /* open folded calls */
    uint32_t recorded;
    uint32_t call_index;
} gbx__walk;

/* Errors: false without memory; fini is safe either way. */
bool gbx__walk_init(gbx__walk *walk, const gbx__trace *trace);
void gbx__walk_fini(gbx__walk *walk);

/* Goes to the start of a thread. */
void gbx__walk_thread(gbx__walk *walk, size_t thread);

/* Steps; false after the thread's last. */
bool gbx__walk_next(gbx__walk *walk, gbx__step *step);

#endif
