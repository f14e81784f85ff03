/* SPDX-License-Identifier: MIT */
/* The life of a trace. */
#include "trace/trace.h"
#include "trace/analysis.h"

#include <stdlib.h>

static size_t find_main_lane(const gbx__trace *trace)
{
    uint64_t longest_ns = 0;
    size_t found = 0;

    for (size_t lane = 0; lane < trace->facts.lane_count; ++lane) {
        gbx__lane_facts facts;

        gbx__capture_lane_get(trace->capture, lane, &facts);
        if (facts.busy_ns > longest_ns) {
            longest_ns = facts.busy_ns;
            found = lane;
        }
    }
    return found;
}

/* Of a request that was handed over, whoever looks at it wants to see the thread that did the work. */
static void order_threads(gbx__trace *trace)
{
    size_t main_lane = find_main_lane(trace);

    for (size_t i = 0; i < trace->facts.lane_count; ++i) {
        size_t lane = i == 0 ? main_lane : i <= main_lane ? i - 1 : i;

        trace->threads[i].lane = lane;
        gbx__capture_lane_get(trace->capture, lane, &trace->threads[i].facts);
    }
}

static bool prepare(gbx__trace *trace)
{
    trace->threads = calloc(trace->facts.lane_count + 1, sizeof(*trace->threads));
    if (trace->threads == NULL)
        return false;
    order_threads(trace);
    return gbx__frames_init(&trace->frames) && (!trace->options.repeats || gbx__repeats_init(&trace->repeats));
}

static bool measure_unattributed(gbx__trace *trace)
{
    uint64_t covered_ns = 0;

    if (!gbx__coverage_measure(trace, &covered_ns))
        return false;
    trace->unattributed_ns = covered_ns < trace->facts.duration_ns ? trace->facts.duration_ns - covered_ns : 0;
    return true;
}

gbx__trace *gbx__trace_new(const gbx_capture *capture, const gbx__trace_options *options)
{
    gbx__trace *trace = calloc(1, sizeof(*trace));

    if (trace == NULL)
        return NULL;
    trace->capture = capture;
    trace->options = *options;
    gbx__capture_facts_get(capture, &trace->facts);
    if (!prepare(trace) || !gbx__analysis_run(trace) || (options->unattributed && !measure_unattributed(trace)) ||
        (options->top_n > 0 && !gbx__hotspots_find(trace))) {
        gbx__trace_free(trace);
        return NULL;
    }
    return trace;
}

void gbx__trace_free(gbx__trace *trace)
{
    if (trace == NULL)
        return;
    free(trace->folded);
    free(trace->hotspots);
    gbx__repeats_fini(&trace->repeats);
    gbx__frames_fini(&trace->frames);
    free(trace->threads);
    free(trace);
}
