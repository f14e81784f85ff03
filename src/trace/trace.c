/* SPDX-License-Identifier: MIT */
/* Creates and frees traces. */
#include "trace/trace.h"
#include "trace/analysis.h"

#include <stdlib.h>

static size_t find_main_lane(const gbxi_trace *trace)
{
    uint64_t longest_ns = 0;
    size_t found = 0;

    for (size_t lane = 0; lane < trace->facts.lane_count; lane++) {
        gbx_lane_facts facts;

        gbx_lane_facts_get(trace->capture, lane, &facts, sizeof(facts));
        if (facts.inside_ns > longest_ns) {
            longest_ns = facts.inside_ns;
            found = lane;
        }
    }
    return found;
}

/* Puts the thread first that was in the capture longest: it did the work of a request that was handed over. */
static void order_threads(gbxi_trace *trace)
{
    size_t main_lane = find_main_lane(trace);

    for (size_t i = 0; i < trace->facts.lane_count; i++) {
        size_t lane = i == 0 ? main_lane : i <= main_lane ? i - 1 : i;

        trace->threads[i].lane = lane;
        gbx_lane_facts_get(trace->capture, lane, &trace->threads[i].facts, sizeof(trace->threads[i].facts));
    }
}

static bool prepare_trace(gbxi_trace *trace)
{
    trace->threads = calloc(trace->facts.lane_count + 1, sizeof(*trace->threads));
    if (trace->threads == NULL)
        return false;
    order_threads(trace);
    gbxi_repeats_init(&trace->repeats);
    gbxi_picks_init(&trace->slowest, trace->options.slowest_n);
    gbxi_picks_init(&trace->noted, trace->options.noted_n);
    gbxi_picks_init(&trace->failed_calls, trace->options.failed_n);
    return gbxi_frames_init(&trace->frames, trace->facts.span_count);
}

static bool measure_unattributed(gbxi_trace *trace)
{
    uint64_t covered_ns = 0;

    if (!gbxi_coverage_measure(trace, &covered_ns))
        return false;
    trace->unattributed_ns = covered_ns < trace->facts.duration_ns ? trace->facts.duration_ns - covered_ns : 0;
    return true;
}

gbxi_trace *gbxi_trace_new(const gbx_capture *capture, const gbxi_trace_options *options)
{
    gbxi_trace *trace = calloc(1, sizeof(*trace));

    if (trace == NULL)
        return NULL;
    trace->capture = capture;
    trace->options = *options;
    gbx_capture_facts_get(capture, &trace->facts, sizeof(trace->facts));
    if (!prepare_trace(trace) || !gbxi_analysis_run(trace) || (options->unattributed && !measure_unattributed(trace)) ||
        (options->top_n > 0 && !gbxi_hotspots_find(trace))) {
        gbxi_trace_free(trace);
        return NULL;
    }
    return trace;
}

void gbxi_trace_free(gbxi_trace *trace)
{
    if (trace == NULL)
        return;
    free(trace->formatted);
    free(trace->folded);
    free(trace->hotspots);
    gbxi_marks_fini(&trace->own);
    gbxi_picks_fini(&trace->slowest);
    gbxi_picks_fini(&trace->noted);
    gbxi_picks_fini(&trace->failed_calls);
    gbxi_repeats_fini(&trace->repeats);
    gbxi_frames_fini(&trace->frames);
    free(trace->threads);
    free(trace);
}
