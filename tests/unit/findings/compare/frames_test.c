/* SPDX-License-Identifier: MIT */
/* Comparisons of a few frames whose times are told one by one: which are marked, and what a difference must exceed. */
#define _GNU_SOURCE
#include "findings/compare/verdict.h"
#include "frames.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static size_t marked_of(const gbxi_comparison *comparison)
{
    return comparison->marked[0] + comparison->marked[1];
}

static void the_only_frame_of_a_service_is_not_taken_for_drift(void **state)
{
    gbxi_gathered gathered;
    gbxi_comparison comparison;
    gbx_error error;

    (void)state;
    gbxi_gathered_init(&gathered);
    for (uint64_t i = 0; i < 10; i++) {
        frames_add_one(&gathered, GBXI_BEFORE, "only", 10000 + i);
        frames_add_one(&gathered, GBXI_AFTER, "only", 11000 + i);
        frames_add_one(&gathered, GBXI_BEFORE, "old", 5000);
        frames_add_one(&gathered, GBXI_AFTER, "young", 7000);
    }
    assert_int_equal(
        gbxi_comparison_of(&comparison, &gathered, &(gbxi_compare_options){.by = GBXI_COMPARE_TOTAL}, &error),
        GBX_ERR_OK);
    assert_false(comparison.drift.known);
    assert_int_equal(comparison.marked[0], 1);
    assert_int_equal(comparison.frame_count, 3);
    assert_string_equal(comparison.frames[0].name, "only");
    assert_int_equal((uint64_t)comparison.frames[0].found.halves[GBXI_BEFORE].median_ns, 30013);
    assert_string_equal(comparison.frames[1].name, "young");
    assert_int_equal(comparison.frames[1].found.mark, GBXI_MARK_NEW);
    assert_string_equal(comparison.frames[2].name, "old");
    assert_int_equal(comparison.frames[2].found.mark, GBXI_MARK_GONE);
    gbxi_comparison_fini(&comparison);
}

static void only_the_sending_of_the_middleware_is_a_connection(void **state)
{
    static const struct {
        const char *name, *file;
        gbxi_compare_mark mark;
    } cases[] = {{"handler.send", "middleware/plain.c", GBXI_MARK_CONNECTION},
                 {"handler.send", "mine.c", GBXI_MARK_SLOWER},
                 {"handler", "middleware/plain.c", GBXI_MARK_SLOWER}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        gbxi_gathered gathered;
        gbxi_comparison comparison;
        gbx_error error;

        gbxi_gathered_init(&gathered);
        for (uint64_t k = 0; k < 20; k++)
            frames_add_request(&gathered, k % 2,
                               &(frame_time){.name = cases[i].name,
                                             .file = cases[i].file,
                                             .self_ns = k % 2 == 0 ? 10000 + k : 20000 + k},
                               1);
        assert_int_equal(gbxi_comparison_of(&comparison, &gathered, &(gbxi_compare_options){0}, &error), GBX_ERR_OK);
        assert_int_equal(comparison.frames[0].found.mark, cases[i].mark);
        gbxi_comparison_fini(&comparison);
    }
}

static void what_a_difference_must_exceed_is_the_same_in_both_directions(void **state)
{
    double least[GBXI_COMPARE_HALVES];

    (void)state;
    for (size_t half = 0; half < GBXI_COMPARE_HALVES; half++) {
        gbxi_gathered gathered;
        gbxi_comparison comparison;
        gbx_error error;

        gbxi_gathered_init(&gathered);
        for (uint64_t i = 0; i < 10; i++) {
            const frame_time shorter = {.name = "short", .self_ns = 9000 + i % 2, .price_ns = 700};
            const frame_time longer = {.name = "short", .self_ns = 27000 + i % 2, .price_ns = 700};

            frames_add_request(&gathered, half == 0 ? GBXI_BEFORE : GBXI_AFTER, &shorter, 1);
            frames_add_request(&gathered, half == 0 ? GBXI_AFTER : GBXI_BEFORE, &longer, 1);
        }
        assert_int_equal(gbxi_comparison_of(&comparison, &gathered, &(gbxi_compare_options){0}, &error), GBX_ERR_OK);
        assert_int_equal(comparison.tested, 1);
        least[half] = comparison.least;
        gbxi_comparison_fini(&comparison);
    }
    assert_true(least[0] > log1p(0.07) && least[0] < log1p(0.08));
    assert_true(fabs(least[0] - least[1]) < 1e-12);
}

