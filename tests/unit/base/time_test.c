/* SPDX-License-Identifier: MIT */
/* Monotonic time is the system's, in nanoseconds. */
#define _GNU_SOURCE
#include "base/time.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#include <cmocka.h>

static uint64_t system_ns(void)
{
    struct timespec now;

    assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &now), 0);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void it_lies_between_two_looks_at_the_clock(void **state)
{
    (void)state;
    for (int i = 0; i < 1000; i++) {
        uint64_t before = system_ns(), now = gbxi_monotonic_ns(), after = system_ns();

        assert_true(before <= now && now <= after);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_lies_between_two_looks_at_the_clock),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
