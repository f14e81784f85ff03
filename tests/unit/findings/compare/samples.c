/* SPDX-License-Identifier: MIT */
/* Makes requests from a seed. */
#define _GNU_SOURCE
#include "samples.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static double next_share(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return ((double)(*seed >> 11) + 0.5) / 9007199254740992.0;
}

/* Source: G. E. P. Box, M. E. Muller, A note on the generation of random normal deviates (1958). */
static double next_normal(uint64_t *seed)
{
    double radius = sqrt(-2 * log(next_share(seed))), angle = 6.283185307179586 * next_share(seed);

    return radius * cos(angle);
}

static void add_request(gbxi_gathered *gathered, gbxi_compare_half half, const samples *what, size_t number,
                        const double *process, uint64_t *seed)
{
    gbxi_stored_trace trace = {.method = "GET", .route = what->route != NULL ? what->route : "/", .span_count = 17};
    gbxi_stored_spent spent[SAMPLES_FRAMES];
    double common = what->request_spread * next_normal(seed);
    uint32_t route, request, frames[SAMPLES_FRAMES];
    char name[32];

    if (number >= what->requests / 2)
        common += log1p(what->neighbour);
    trace.price_ns = trace.span_count * 30;
    for (unsigned i = 0; i < SAMPLES_FRAMES; i++) {
        double shortest_ns = what->shortest_ns > 0 ? what->shortest_ns : 5000;
        double ns =
            shortest_ns * exp(0.246 * i + process[i] + common + what->drift + what->frame_spread * next_normal(seed));

        ns *= (what->planted & 1u << i) != 0 ? what->planted_factor : 1;
        ns *= next_share(seed) < what->outliers ? 3 : 1;
        spent[i] = (gbxi_stored_spent){.calls = 1, .total_ns = (uint64_t)ns, .self_ns = (uint64_t)ns};
        trace.duration_ns += (uint64_t)ns;
    }
    assert_true(gbxi_gathered_add_request(gathered, half, &trace, &route));
    request = (uint32_t)gathered->routes[route].halves[half].count - 1;
    for (unsigned i = 0; i < SAMPLES_FRAMES; i++) {
        unsigned frame = what->reversed ? SAMPLES_FRAMES - 1 - i : i;

        snprintf(name, sizeof(name), "work%u(%zu)", frame, number);
        assert_true(gbxi_gathered_add_frame(gathered, gbxi_view_of(name), "work.c", frame + 1, &frames[frame]));
    }
    for (unsigned i = 0; i < SAMPLES_FRAMES; i++)
        assert_true(gbxi_gathered_add_value(gathered, half, route, frames[i], request, &spent[i]));
}

void samples_add(gbxi_gathered *gathered, gbxi_compare_half half, const samples *what)
{
    double process[SAMPLES_FRAMES];
    uint64_t seed = what->seed;

    for (size_t i = 0; i < SAMPLES_FRAMES; i++)
        process[i] = what->process_spread * next_normal(&seed);
    for (size_t i = 0; i < what->requests; i++)
        add_request(gathered, half, what, i, process, &seed);
}

void samples_compare(gbxi_comparison *comparison, const samples *before, const samples *after)
{
    gbxi_gathered gathered;
    gbx_error error;

    gbxi_gathered_init(&gathered);
    samples_add(&gathered, GBXI_BEFORE, before);
    samples_add(&gathered, GBXI_AFTER, after);
    assert_int_equal(gbxi_comparison_of(comparison, &gathered, &(gbxi_compare_options){0}, &error), GBX_ERR_OK);
}

const gbxi_compared_frame *samples_frame(const gbxi_comparison *comparison, unsigned number)
{
    for (size_t i = 0; i < comparison->frame_count; i++)
        if (comparison->frames[i].line == number + 1)
            return &comparison->frames[i];
    return NULL;
}