/* As a thread that another one wakes, now at once and now when the other one lets it. */
static void a_frame_with_two_lengths_is_not_marked_where_both_sides_have_both(void **state)
{
    gbxi_gathered gathered;
    gbxi_comparison comparison;

    (void)state;
    gbxi_gathered_init(&gathered);
    for (uint64_t i = 0; i < 20; i++) {
        frames_add_one(&gathered, GBXI_BEFORE, "wake", i < 2 ? 600000 + i : 20000 + i);
        frames_add_one(&gathered, GBXI_AFTER, "wake", i < 2 ? 20000 + i : 600000 + i);
    }
    frames_compare(&comparison, &gathered);
    assert_true(comparison.frames[0].found.p < 0.01 && comparison.frames[0].found.effect > comparison.least);
    assert_int_equal(comparison.frames[0].found.mark, GBXI_MARK_VARIES);
    assert_int_equal(marked_of(&comparison), 0);
    gbxi_comparison_fini(&comparison);
}

static void add_pair(gbxi_gathered *gathered, gbxi_compare_half half, uint64_t large_ns, uint64_t small_ns,
                     const char *route_of_large)
{
    for (uint64_t i = 0; i < 10; i++) {
        const frame_time large = {.name = "large", .route = route_of_large, .self_ns = large_ns + i};
        const frame_time small = {.name = "small", .route = "/both", .self_ns = small_ns};

        frames_add_request(gathered, half, &large, 1);
        frames_add_request(gathered, half, &small, 1);
    }
}

static void a_hundredth_of_the_largest_change_of_the_route_is_minor(void **state)
{
    static const struct {
        const char *route;                 /* of the large change */
        uint64_t large_ns[2], small_ns[2]; /* before, after */
        size_t marked;
        gbxi_compare_mark mark;
    } cases[] = {{"/both", {1000000, 4000000}, {50000, 79000}, 1, GBXI_MARK_MINOR},
                 {"/both", {1000000, 4000000}, {50000, 81000}, 2, GBXI_MARK_SLOWER},
                 {"/both", {4000000, 1000000}, {50000, 79000}, 1, GBXI_MARK_MINOR},
                 {"/both", {1000000, 4000000}, {79000, 50000}, 1, GBXI_MARK_MINOR},
                 {"/both", {1000000, 4000000}, {81000, 50000}, 2, GBXI_MARK_FASTER},
                 {"/both", {1000000, 1000000}, {50000, 79000}, 1, GBXI_MARK_SLOWER},
                 {"/other", {1000000, 4000000}, {50000, 79000}, 2, GBXI_MARK_SLOWER}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        gbxi_gathered gathered;
        gbxi_comparison comparison;

        gbxi_gathered_init(&gathered);
        for (size_t half = 0; half < GBXI_COMPARE_HALVES; half++)
            add_pair(&gathered, (gbxi_compare_half)half, cases[i].large_ns[half], cases[i].small_ns[half],
                     cases[i].route);
        frames_compare(&comparison, &gathered);
        assert_int_equal(marked_of(&comparison), cases[i].marked);
        assert_int_equal(frames_row(&comparison, "small")->found.mark, cases[i].mark);
        gbxi_comparison_fini(&comparison);
    }
}

static void add_three(gbxi_gathered *gathered, gbxi_compare_half half, uint64_t longer)
{
    for (uint64_t i = 0; i < 20; i++) {
        frames_add_one(gathered, half, "exact", 2000000 + i);
        frames_add_one(gathered, half, "rough", (half == GBXI_AFTER ? 1004000 : 1000000) + 9000 * (i * 7 % 20));
        frames_add_one(gathered, half, "longer", longer + i);
    }
}

static void one_of_three_frames_that_changed_is_no_drift(void **state)
{
    static const struct {
        uint64_t before, after;
        gbxi_compare_mark mark;
    } cases[] = {{3000000, 3300000, GBXI_MARK_SLOWER}, {3300000, 3000000, GBXI_MARK_FASTER}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        gbxi_gathered gathered;
        gbxi_comparison comparison;

        gbxi_gathered_init(&gathered);
        add_three(&gathered, GBXI_BEFORE, cases[i].before);
        add_three(&gathered, GBXI_AFTER, cases[i].after);
        frames_compare(&comparison, &gathered);
        assert_true(comparison.drift.known && fabs(comparison.drift.drift) < 1e-4);
        assert_int_equal(marked_of(&comparison), 1);
        assert_string_equal(comparison.frames[0].name, "longer");
        assert_int_equal(comparison.frames[0].found.mark, cases[i].mark);
        gbxi_comparison_fini(&comparison);
    }
}

