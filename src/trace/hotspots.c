/* SPDX-License-Identifier: MIT */
/* Finds the frames with the most self time and the 95th percentile of their calls. */
#include "capture/reader.h"
#include "trace/analysis.h"

#include <stdlib.h>
#include <string.h>

/* Up to this many calls, the 95th percentile by nearest rank is the longest call, which the frame already knows. */
enum { CALLS_WITHOUT_PASS = 19 };

/* The bits of a duration that choose a bucket: few for few durations, since every bucket is visited. */
enum { BUCKETS_LOG2_MIN = 4, BUCKETS_LOG2_MAX = 11 };

/* Whether frame `a` comes before frame `b`: by self time in descending order. On a tie, the frame seen first comes
 * first. */
static bool ranks_before(const gbxi_frames *frames, uint32_t a, uint32_t b)
{
    uint64_t self_a = frames->at[a].self_ns, self_b = frames->at[b].self_ns;

    return self_a != self_b ? self_a > self_b : a < b;
}

/* Restores the heap of the first `count` hotspots below `at`. The one that ranks last is at the top. */
static void sift_hotspot(gbxi_trace *trace, uint32_t count, uint32_t at)
{
    gbxi_hotspot *heap = trace->hotspots, held = heap[at];

    for (uint32_t child = at * 2 + 1; child < count; child = at * 2 + 1) {
        if (child + 1 < count && ranks_before(&trace->frames, heap[child].frame, heap[child + 1].frame))
            ++child;
        if (!ranks_before(&trace->frames, held.frame, heap[child].frame))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = held;
}

/* Collects the frames that rank first, as a heap. Cost: nearly all frames take one comparison. */
static void select_hotspots(gbxi_trace *trace, uint32_t wanted)
{
    for (uint32_t i = 0; i < trace->frames.count; i++) {
        if (trace->frames.at[i].calls == 0)
            continue;
        if (trace->hotspot_count == wanted) {
            if (!ranks_before(&trace->frames, i, trace->hotspots[0].frame))
                continue;
            trace->hotspots[0].frame = i;
            sift_hotspot(trace, wanted, 0);
            continue;
        }
        trace->hotspots[trace->hotspot_count++].frame = i;
        if (trace->hotspot_count == wanted)
            for (uint32_t at = wanted / 2; at-- > 0;)
                sift_hotspot(trace, wanted, at);
    }
}

static bool rank_hotspots(gbxi_trace *trace)
{
    uint32_t wanted = trace->frame_count < trace->options.top_n ? trace->frame_count : trace->options.top_n;

    trace->hotspots = calloc((size_t)wanted + 1, sizeof(*trace->hotspots));
    if (trace->hotspots == NULL)
        return false;
    if (wanted > 0)
        select_hotspots(trace, wanted);
    for (uint32_t last = wanted; last-- > 1;) {
        gbxi_hotspot held = trace->hotspots[0];
        trace->hotspots[0] = trace->hotspots[last];
        trace->hotspots[last] = held;
        sift_hotspot(trace, last, 0);
    }
    return true;
}

static unsigned bucket_bits(size_t count)
{
    unsigned bits = 63 - (unsigned)__builtin_clzll(count);

    return bits < BUCKETS_LOG2_MIN ? BUCKETS_LOG2_MIN : bits > BUCKETS_LOG2_MAX ? BUCKETS_LOG2_MAX : bits;
}

/* The value that would be at index `wanted` if the values were sorted. Each round divides the possible range into
 * buckets and keeps one of them. Cost: linear for any values; no branch depends on them. */
static uint64_t nth_value(const uint64_t *values, size_t count, size_t wanted, uint64_t min, uint64_t max)
{
    unsigned bits = 64 - (unsigned)__builtin_clzll((max - min) | 1);
    unsigned round_bits = bucket_bits(count);
    unsigned shift = bits > round_bits ? bits - round_bits : 0;
    size_t buckets = (size_t)1 << round_bits;
    uint32_t counts[1 << BUCKETS_LOG2_MAX];

    for (uint64_t low = min;; shift = shift > round_bits ? shift - round_bits : 0) {
        size_t bucket = 0;
        memset(counts, 0, buckets * sizeof(counts[0]));
        /* Values below `low` wrap around to buckets beyond the last. */
        for (size_t i = 0; i < count; i++)
            if ((values[i] - low) >> shift < buckets)
                ++counts[(values[i] - low) >> shift];
        for (; wanted >= counts[bucket]; bucket++)
            wanted -= counts[bucket];
        low += (uint64_t)bucket << shift;
        if (shift == 0)
            return low;
    }
}

/* A call without an exit so far. */
typedef struct timed_call {
    uint64_t start_ns;
    uint32_t frame;
} timed_call;

/* Appends the thread's durations to the lists of their frames. Frames that are not hotspots have none. A call that is
 * folded is shorter than the shortest that is not, as is all inside it. */
static void collect_of_thread(const gbxi_trace *trace, const gbxi_thread *thread, timed_call *open, uint64_t **next)
{
    size_t formatted = thread->first_formatted;
    gbx_reader reader;
    gbx_record record;

    gbx_reader_init(&reader, trace->capture, thread->lane);
    while (gbxi_reader_next_call(&reader, &record)) {
        if (record.kind == GBX_RECORD_ENTER) {
            *open++ = (timed_call){record.at_ns, gbxi_trace_frame_of(trace, &record, &formatted)};
        } else if (record.kind == GBX_RECORD_EXIT) {
            uint64_t duration_ns = record.at_ns - (--open)->start_ns;
            uint64_t **place = &next[open->frame];
            if (*place != NULL && duration_ns >= trace->options.min_duration_ns)
                *(*place)++ = duration_ns;
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

/* Makes one more pass over the records. `durations` has room for all durations, `next` for one position per frame,
 * `open` for the deepest stack. */
static void take_percentiles(gbxi_trace *trace, timed_call *open, uint64_t **next, uint64_t *durations)
{
    for (uint32_t i = 0; i < trace->hotspot_count; i++) {
        const gbxi_frame *frame = &trace->frames.at[trace->hotspots[i].frame];
        if (frame->calls <= CALLS_WITHOUT_PASS)
            continue;
        next[trace->hotspots[i].frame] = durations;
        durations += frame->calls;
    }
    for (size_t i = 0; i < trace->facts.lane_count; i++)
        collect_of_thread(trace, &trace->threads[i], open, next);
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
    timed_call *open = NULL;
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
        open = malloc(trace->depth_max * sizeof(*open));
        if (next == NULL || durations == NULL || open == NULL)
            goto Exit;
        take_percentiles(trace, open, next, durations);
    }
    good = true;
Exit:
    free(open);
    free(durations);
    free(next);
    return good;
}
