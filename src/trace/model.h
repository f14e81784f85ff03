/* SPDX-License-Identifier: MIT */
/* A finished capture as an immutable model: frames, threads, calls and totals. Created by trace/trace.h.
 *
 * Calls are not stored. Memory grows with frames, threads and depth, plus one bit per call if short calls are folded,
 * four bytes per call with a formatted
 * name, and eight bytes per call of the hotspots while their percentiles are computed.
 *
 * Definitions for all documents:
 * - A call shorter than `min_duration_ns` is folded: the call and all calls inside it (which are shorter still) are
 *   omitted as if never recorded, and their time stays with the parent. All numbers below exclude folded calls.
 * - Self time: a call's duration minus that of its direct children. The self times of all frames add up exactly to the
 *   durations of the roots.
 * - Total time: the sum of durations, where recursion counts once: of nested calls of one frame, only the outermost.
 * - Root: a call without an enclosing call in its thread. Unattributed: the capture's time that no root of any thread
 *   covers.
 * - The trace itself has the notes and failures that no span was open for. */
#ifndef GBX_TRACE_MODEL_H
#define GBX_TRACE_MODEL_H

#include "trace/frames.h"
#include "trace/picks.h"
#include "trace/repeats.h"
#include <glassbox/read.h>

/* What to compute. A zeroed struct requests only frames, threads and totals. */
typedef struct gbxi_trace_options {
    uint64_t min_duration_ns;
    uint32_t top_n;     /* number of hotspots; 0 skips their pass */
    uint32_t slowest_n; /* number of calls in `slowest`, `noted` and `failed`; all 0: notes of calls are not read */
    uint32_t noted_n;
    uint32_t failed_n;
    bool repeats;      /* fill `repeats` */
    bool unattributed; /* fill `unattributed_ns`; needs another pass if several threads have roots */
} gbxi_trace_options;

/* One lane of the capture. */
typedef struct gbxi_thread {
    gbx_lane_facts facts;
    size_t lane;             /* number of the lane in the capture */
    uint64_t roots_ns;       /* sum of the durations of its roots */
    uint32_t call_count;     /* calls */
    uint32_t first_call;     /* number of calls in the threads before it */
    uint32_t first_recorded; /* number of recorded calls in the threads before it, including folded ones */
    size_t first_formatted;  /* number of those that have formatted names */
} gbxi_thread;

/* One of the frames with the most self time. */
typedef struct gbxi_hotspot {
    uint32_t frame;  /* index in `frames` */
    uint64_t p95_ns; /* 95th percentile of its calls' durations by nearest rank: the smallest duration that 95 % of the
                        calls do not exceed */
} gbxi_hotspot;

/* The earliest failure. Borrowed from the capture, not terminated. */
typedef struct gbxi_failure {
    const char *span; /* the innermost one that was open; NULL: none was */
    const char *reason;
    uint32_t span_length;
    uint32_t reason_length;
    uint64_t at_ns;
} gbxi_failure;

/* Immutable. Thread: any number of threads may read it. */
typedef struct gbxi_trace {
    const gbx_capture *capture; /* borrowed: it must outlive the trace */
    gbxi_trace_options options;
    gbx_capture_facts facts;
    gbxi_frames frames;   /* frames without calls have only folded calls and do not appear in documents */
    uint32_t frame_count; /* number of frames with calls */
    gbxi_thread *threads; /* facts.lane_count threads: first the one that was in the capture longest, then the others in
                             the order in which they first entered */
    uint32_t call_count;
    uint32_t recorded_count; /* number of calls including folded ones */
    uint32_t *formatted; /* the frame of each recorded call with a formatted name, in the order of threads and enters:
                            names are looked up once */
    size_t formatted_count;
    size_t formatted_capacity;
    uint32_t depth_max; /* maximum number of calls open at once, including folded ones */
    uint64_t self_ns;   /* sum over all frames; equals the sum of the durations of all roots */
    uint64_t unattributed_ns;
    gbxi_hotspot *hotspots; /* by self time, in descending order */
    uint32_t hotspot_count;
    gbxi_repeats repeats; /* `rows` are the result */
    bool failed;
    gbxi_failure failure;
    gbxi_marks own;          /* of the trace itself; at most one mark */
    gbxi_picks slowest;      /* calls by duration, in descending order */
    gbxi_picks noted;        /* calls with notes by duration, in descending order */
    gbxi_picks failed_calls; /* by the time of their failure, in ascending order; they include folded calls */
    uint8_t *
        folded; /* one bit per recorded call, in the order of threads and enters; calls beyond its end are not folded */
    size_t folded_bytes;
} gbxi_trace;

/* Whether another program's span is known to have caused the request: an id is never all zero. */
static inline bool gbxi_trace_has_parent(const gbx_capture_facts *facts)
{
    static const uint8_t none[sizeof(facts->parent_span_id)];

    return memcmp(facts->parent_span_id, none, sizeof(none)) != 0;
}

/* Whether the recorded call with that number is folded. */
static inline bool gbxi_trace_is_folded(const gbxi_trace *trace, uint32_t recorded)
{
    return recorded / 8 < trace->folded_bytes && (trace->folded[recorded / 8] >> (recorded % 8) & 1) != 0;
}

/* The frame of the record of an enter, which the analysis has seen. `*formatted` counts those with formatted names. */
static inline uint32_t gbxi_trace_frame_of(const gbxi_trace *trace, const gbx_record *record, size_t *formatted)
{
    if (gbxi_record_is_formatted(record))
        return trace->formatted[(*formatted)++];
    return gbxi_frames_of_site(&trace->frames, record->site);
}

#endif
