/* SPDX-License-Identifier: MIT */
/* The median and the longest of the times that were counted. */
#include "cli/trace/times.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void nothing_took_no_time(void **state)
{
    gbxi_times tally = {0};

    (void)state;
    assert_int_equal(gbxi_times_median_ns(&tally, 0), 0);
    assert_int_equal(gbxi_times_slowest_ns(&tally), 0);
    gbxi_times_fini(&tally);
}

static void the_median_is_in_the_middle_or_between_two(void **state)
{
    static const uint64_t times_ns[] = {50, 10, 30, 20};
    gbxi_times tally = {0};

    (void)state;
    for (size_t i = 0; i < 3; i++)
        assert_true(gbxi_times_add(&tally, 200, times_ns[i]));
    assert_int_equal(gbxi_times_median_ns(&tally, 0), 30);
    assert_true(gbxi_times_add(&tally, 200, times_ns[3]));
    assert_int_equal(gbxi_times_median_ns(&tally, 0), 25);
    assert_int_equal(gbxi_times_slowest_ns(&tally), 50);
    gbxi_times_fini(&tally);
}

static void the_times_of_one_url_have_a_median_of_their_own(void **state)
{
    gbxi_times tally = {0};

    (void)state;
    for (uint64_t i = 0; i < 200; i++)
        assert_true(gbxi_times_add(&tally, i < 100 ? 200 : 503, i < 100 ? 1000 : 7));
    assert_int_equal(gbxi_times_median_ns(&tally, 100), 7);
    assert_int_equal(gbxi_times_median_ns(&tally, 200), 0);
    assert_int_equal(tally.statuses[200], 100);
    assert_int_equal(tally.statuses[503], 100);
    gbxi_times_fini(&tally);
}

static void a_status_beyond_all_is_counted_as_none(void **state)
{
    gbxi_times tally = {0};

    (void)state;
    assert_true(gbxi_times_add(&tally, 1000, 1));
    assert_int_equal(tally.statuses[0], 1);
    gbxi_times_fini(&tally);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_took_no_time),
        cmocka_unit_test(the_median_is_in_the_middle_or_between_two),
        cmocka_unit_test(the_times_of_one_url_have_a_median_of_their_own),
        cmocka_unit_test(a_status_beyond_all_is_counted_as_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