/* 10 % of 40 us are what a cold cache costs, unless every request takes the same. */
static void a_short_frame_must_be_exact_to_be_marked(void **state)
{
    static const struct {
        uint64_t length_ns, width_ns;
        gbxi_compare_mark mark;
    } cases[] = {{40000, 1600, GBXI_MARK_NONE}, {40000, 100, GBXI_MARK_SLOWER}, {400000, 16000, GBXI_MARK_SLOWER}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        gbxi_gathered gathered;
        gbxi_comparison comparison;

        gbxi_gathered_init(&gathered);
        for (uint64_t k = 0; k < 40; k++)
            frames_add_one(&gathered, k % 2, "short",
                           cases[i].length_ns * (k % 2 == 0 ? 100 : 110) / 100 + k / 2 * cases[i].width_ns / 10);
        frames_compare(&comparison, &gathered);
        assert_int_equal(comparison.frames[0].found.mark, cases[i].mark);
        gbxi_comparison_fini(&comparison);
    }
}

static void add_two_short(gbxi_gathered *gathered, gbxi_compare_half half)
{
    for (uint64_t i = 0; i < 20; i++) {
        frames_add_one(gathered, half, "first", half == GBXI_BEFORE ? 15000 + i : 40000 + i);
        frames_add_one(gathered, half, "last", half == GBXI_BEFORE ? 40000 + i : 15000 + i);
    }
}

static void what_short_frames_vary_hides_no_long_one(void **state)
{
    (void)state;
    for (size_t order = 0; order < 2; order++) {
        gbxi_gathered gathered;
        gbxi_comparison comparison;

        gbxi_gathered_init(&gathered);
        for (size_t half = 0; half < GBXI_COMPARE_HALVES; half++) {
            if (order == 1)
                add_two_short(&gathered, (gbxi_compare_half)half);
            add_three(&gathered, (gbxi_compare_half)half, half == 0 ? 3000000 : 3300000);
            if (order == 0)
                add_two_short(&gathered, (gbxi_compare_half)half);
        }
        frames_compare(&comparison, &gathered);
        assert_int_equal(comparison.tested, 5);
        assert_int_equal(marked_of(&comparison), 1);
        assert_string_equal(comparison.frames[0].name, "longer");
        gbxi_comparison_fini(&comparison);
    }
}

static void what_takes_no_more_than_its_spans_is_not_tested(void **state)
{
    gbxi_gathered gathered;
    gbxi_comparison comparison;

    (void)state;
    gbxi_gathered_init(&gathered);
    for (uint64_t i = 0; i < 10; i++) {
        frames_add_one(&gathered, GBXI_BEFORE, "tiny", 300 + i);
        frames_add_one(&gathered, GBXI_AFTER, "tiny", 590 + i);
    }
    frames_compare(&comparison, &gathered);
    assert_int_equal(comparison.tested, 0);
    assert_int_equal(comparison.frames[0].found.mark, GBXI_MARK_TOO_SHORT);
    gbxi_comparison_fini(&comparison);
}

static void a_slow_frame_in_all_its_callers_is_no_drift(void **state)
{
    gbxi_gathered gathered;
    gbxi_comparison comparison;
    gbx_error error;

    (void)state;
    gbxi_gathered_init(&gathered);
    for (uint64_t i = 0; i < 40; i++) {
        const uint64_t slow_ns = i % 2 == 0 ? 1000000 : 1500000;
        const frame_time frames[] = {{.name = "outer", .self_ns = 1000000, .total_ns = slow_ns + 3000000},
                                     {.name = "middle", .self_ns = 1000000, .total_ns = slow_ns + 2000000},
                                     {.name = "inner", .self_ns = 1000000, .total_ns = slow_ns + 1000000},
                                     {.name = "slow", .self_ns = slow_ns, .total_ns = slow_ns}};

        frames_add_request(&gathered, (gbxi_compare_half)(i % 2), frames, 4);
    }
    assert_int_equal(
        gbxi_comparison_of(&comparison, &gathered, &(gbxi_compare_options){.by = GBXI_COMPARE_TOTAL}, &error),
        GBX_ERR_OK);
    assert_true(comparison.drift.known && fabs(comparison.drift.drift) < 1e-9);
    assert_int_equal(comparison.marked[0], 4);
    assert_true(fabs(frames_row(&comparison, "inner")->found.effect - log(1.25)) < 1e-9);
    gbxi_comparison_fini(&comparison);
}

