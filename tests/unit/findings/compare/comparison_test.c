/* SPDX-License-Identifier: MIT */
/* Comparisons of requests whose distributions are known: how often chance is taken for a change, and a change is found.
 */
#define _GNU_SOURCE
#include "findings/compare/verdict.h"
#include "samples.h"
#include "scarce_memory.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* As a busy machine is: requests differ by a tenth, and one value in fifty is spoilt. */
static const samples usual = {
    .requests = 20, .process_spread = 0.003, .request_spread = 0.1, .frame_spread = 0.03, .outliers = 0.02};

static samples usual_with(uint64_t seed, double drift)
{
    samples result = usual;

    result.seed = seed;
    result.drift = drift;
    return result;
}

static size_t marked_of(const gbxi_comparison *comparison)
{
    return comparison->marked[0] + comparison->marked[1];
}

static void pairs_of_one_program_mark_no_frame_in_98_of_100(void **state)
{
    size_t marked = 0;

    (void)state;
    for (uint64_t i = 0; i < 100; i++) {
        const samples before = usual_with(2 * i + 1, 0), after = usual_with(2 * i + 2, 0.1);
        gbxi_comparison comparison;

        samples_compare(&comparison, &before, &after);
        assert_int_equal(comparison.tested, SAMPLES_FRAMES);
        assert_true(comparison.drift.known && comparison.drift.drift > 0);
        marked += marked_of(&comparison) > 0;
        gbxi_comparison_fini(&comparison);
    }
    if (marked > 2)
        fail_msg("%zu of 100 pairs were marked", marked);
}

static void a_tenth_in_one_frame_is_marked_in_9_of_10(void **state)
{
    size_t found = 0, others = 0;

    (void)state;
    for (uint64_t i = 0; i < 100; i++) {
        samples before = usual_with(2 * i + 1001, 0), after = usual_with(2 * i + 1002, -0.05);
        gbxi_comparison comparison;
        bool hit;

        before.shortest_ns = after.shortest_ns = 100000;
        after.planted = 1u << i % SAMPLES_FRAMES;
        after.planted_factor = 1.1;
        samples_compare(&comparison, &before, &after);
        hit = samples_frame(&comparison, i % SAMPLES_FRAMES)->found.mark == GBXI_MARK_SLOWER;
        found += hit;
        others += marked_of(&comparison) > hit;
        gbxi_comparison_fini(&comparison);
    }
    if (found < 90)
        fail_msg("%zu of 100 were found", found);
    assert_true(others <= 2);
}

static void several_frames_that_changed_do_not_hide_each_other(void **state)
{
    const samples before = usual_with(11, 0);
    samples after = usual_with(12, 0.02);
    gbxi_comparison comparison;

    (void)state;
    after.planted = 1u << 3 | 1u << 9 | 1u << 14;
    after.planted_factor = 2;
    samples_compare(&comparison, &before, &after);
    assert_int_equal(comparison.marked[0], 3);
    assert_int_equal(comparison.marked[1], 0);
    for (size_t i = 0; i < 3; i++) {
        assert_true(comparison.frames[i].line == 4 || comparison.frames[i].line == 10 ||
                    comparison.frames[i].line == 15);
        assert_true(fabs(exp(comparison.frames[i].found.effect) - 2) < 0.1);
    }
    assert_int_equal(comparison.frames[0].line, 15); /* what changes most comes first */
    gbxi_comparison_fini(&comparison);
    after.planted_factor = 0.5;
    samples_compare(&comparison, &before, &after);
    assert_int_equal(comparison.marked[1], 3);
    gbxi_comparison_fini(&comparison);
}

