/* SPDX-License-Identifier: MIT */
/* The measured cost of a span is the median of the rounds, and it is measured once. */
#include "base/time.h"
#include "capture/cost.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The monotonic time. The distance between two readings grows at first and is shorter and shorter after half of the
 * nine rounds. So the first round is longer than the last four and shorter than the other four: it is the median. */
enum { FIRST_STEP_NS = 1000000, GROWING_READINGS = 2500, SPANS_OF_A_ROUND = 256 };
static uint64_t readings, fake_monotonic_ns;

uint64_t __wrap_gbxi_monotonic_ns(void);
uint64_t __wrap_gbxi_monotonic_ns(void)
{
    readings++;
    fake_monotonic_ns += readings < GROWING_READINGS ? FIRST_STEP_NS + readings : FIRST_STEP_NS - readings;
    return fake_monotonic_ns;
}

static void the_cost_is_the_median_of_the_rounds(void **state)
{
    double cost_ns = gbxi_span_cost_ns(gbx_clock_monotonic());
    double all = (double)readings;
    /* A span reads the clock twice, and a round once more. */
    double expected_ns = (FIRST_STEP_NS + all / 18) * (2 * SPANS_OF_A_ROUND + 1) / SPANS_OF_A_ROUND;

    (void)state;
    assert_true(cost_ns > expected_ns - all / 50 && cost_ns < expected_ns + all / 50);
    assert_true(gbxi_span_cost_ns(gbx_clock_monotonic()) == cost_ns);
    assert_true((double)readings == all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_cost_is_the_median_of_the_rounds)};

    return cmocka_run_group_tests_name("cost", tests, NULL, NULL);
}
