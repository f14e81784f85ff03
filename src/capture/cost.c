/* SPDX-License-Identifier: MIT */
/* Owns the price tag: what recording one span costs on this machine, measured once on captures of its own. */
#include "capture/cost.h"
#include "capture/state.h"
#include <glassbox/span.h>
#include <pthread.h>

enum { ROUNDS = 9, SPANS = 256 };

static pthread_once_t measure_once = PTHREAD_ONCE_INIT;
static double cost_ns;

static void record_spans(void)
{
    for (int i = 0; i != SPANS; ++i) {
        GBX_SPAN_NAMED("calibration");
        __asm__ volatile("");
    }
}

static void sort_ascending(uint64_t *values, size_t count)
{
    for (size_t i = 1; i < count; ++i)
        for (size_t j = i; j != 0 && values[j] < values[j - 1]; --j) {
            uint64_t value = values[j];
            values[j] = values[j - 1];
            values[j - 1] = value;
        }
}

/* One round on a capture of its own, so that all rounds record into the same, warm block. */
static bool measure_round(uint64_t *ns)
{
    gbx_capture *capture = gbx__capture_make(NULL);
    gbx_scope scope;
    bool recorded;

    if (capture == NULL)
        return false;
    scope = gbx_capture_enter(capture);
    recorded = gbx_capture_current() == capture; /* not at the bound of the memory */
    *ns = gbx__now_ns(NULL);
    record_spans();
    *ns = gbx__now_ns(NULL) - *ns;
    gbx_capture_leave(scope);
    gbx_capture_unref(capture);
    return recorded;
}

/* The median: the first round pays for page faults and cold caches, single ones for interrupts. */
static void measure(void)
{
    uint64_t rounds[ROUNDS];

    for (size_t i = 0; i != ROUNDS; ++i)
        if (!measure_round(&rounds[i]))
            return;
    sort_ascending(rounds, ROUNDS);
    cost_ns = (double)rounds[ROUNDS / 2] / SPANS;
}

double gbx__span_cost_ns(void)
{
    pthread_once(&measure_once, measure);
    return cost_ns;
}
