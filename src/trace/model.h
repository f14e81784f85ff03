/* SPDX-License-Identifier: MIT */
/* A finished capture as an immutable model: frames, threads, calls and what they add up to. trace/trace.h makes one.
 *
 * Calls are never stored: memory grows with frames, threads and depth, plus one bit a call where short ones are folded
 * and eight bytes a call of the hotspots while their percentiles are taken.
 *
 * Definitions, which hold for every document:
 * - A call shorter than `min_duration_ns` is folded: it and everything under it (which is shorter still) is left out as
 *   if never recorded, and its time stays with its parent. Every number below is of the calls that are left.
 * - Self time: a call's duration minus its direct children's. Total time: durations, where recursion counts once: of
 * the calls of one frame that nest, only the outermost. So the self times of all frames add up to the durations of the
 *   roots, exactly.
 * - Root: a call with no call around it in its thread. Unattributed: the capture's time that no root of any thread
 *   covers.
 * - A failure's time is that of the last enter or exit its thread recorded before it. */
#ifndef GBX_TRACE_MODEL_H
#define GBX_TRACE_MODEL_H

#include "trace/frames.h"
#include "trace/repeats.h"
#include <glassbox/read.h>

/* What to compute. Zeroed: frames, threads and totals alone. */
typedef struct gbxi_trace_options {
    uint64_t min_duration_ns;
    uint32_t top_n;    /* how many hotspots; 0 takes no pass for them */
    bool repeats;      /* fill `repeats` */
    bool unattributed; /* fill `unattributed_ns`; a pass of its own where several threads have roots */
} gbxi_trace_options;

/* One lane of the capture. */
typedef struct gbxi_thread {
    gbx_lane_facts facts;
    size_t lane;             /* its number in the capture */
    uint64_t roots_ns;       /* durations of its roots */
    uint32_t call_count;     /* calls */
    uint32_t first_call;     /* calls of the threads before it */
    uint32_t first_recorded; /* the same with the folded ones */
} gbxi_thread;

/* A frame that is among the first by self time. */
typedef struct gbxi_hotspot {
    uint32_t frame;  /* number in `frames` */
    uint64_t p95_ns; /* of its calls' durations, by nearest rank: the smallest that 95 % of them do not exceed */
} gbxi_hotspot;

/* The earliest failure. Borrowed from the capture, not terminated. */
typedef struct gbxi_failure {
    const char *span; /* "" when no span was open */
    const char *reason;
    uint32_t span_length;
    uint32_t reason_length;
    uint64_t at_ns;
} gbxi_failure;

/* Immutable; read it from any number of threads. */
typedef struct gbxi_trace {
    const gbx_capture *capture; /* borrowed: it must outlive the trace */
    gbxi_trace_options options;
    gbx_capture_facts facts;
    gbxi_frames frames;   /* those without calls have only folded ones, and no place in a document */
    uint32_t frame_count; /* those with calls */
    gbxi_thread *threads; /* facts.lane_count of them: the main one, which was inside longest, then the others in the
                             order in which they first entered */
    uint32_t call_count;
    uint32_t recorded_count; /* calls with the folded ones */
    uint32_t depth_max;      /* most calls ever open at once, folded ones included */
    uint64_t self_ns;        /* of all frames; so also the durations of all roots */
    uint64_t unattributed_ns;
    gbxi_hotspot *hotspots; /* by self time, largest first */
    uint32_t hotspot_count;
    gbxi_repeats repeats; /* `rows` are the result */
    bool failed;
    gbxi_failure failure;
    uint8_t *folded; /* one bit a recorded call, in the order of threads and enters; what lies past its end is not */
    size_t folded_bytes;
} gbxi_trace;

/* Whether the recorded call of that number is folded. */
static inline bool gbxi_trace_is_folded(const gbxi_trace *trace, uint32_t recorded)
{
    return recorded / 8 < trace->folded_bytes && (trace->folded[recorded / 8] >> (recorded % 8) & 1) != 0;
}

#endif