/* More than a fifth of them, so that their changes are taken for what frames differ anyway. */
static void many_frames_that_changed_do_not_hide_that_they_take_many_times_as_long(void **state)
{
    const samples before = usual_with(13, 0);
    samples after = usual_with(14, 0);
    gbxi_comparison comparison;

    (void)state;
    after.planted = 1u << 1 | 1u << 4 | 1u << 7 | 1u << 10 | 1u << 12 | 1u << 15;
    for (after.planted_factor = 9; after.planted_factor < 1e6; after.planted_factor *= 100) {
        samples_compare(&comparison, &before, &after);
        assert_int_equal(comparison.marked[0], 6);
        assert_int_equal(comparison.marked[1], 0);
        assert_true(comparison.least <= log(8) + 1e-9);
        gbxi_comparison_fini(&comparison);
        samples_compare(&comparison, &after, &before);
        assert_int_equal(comparison.marked[0], 0);
        assert_int_equal(comparison.marked[1], 6);
        gbxi_comparison_fini(&comparison);
    }
}

static void a_neighbour_that_slows_half_of_one_side_fakes_nothing(void **state)
{
    (void)state;
    for (uint64_t i = 0; i < 20; i++) {
        const samples before = usual_with(2 * i + 5001, 0);
        samples after = usual_with(2 * i + 5002, 0);
        gbxi_comparison comparison;

        after.neighbour = 0.4;
        samples_compare(&comparison, &before, &after);
        assert_int_equal(marked_of(&comparison), 0);
        gbxi_comparison_fini(&comparison);
    }
}

static void frames_that_differ_from_process_to_process_are_not_marked(void **state)
{
    size_t marked = 0;

    (void)state;
    for (uint64_t i = 0; i < 50; i++) {
        samples before = usual_with(2 * i + 7001, 0), after = usual_with(2 * i + 7002, 0);
        gbxi_comparison comparison;

        before.process_spread = after.process_spread = 0.15;
        before.shortest_ns = after.shortest_ns = i % 2 == 0 ? 5000 : 500000;
        samples_compare(&comparison, &before, &after);
        marked += marked_of(&comparison) > 0;
        gbxi_comparison_fini(&comparison);
    }
    assert_true(marked <= 1);
}

static void under_eight_requests_nothing_is_shown(void **state)
{
    samples before = usual_with(21, 0), after = usual_with(22, 0);
    gbxi_comparison comparison;
    gbxi_compare_verdict verdict;

    (void)state;
    after.requests = GBXI_COMPARE_REQUESTS_MIN - 1;
    after.planted = 1;
    after.planted_factor = 100;
    samples_compare(&comparison, &before, &after);
    assert_int_equal(comparison.tested, 0);
    assert_false(comparison.drift.known);
    for (size_t i = 0; i < comparison.frame_count; i++) {
        assert_true(isnan(comparison.frames[i].found.p));
        assert_int_equal(comparison.frames[i].found.mark, GBXI_MARK_TOO_FEW);
    }
    gbxi_compare_verdict_make(&verdict, &comparison);
    assert_string_equal(verdict.text, "Nothing can be shown: no route has 8 requests on both sides.");
    gbxi_comparison_fini(&comparison);
    after.requests = GBXI_COMPARE_REQUESTS_MIN;
    samples_compare(&comparison, &before, &after);
    assert_int_equal(comparison.tested, SAMPLES_FRAMES);
    assert_int_equal(samples_frame(&comparison, 0)->found.mark, GBXI_MARK_SLOWER);
    gbxi_comparison_fini(&comparison);
}

static void under_eight_requests_before_nothing_is_shown_either(void **state)
{
    samples before = usual_with(21, 0);
    const samples after = usual_with(22, 0);
    gbxi_comparison comparison;

    (void)state;
    before.requests = GBXI_COMPARE_REQUESTS_MIN - 1;
    samples_compare(&comparison, &before, &after);
    assert_int_equal(comparison.tested, 0);
    gbxi_comparison_fini(&comparison);
}