static void names_that_were_made_from_one_format_are_one_frame(void **state)
{
    const frame_time frames[] = {{.name = "link(1)", .self_ns = 30000}, {.name = "link(2)", .self_ns = 40000}};
    gbxi_gathered gathered;
    gbxi_comparison comparison;

    (void)state;
    gbxi_gathered_init(&gathered);
    for (size_t i = 0; i < 20; i++)
        frames_add_request(&gathered, (gbxi_compare_half)(i % 2), frames, 2);
    frames_compare(&comparison, &gathered);
    assert_int_equal(comparison.frame_count, 1);
    assert_int_equal(comparison.frames[0].found.halves[GBXI_AFTER].requests, 10);
    assert_int_equal(comparison.frames[0].found.halves[GBXI_AFTER].calls, 20);
    assert_true(fabs(comparison.frames[0].found.halves[GBXI_AFTER].median_ns - 70000) < 1);
    gbxi_comparison_fini(&comparison);
}

static void requests_of_which_something_is_missing_are_counted(void **state)
{
    static const gbxi_stored_trace traces[] = {{.method = "GET", .route = "/"},
                                               {.method = "GET", .route = "/", .truncated = true},
                                               {.method = "GET", .route = "/", .left_out = 2},
                                               {.method = "GET", .route = "/", .truncated = true, .left_out = 1}};
    gbxi_gathered gathered;
    uint32_t route;

    (void)state;
    gbxi_gathered_init(&gathered);
    for (size_t i = 0; i < sizeof(traces) / sizeof(traces[0]); i++)
        assert_true(gbxi_gathered_add_request(&gathered, GBXI_AFTER, &traces[i], &route));
    assert_int_equal(gathered.sides[GBXI_AFTER].requests, 4);
    assert_int_equal(gathered.sides[GBXI_AFTER].incomplete, 3);
    assert_int_equal(gathered.sides[GBXI_BEFORE].incomplete, 0);
    gbxi_gathered_fini(&gathered);
}

static void what_is_shown_is_told_of_one_frame_and_of_several(void **state)
{
    static const char *const texts[] = {"Of 1 tested frame, 1 is shown to be slower, and 0 to be faster.",
                                        "Of 2 tested frames, 2 are shown to be slower, and 0 to be faster."};

    (void)state;
    for (size_t several = 0; several < 2; several++) {
        gbxi_gathered gathered;
        gbxi_comparison comparison;
        gbxi_compare_verdict verdict;

        gbxi_gathered_init(&gathered);
        for (size_t i = 0; i < 40; i++)
            for (size_t k = 0; k <= several; k++)
                frames_add_one(&gathered, (gbxi_compare_half)(i % 2), k == 0 ? "one" : "two",
                               i % 2 == 0 ? 100000 : 200000);
        frames_compare(&comparison, &gathered);
        gbxi_compare_verdict_make(&verdict, &comparison);
        assert_string_equal(verdict.text, texts[several]);
        gbxi_comparison_fini(&comparison);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_sending_of_the_middleware_is_a_connection),
        cmocka_unit_test(what_a_difference_must_exceed_is_the_same_in_both_directions),
        cmocka_unit_test(the_only_frame_of_a_service_is_not_taken_for_drift),
        cmocka_unit_test(a_frame_with_two_lengths_is_not_marked_where_both_sides_have_both),
        cmocka_unit_test(a_hundredth_of_the_largest_change_of_the_route_is_minor),
        cmocka_unit_test(one_of_three_frames_that_changed_is_no_drift),
        cmocka_unit_test(a_short_frame_must_be_exact_to_be_marked),
        cmocka_unit_test(what_short_frames_vary_hides_no_long_one),
        cmocka_unit_test(what_takes_no_more_than_its_spans_is_not_tested),
        cmocka_unit_test(a_slow_frame_in_all_its_callers_is_no_drift),
        cmocka_unit_test(names_that_were_made_from_one_format_are_one_frame),
        cmocka_unit_test(requests_of_which_something_is_missing_are_counted),
        cmocka_unit_test(what_is_shown_is_told_of_one_frame_and_of_several),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
