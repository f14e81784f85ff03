/* SPDX-License-Identifier: MIT */
/* Owns the cost of recording one span on this machine, measured once for each clock on separate captures. */
#include "capture/cost.h"
#include "capture/lane.h"
#include "capture/state.h"
#include <glassbox/span.h>
#include <pthread.h>

enum { ROUNDS = 9, SPANS = 256 };

static pthread_mutex_t cost_lock = PTHREAD_MUTEX_INITIALIZER;
static double costs_ns[2]; /* with the counter and with CLOCK_MONOTONIC; guarded by the lock */

static void record_spans(void)
{
    for (int i = 0; i != SPANS; i++) {
        GBX_SPAN_NAMED("calibration");
        __asm__ volatile("");
    }
}

static void sort_ascending(uint64_t *values, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j != 0 && values[j] < values[j - 1]; j--) {
            uint64_t value = values[j];
            values[j] = values[j - 1];
            values[j - 1] = value;
        }
}

/* Measures one round on a new capture, so that all rounds record into the same, warm block. */
static bool measure_round(const gbx_clock *clock, uint64_t *ns)
{
    gbx_capture *capture = gbxi_capture_make(&(gbx_capture_options){.clock = clock});
    gbx_scope scope;
    bool recorded;

    if (capture == NULL)
        return false;
    scope = gbx_capture_enter(capture);
    recorded = gbx_capture_current() == capture; /* false at the memory limit */
    *ns = gbxi_now_ns(NULL);
    record_spans();
    *ns = gbxi_now_ns(NULL) - *ns;
    gbx_capture_leave(scope);
    gbx_capture_unref(capture);
    return recorded;
}

/* The median of the rounds, because page faults, cold caches and interrupts slow down single rounds. 0 if no round
 * could be measured. */
static double measure(const gbx_clock *clock)
{
    uint64_t rounds[ROUNDS];

    for (size_t i = 0; i != ROUNDS; i++)
        if (!measure_round(clock, &rounds[i]))
            return 0;
    sort_ascending(rounds, ROUNDS);
    return (double)rounds[ROUNDS / 2] / SPANS;
}

double gbxi_span_cost_ns(const gbx_clock *clock)
{
    double *cost_ns = &costs_ns[clock != NULL];
    double known_ns;

    pthread_mutex_lock(&cost_lock);
    if (*cost_ns == 0)
        *cost_ns = measure(clock);
    known_ns = *cost_ns;
    pthread_mutex_unlock(&cost_lock);
    return known_ns;
}
