/* SPDX-License-Identifier: MIT */
/* Finds the frames with the most self time and the 95th percentile of their calls. */
#include "trace/analysis.h"
#include "trace/walk.h"

#include <stdlib.h>
#include <string.h>

/* Up to this many calls, the 95th percentile by nearest rank is the longest call, which the frame already knows. */
enum { CALLS_WITHOUT_PASS = 19 };

enum { BUCKETS_LOG2 = 11, BUCKETS = 1 << BUCKETS_LOG2 };

/* A candidate for a hotspot. */
typedef struct candidate {
    uint64_t self_ns;
    uint32_t frame;
} candidate;

/* Sorts by self time in descending order. On a tie, the frame seen first comes first. */
static int by_self(const void *left, const void *right)
{
    const candidate *a = left;
    const candidate *b = right;

    if (a->self_ns != b->self_ns)
        return a->self_ns > b->self_ns ? -1 : 1;
    return (a->frame > b->frame) - (a->frame < b->frame);
}

static bool rank_hotspots(gbxi_trace *trace)
{
    candidate *candidates = malloc(((size_t)trace->frame_count + 1) * sizeof(*candidates));
    uint32_t count = 0;

    if (candidates == NULL)
        return false;
    for (uint32_t i = 0; i < trace->frames.count; i++)
        if (trace->frames.at[i].calls > 0)
            candidates[count++] = (candidate){trace->frames.at[i].self_ns, i};
    qsort(candidates, count, sizeof(*candidates), by_self);
    if (count > trace->options.top_n)
        count = trace->options.top_n;
    trace->hotspots = malloc(((size_t)count + 1) * sizeof(*trace->hotspots));
    if (trace->hotspots != NULL) {
        for (uint32_t i = 0; i < count; i++)
            trace->hotspots[i] = (gbxi_hotspot){.frame = candidates[i].frame};
        trace->hotspot_count = count;
    }
    free(candidates);
    return trace->hotspots != NULL;
}

/* The value that would be at index `wanted` if the values were sorted. Each round divides the possible range into
 * buckets and keeps one of them. Cost: linear for any values; no branch depends on them. */
static uint64_t nth_value(const uint64_t *values, size_t count, size_t wanted, uint64_t min, uint64_t max)
{
    unsigned bits = 64 - (unsigned)__builtin_clzll((max - min) | 1);
    unsigned shift = bits > BUCKETS_LOG2 ? bits - BUCKETS_LOG2 : 0;
    uint32_t counts[BUCKETS];

    for (uint64_t low = min;; shift = shift > BUCKETS_LOG2 ? shift - BUCKETS_LOG2 : 0) {
        size_t bucket = 0;
        memset(counts, 0, sizeof(counts));
        /* Values below `low` wrap around to buckets beyond the last. */
        for (size_t i = 0; i < count; i++)
            if ((values[i] - low) >> shift < BUCKETS)
                ++counts[(values[i] - low) >> shift];
        for (; wanted >= counts[bucket]; bucket++)
            wanted -= counts[bucket];
        low += (uint64_t)bucket << shift;
        if (shift == 0)
            return low;
    }
}

/* Appends every duration to the list of its frame. Frames that are not hotspots are skipped. */
static void collect_durations(gbxi_trace_walk *walk, uint64_t **next)
{
    const gbxi_trace *trace = walk->trace;
    gbxi_trace_step step;

    for (size_t thread = 0; thread < trace->facts.lane_count; thread++) {
        gbxi_trace_walk_thread(walk, thread);
        while (gbxi_trace_walk_next(walk, &step)) {
            uint64_t **place = &next[step.frame - trace->frames.at];
            if (step.kind == GBXI_TRACE_STEP_EXIT && *place != NULL)
                *(*place)++ = step.duration_ns;
        }
    }
}

/* The number of durations to collect. */
static size_t count_durations(const gbxi_trace *trace)
{
    size_t count = 0;

    for (uint32_t i = 0; i < trace->hotspot_count; i++) {
        uint32_t calls = trace->frames.at[trace->hotspots[i].frame].calls;
        count += calls > CALLS_WITHOUT_PASS ? calls : 0;
    }
    return count;
}

/* Makes one more pass over the records. `durations` has room for all durations, `next` for one position per frame. */
static void take_percentiles(gbxi_trace *trace, gbxi_trace_walk *walk, uint64_t **next, uint64_t *durations)
{
    for (uint32_t i = 0; i < trace->hotspot_count; i++) {
        const gbxi_frame *frame = &trace->frames.at[trace->hotspots[i].frame];
        if (frame->calls <= CALLS_WITHOUT_PASS)
            continue;
        next[trace->hotspots[i].frame] = durations;
        durations += frame->calls;
    }
    collect_durations(walk, next);
    for (uint32_t i = 0; i < trace->hotspot_count; i++) {
        const gbxi_frame *frame = &trace->frames.at[trace->hotspots[i].frame];
        const uint64_t *end = next[trace->hotspots[i].frame];
        size_t rank_from_0 = ((size_t)frame->calls * 95 + 99) / 100 - 1;
        if (end != NULL)
            trace->hotspots[i].p95_ns =
                nth_value(end - frame->calls, frame->calls, rank_from_0, frame->min_ns, frame->max_ns);
    }
}

bool gbxi_hotspots_find(gbxi_trace *trace)
{
    gbxi_trace_walk walk = {0};
    uint64_t **next = NULL;
    uint64_t *durations = NULL;
    size_t count;
    bool good = false;

    if (!rank_hotspots(trace))
        goto Exit;
    for (uint32_t i = 0; i < trace->hotspot_count; i++)
        trace->hotspots[i].p95_ns = trace->frames.at[trace->hotspots[i].frame].max_ns;
    count = count_durations(trace);
    if (count > 0) {
        next = calloc(trace->frames.count, sizeof(*next));
        durations = malloc(count * sizeof(*durations));
        if (next == NULL || durations == NULL || !gbxi_trace_walk_init(&walk, trace))
            goto Exit;
        take_percentiles(trace, &walk, next, durations);
    }
    good = true;
Exit:
    gbxi_trace_walk_fini(&walk);
    free(durations);
    free(next);
    return good;
}
