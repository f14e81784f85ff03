/* SPDX-License-Identifier: MIT */
/* Measures how much of a capture's time the roots of all threads cover together. */
#include "capture/reader.h"
#include "trace/analysis.h"

#include <stdlib.h>

/* The next root of a thread. */
typedef struct root_cursor {
    gbx_reader reader;
    uint64_t min_duration_ns;
    uint64_t start_ns;
    uint64_t end_ns;
} root_cursor;

/* Advances to the next root that is not folded. Returns false after the last. */
static bool advance_root(root_cursor *cursor)
{
    gbx_record record;
    size_t depth = 0;

    while (gbxi_reader_next_call(&cursor->reader, &record)) {
        if (record.kind == GBX_RECORD_ENTER && depth++ == 0)
            cursor->start_ns = record.at_ns;
        else if (record.kind == GBX_RECORD_EXIT && --depth == 0) {
            cursor->end_ns = record.at_ns;
            if (cursor->end_ns - cursor->start_ns >= cursor->min_duration_ns)
                return true;
        }
    }
    return false;
}

/* Restores the heap below `at`. The root that starts first is at the top. */
static void sift_root(root_cursor *cursors, size_t count, size_t at)
{
    for (size_t child = at * 2 + 1; child < count; child = at * 2 + 1) {
        if (child + 1 < count && cursors[child + 1].start_ns < cursors[child].start_ns)
            ++child;
        if (cursors[at].start_ns <= cursors[child].start_ns)
            return;
        root_cursor held = cursors[at];
        cursors[at] = cursors[child];
        cursors[child] = held;
        at = child;
    }
}

/* Visits the roots of all threads in the order of their start times. */
static uint64_t cover_roots(root_cursor *cursors, size_t count)
{
    uint64_t covered_ns = 0;
    uint64_t until_ns = 0;

    for (size_t i = count; i-- > 0;)
        sift_root(cursors, count, i);
    while (count > 0) {
        uint64_t from_ns = cursors[0].start_ns > until_ns ? cursors[0].start_ns : until_ns;
        if (cursors[0].end_ns > from_ns) {
            covered_ns += cursors[0].end_ns - from_ns;
            until_ns = cursors[0].end_ns;
        }
        if (!advance_root(&cursors[0]))
            cursors[0] = cursors[--count];
        sift_root(cursors, count, 0);
    }
    return covered_ns;
}

bool gbxi_coverage_measure(const gbxi_trace *trace, uint64_t *covered_ns)
{
    size_t with_calls = 0;
    size_t count = 0;
    root_cursor *cursors;

    for (size_t i = 0; i < trace->facts.lane_count; i++)
        with_calls += trace->threads[i].call_count > 0;
    /* The roots of one thread never overlap, so the sum of their durations is what they cover. */
    if (with_calls <= 1) {
        *covered_ns = trace->self_ns;
        return true;
    }
    cursors = malloc(with_calls * sizeof(*cursors));
    if (cursors == NULL)
        return false;
    for (size_t i = 0; i < trace->facts.lane_count; i++) {
        if (trace->threads[i].call_count == 0)
            continue;
        gbx_reader_init(&cursors[count].reader, trace->capture, trace->threads[i].lane);
        cursors[count].min_duration_ns = trace->options.min_duration_ns;
        count += advance_root(&cursors[count]);
    }
    *covered_ns = cover_roots(cursors, count);
    free(cursors);
    return true;
}