/* The slow route has three times as many requests after as before, and the fast one a third. */
static void another_mix_of_routes_is_no_difference(void **state)
{
    samples slow = usual_with(31, 2), fast = usual_with(32, 1);
    gbxi_gathered gathered;
    gbxi_comparison comparison;
    gbx_error error;

    (void)state;
    slow.route = "/slow";
    fast.route = "/fast";
    gbxi_gathered_init(&gathered);
    fast.requests = 60;
    samples_add(&gathered, GBXI_BEFORE, &slow);
    samples_add(&gathered, GBXI_BEFORE, &fast);
    slow.requests = 60;
    fast.requests = 20;
    slow.seed = 33;
    fast.seed = 34;
    samples_add(&gathered, GBXI_AFTER, &slow);
    samples_add(&gathered, GBXI_AFTER, &fast);
    assert_int_equal(gbxi_comparison_of(&comparison, &gathered, &(gbxi_compare_options){0}, &error), GBX_ERR_OK);
    assert_int_equal(comparison.tested, 2 * SAMPLES_FRAMES);
    assert_int_equal(marked_of(&comparison), 0);
    assert_int_equal(comparison.route_count, 2);
    assert_string_equal(comparison.routes[0].route, "/fast");
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(comparison.routes[i].found.mark, GBXI_MARK_NONE);
    gbxi_comparison_fini(&comparison);
}

static void the_result_does_not_depend_on_the_order_of_what_is_read(void **state)
{
    samples before = usual_with(41, 0), after = usual_with(42, 0);
    gbxi_comparison one, other;

    (void)state;
    after.planted = 1u << 5;
    after.planted_factor = 1.5;
    samples_compare(&one, &before, &after);
    before.reversed = after.reversed = true;
    samples_compare(&other, &before, &after);
    assert_int_equal(one.frame_count, other.frame_count);
    for (size_t i = 0; i < one.frame_count; i++) {
        assert_int_equal(one.frames[i].line, other.frames[i].line);
        assert_string_equal(one.frames[i].name, other.frames[i].name);
        assert_memory_equal(&one.frames[i].found.p, &other.frames[i].found.p, sizeof(double));
    }
    gbxi_comparison_fini(&one);
    gbxi_comparison_fini(&other);
}

static void memory_that_runs_out_is_told_and_given_back(void **state)
{
    const samples few = {.seed = 51, .requests = 8};
    long blocks = scarce_memory_blocks();
    bool refused = true;

    (void)state;
    for (size_t grants = 0; refused; grants++) {
        gbxi_gathered gathered;
        gbxi_comparison comparison;
        gbx_error error = {0};
        gbx_err err;

        gbxi_gathered_init(&gathered);
        samples_add(&gathered, GBXI_BEFORE, &few);
        samples_add(&gathered, GBXI_AFTER, &few);
        scarce_memory_begin(grants);
        err = gbxi_comparison_of(&comparison, &gathered, &(gbxi_compare_options){.by = GBXI_COMPARE_TOTAL}, &error);
        refused = scarce_memory_end();
        assert_int_equal(err, refused ? GBX_ERR_NO_MEMORY : GBX_ERR_OK);
        gbxi_comparison_fini(&comparison);
        gbxi_gathered_fini(&gathered);
    }
    assert_int_equal(scarce_memory_blocks(), blocks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pairs_of_one_program_mark_no_frame_in_98_of_100),
        cmocka_unit_test(a_tenth_in_one_frame_is_marked_in_9_of_10),
        cmocka_unit_test(several_frames_that_changed_do_not_hide_each_other),
        cmocka_unit_test(a_neighbour_that_slows_half_of_one_side_fakes_nothing),
        cmocka_unit_test(frames_that_differ_from_process_to_process_are_not_marked),
        cmocka_unit_test(under_eight_requests_nothing_is_shown),
        cmocka_unit_test(under_eight_requests_before_nothing_is_shown_either),
        cmocka_unit_test(another_mix_of_routes_is_no_difference),
        cmocka_unit_test(many_frames_that_changed_do_not_hide_that_they_take_many_times_as_long),
        cmocka_unit_test(the_result_does_not_depend_on_the_order_of_what_is_read),
        cmocka_unit_test(memory_that_runs_out_is_told_and_given_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
