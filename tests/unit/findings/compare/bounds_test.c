/* SPDX-License-Identifier: MIT */
/* The numbers of docs/compare.md: what is tested, what a difference must exceed, and what a frame changes. */
#include "frames.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { REQUESTS = 20 };

static void assert_near(double value, double expected)
{
    if (!(fabs(value - expected) <= 1e-9))
        fail_msg("%.17g is not %.17g", value, expected);
}

/* Adds requests to both sides, in each of which the frame takes the same. */
static void add_even(gbxi_gathered *gathered, frame_time frame, uint64_t before_ns, uint64_t after_ns)
{
    for (size_t i = 0; i < REQUESTS; i++) {
        frame.self_ns = before_ns;
        frames_add_request(gathered, GBXI_BEFORE, &frame, 1);
        frame.self_ns = after_ns;
        frames_add_request(gathered, GBXI_AFTER, &frame, 1);
    }
}

/* The mark of the only frame. */
static gbxi_compare_mark mark_of_even(frame_time frame, uint64_t before_ns, uint64_t after_ns)
{
    gbxi_gathered gathered;
    gbxi_comparison comparison;
    gbxi_compare_mark mark;

    frame.name = "only";
    gbxi_gathered_init(&gathered);
    add_even(&gathered, frame, before_ns, after_ns);
    frames_compare(&comparison, &gathered);
    mark = comparison.frames[0].found.mark;
    gbxi_comparison_fini(&comparison);
    return mark;
}

static void a_change_of_more_than_5_percent_is_marked(void **state)
{
    (void)state;
    assert_int_equal(mark_of_even((frame_time){0}, 1000000, 1049000), GBXI_MARK_NONE);
    assert_int_equal(mark_of_even((frame_time){0}, 1000000, 1051000), GBXI_MARK_SLOWER);
    assert_int_equal(mark_of_even((frame_time){0}, 1051000, 1000000), GBXI_MARK_FASTER);
}

static void a_frame_of_under_5_us_or_20_spans_is_too_short(void **state)
{
    (void)state;
    assert_int_equal(mark_of_even((frame_time){0}, 4900, 4900), GBXI_MARK_TOO_SHORT);
    assert_int_equal(mark_of_even((frame_time){0}, 5100, 5100), GBXI_MARK_NONE);
    assert_int_equal(mark_of_even((frame_time){.price_ns = 500}, 9900, 9900), GBXI_MARK_TOO_SHORT);
    assert_int_equal(mark_of_even((frame_time){.price_ns = 500}, 10100, 10100), GBXI_MARK_NONE);
    assert_int_equal(mark_of_even((frame_time){0}, 2500, 9900), GBXI_MARK_TOO_SHORT);
    assert_int_equal(mark_of_even((frame_time){0}, 2500, 10100), GBXI_MARK_SLOWER);
}

static void the_price_of_a_span_is_that_of_the_side_where_it_is_higher(void **state)
{
    (void)state;
    for (size_t costly = 0; costly < GBXI_COMPARE_HALVES; costly++) {
        gbxi_gathered gathered;
        gbxi_comparison comparison;

        gbxi_gathered_init(&gathered);
        for (size_t i = 0; i < 2 * REQUESTS; i++) {
            const frame_time frame = {.name = "only", .self_ns = 9000, .price_ns = i % 2 == costly ? 500 : 30};

            frames_add_request(&gathered, (gbxi_compare_half)(i % 2), &frame, 1);
        }
        frames_compare(&comparison, &gathered);
        assert_near(comparison.price_ns, 500);
        assert_int_equal(comparison.frames[0].found.mark, GBXI_MARK_TOO_SHORT);
        gbxi_comparison_fini(&comparison);
    }
}

static void a_frame_that_is_too_short_is_said_to_be_so_in_few_requests_too(void **state)
{
    gbxi_gathered gathered;
    gbxi_comparison comparison;

    (void)state;
    gbxi_gathered_init(&gathered);
    for (size_t i = 0; i < 8; i++) {
        frames_add_one(&gathered, (gbxi_compare_half)(i % 2), "tiny", 1000);
        frames_add_one(&gathered, (gbxi_compare_half)(i % 2), "long", 1000000);
    }
    frames_compare(&comparison, &gathered);
    assert_int_equal(frames_row(&comparison, "tiny")->found.mark, GBXI_MARK_TOO_SHORT);
    assert_int_equal(frames_row(&comparison, "long")->found.mark, GBXI_MARK_TOO_FEW);
    gbxi_comparison_fini(&comparison);
}

/* Both sides have 8 requests. All after are longer than those before, but for two that exceed so many of them. */
static void add_eight(gbxi_gathered *gathered, const char *name, const size_t *exceeded)
{
    for (size_t i = 0; i < 8; i++) {
        size_t passed = i < 2 ? exceeded[i] : 0;

        frames_add_one(gathered, GBXI_BEFORE, name, passed > 0 ? 1099995 + 10 * passed : 1000000 + i);
        frames_add_one(gathered, GBXI_AFTER, name, 1100000 + 10 * i);
    }
}

static void p_is_at_most_1_percent_after_the_adjustment_for_all_frames(void **state)
{
    static const struct {
        size_t exceeded[2], frames;
        double p;
        gbxi_compare_mark mark;
    } cases[] = {{{0, 7}, 1, 90.0 / 12870, GBXI_MARK_SLOWER},
                 {{1, 8}, 1, 190.0 / 12870, GBXI_MARK_NONE},
                 {{0, 7}, 2, 180.0 / 12870, GBXI_MARK_NONE}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        gbxi_gathered gathered;
        gbxi_comparison comparison;

        gbxi_gathered_init(&gathered);
        for (size_t k = 0; k < cases[i].frames; k++)
            add_eight(&gathered, k == 0 ? "one" : "two", cases[i].exceeded);
        frames_compare(&comparison, &gathered);
        for (size_t k = 0; k < cases[i].frames; k++) {
            assert_near(comparison.frames[k].found.p, cases[i].p);
            assert_int_equal(comparison.frames[k].found.mark, cases[i].mark);
        }
        gbxi_comparison_fini(&comparison);
    }
}

/* Two in twenty are less slow than the others. */
static void nearly_all_times_must_show_3_tenths_of_the_shift(void **state)
{
    static const struct {
        uint64_t least_ns;
        gbxi_compare_mark mark;
    } cases[] = {{110000, GBXI_MARK_VARIES}, {111000, GBXI_MARK_SLOWER}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        gbxi_gathered gathered;
        gbxi_comparison comparison;

        gbxi_gathered_init(&gathered);
        for (size_t k = 0; k < REQUESTS; k++) {
            frames_add_one(&gathered, GBXI_BEFORE, "only", 100000);
            frames_add_one(&gathered, GBXI_AFTER, "only", k < 2 ? cases[i].least_ns : 140000);
        }
        frames_compare(&comparison, &gathered);
        assert_int_equal(comparison.frames[0].found.mark, cases[i].mark);
        gbxi_comparison_fini(&comparison);
    }
}

static void the_distance_of_quartiles_counts_4_times_on_the_side_where_it_is_larger(void **state)
{
    (void)state;
    for (size_t wide = 0; wide < GBXI_COMPARE_HALVES; wide++) {
        gbxi_gathered gathered;
        gbxi_comparison comparison;

        gbxi_gathered_init(&gathered);
        for (size_t i = 0; i < 9; i++) {
            frames_add_one(&gathered, (gbxi_compare_half)wide, "only", i < 4 ? 20000 : 20600);
            frames_add_one(&gathered, (gbxi_compare_half)!wide, "only", 20000);
        }
        frames_compare(&comparison, &gathered);
        assert_near(comparison.least, 4 * log(1.03));
        gbxi_comparison_fini(&comparison);
    }
}

static void a_frame_with_many_spans_must_differ_by_the_price_of_them(void **state)
{
    gbxi_gathered gathered;
    gbxi_comparison comparison;

    (void)state;
    gbxi_gathered_init(&gathered);
    add_even(&gathered, (frame_time){.name = "only", .calls = 10, .price_ns = 700}, 70000, 84000);
    frames_compare(&comparison, &gathered);
    assert_near(comparison.least, log1p(0.1));
    gbxi_comparison_fini(&comparison);
}

/* Of ten frames, five take so many times as long, and five so much less. */
static void compare_ten(gbxi_comparison *comparison, uint64_t more_ns)
{
    gbxi_gathered gathered;
    char name[16];

    gbxi_gathered_init(&gathered);
    for (size_t i = 0; i < 10; i++) {
        snprintf(name, sizeof(name), "frame%zu", i);
        add_even(&gathered, (frame_time){.name = name}, i % 2 == 0 ? 1000000 : more_ns, i % 2 == 0 ? more_ns : 1000000);
    }
    frames_compare(comparison, &gathered);
}

static void a_difference_must_exceed_3_spreads_and_one_more_for_each_percent(void **state)
{
    double spread = log(1.02) / 0.6615;
    gbxi_comparison comparison;

    (void)state;
    compare_ten(&comparison, 1020000);
    assert_near(comparison.drift.drift, 0);
    assert_near(comparison.drift.spread, spread);
    assert_near(comparison.least, (3 + 100 * spread) * spread);
    gbxi_comparison_fini(&comparison);
}

static void the_spread_demands_no_more_than_8_times_as_long(void **state)
{
    gbxi_comparison comparison;

    (void)state;
    compare_ten(&comparison, 7900000);
    assert_near(comparison.least, log(8));
    assert_int_equal(comparison.marked[0] + comparison.marked[1], 0);
    gbxi_comparison_fini(&comparison);
    compare_ten(&comparison, 8100000);
    assert_int_equal(comparison.marked[0], 5);
    assert_int_equal(comparison.marked[1], 5);
    gbxi_comparison_fini(&comparison);
}

/* There are not three frames as long as it is, so that all of them are looked at. */
static void the_longest_frame_is_marked_beside_short_ones(void **state)
{
    gbxi_gathered gathered;
    gbxi_comparison comparison;
    char name[16];

    (void)state;
    gbxi_gathered_init(&gathered);
    add_even(&gathered, (frame_time){.name = "longest"}, 100000000, 110000000);
    for (size_t i = 0; i < 4; i++) {
        snprintf(name, sizeof(name), "frame%zu", i);
        add_even(&gathered, (frame_time){.name = name}, 1000000, 1000000);
    }
    frames_compare(&comparison, &gathered);
    assert_int_equal(frames_row(&comparison, "longest")->found.mark, GBXI_MARK_SLOWER);
    gbxi_comparison_fini(&comparison);
}

static void two_frames_tell_no_drift(void **state)
{
    gbxi_gathered gathered;
    gbxi_comparison comparison;

    (void)state;
    gbxi_gathered_init(&gathered);
    add_even(&gathered, (frame_time){.name = "one"}, 1000000, 1100000);
    add_even(&gathered, (frame_time){.name = "two"}, 2000000, 2200000);
    frames_compare(&comparison, &gathered);
    assert_false(comparison.drift.known);
    assert_int_equal(comparison.marked[0], 2);
    gbxi_comparison_fini(&comparison);
}

/* As a frame that waits until a time, beside three that the machine makes slower and faster together. */
static void what_is_in_common_is_not_taken_out_of_a_frame_that_has_no_part_in_it(void **state)
{
    gbxi_gathered gathered;
    gbxi_comparison comparison;

    (void)state;
    gbxi_gathered_init(&gathered);
    for (size_t i = 0; i < 2 * REQUESTS; i++) {
        const uint64_t paced_ns = 1000000 + 40000 * (i / 2 % 10);
        const frame_time frames[] = {{.name = "waits", .self_ns = i % 2 == 0 ? 1000000 : 1060000},
                                     {.name = "counts", .self_ns = paced_ns},
                                     {.name = "copies", .self_ns = 2 * paced_ns},
                                     {.name = "prints", .self_ns = 3 * paced_ns}};

        frames_add_request(&gathered, (gbxi_compare_half)(i % 2), frames, 4);
    }
    frames_compare(&comparison, &gathered);
    assert_int_equal(frames_row(&comparison, "waits")->found.mark, GBXI_MARK_SLOWER);
    assert_near(frames_row(&comparison, "waits")->found.shift, log(1.06));
    assert_int_equal(comparison.marked[0], 1);
    gbxi_comparison_fini(&comparison);
}

static void frames_that_are_too_short_do_not_tell_what_a_request_has_in_common(void **state)
{
    gbxi_gathered gathered;
    gbxi_comparison comparison;

    (void)state;
    gbxi_gathered_init(&gathered);
    for (size_t i = 0; i < 18; i++) {
        const uint64_t part_ns = i / 2 < 4 ? 100 : 103;
        const frame_time frames[] = {{.name = "work", .self_ns = 200 * part_ns},
                                     {.name = "a", .self_ns = 10 * part_ns},
                                     {.name = "b", .self_ns = 20 * part_ns},
                                     {.name = "c", .self_ns = 30 * part_ns}};

        frames_add_request(&gathered, (gbxi_compare_half)(i % 2), frames, 4);
    }
    frames_compare(&comparison, &gathered);
    assert_int_equal(comparison.tested, 1);
    assert_near(comparison.least, 4 * log(1.03));
    gbxi_comparison_fini(&comparison);
}

static void a_frame_that_took_no_time_is_compared_as_if_it_took_a_nanosecond(void **state)
{
    gbxi_gathered gathered;
    gbxi_comparison comparison;

    (void)state;
    gbxi_gathered_init(&gathered);
    add_even(&gathered, (frame_time){.name = "grows"}, 0, 1000000);
    add_even(&gathered, (frame_time){.name = "nothing"}, 0, 0);
    frames_compare(&comparison, &gathered);
    assert_near(frames_row(&comparison, "grows")->found.shift, log(1000000));
    assert_near(frames_row(&comparison, "nothing")->found.shift, 0);
    gbxi_comparison_fini(&comparison);
}

static void a_frame_that_took_no_time_spoils_no_other_one(void **state)
{
    gbxi_gathered gathered;
    gbxi_comparison comparison;

    (void)state;
    gbxi_gathered_init(&gathered);
    for (size_t i = 0; i < 2 * REQUESTS; i++) {
        const frame_time frames[] = {{.name = "grows", .self_ns = i % 2 == 0 ? 0 : 1000000000},
                                     {.name = "counts", .self_ns = 1000000 + 10000 * (i / 2)},
                                     {.name = "copies", .self_ns = 2000000 + 20000 * (i / 2)}};

        frames_add_request(&gathered, (gbxi_compare_half)(i % 2), frames, 3);
    }
    frames_compare(&comparison, &gathered);
    assert_int_equal(comparison.tested, 3);
    assert_near(frames_row(&comparison, "grows")->found.shift, log(1e9));
    assert_near(frames_row(&comparison, "counts")->found.shift, 0);
    assert_near(frames_row(&comparison, "copies")->found.shift, 0);
    gbxi_comparison_fini(&comparison);
}

static void a_frame_changes_what_it_takes_after_without_the_drift(void **state)
{
    gbxi_gathered gathered;
    gbxi_comparison comparison;
    char name[16];

    (void)state;
    gbxi_gathered_init(&gathered);
    for (size_t i = 0; i < 4; i++) {
        snprintf(name, sizeof(name), "frame%zu", i);
        add_even(&gathered, (frame_time){.name = name}, 1000000, 1100000);
    }
    add_even(&gathered, (frame_time){.name = "slower"}, 1000000, 1210000);
    for (size_t i = 0; i < 10; i++)
        frames_add_one(&gathered, GBXI_BEFORE, "slower", 1000000);
    for (size_t i = 0; i < 3; i++)
        frames_add_one(&gathered, GBXI_BEFORE, "gone", 500000);
    for (size_t i = 0; i < 4; i++)
        frames_add_one(&gathered, GBXI_AFTER, "new", 250000);
    frames_compare(&comparison, &gathered);
    assert_near(comparison.drift.drift, log(1.1));
    assert_string_equal(comparison.frames[0].name, "slower");
    assert_true(fabs(comparison.frames[0].change_ns - 2000000) < 1);
    assert_string_equal(comparison.frames[1].name, "gone"); /* changes more than the new one */
    assert_near(comparison.frames[1].change_ns, -1500000);
    assert_string_equal(comparison.frames[2].name, "new");
    assert_near(comparison.frames[2].change_ns, 1000000);
    gbxi_comparison_fini(&comparison);
}

static void what_half_of_the_frames_must_exceed_is_their_median(void **state)
{
    static const uint64_t widths[] = {103, 100, 102};
    static const char *const routes[] = {"/c", "/a", "/b"}, *const ordered[] = {"/a", "/b", "/c"};
    gbxi_gathered gathered;
    gbxi_comparison comparison;

    (void)state;
    gbxi_gathered_init(&gathered);
    for (size_t i = 0; i < 18; i++)
        for (size_t k = 0; k < 3; k++) {
            const frame_time frame = {
                .name = "work", .route = routes[k], .self_ns = 200 * (i / 2 < 4 ? 100 : widths[k])};

            frames_add_request(&gathered, (gbxi_compare_half)(i % 2), &frame, 1);
        }
    frames_compare(&comparison, &gathered);
    assert_near(comparison.least, 4 * log(1.02));
    for (size_t k = 0; k < 3; k++) { /* which change nothing, so that their names order them */
        assert_string_equal(comparison.frames[k].route, ordered[k]);
        assert_string_equal(comparison.routes[k].route, ordered[k]);
    }
    gbxi_comparison_fini(&comparison);
}

static void routes_of_both_sides_come_first(void **state)
{
    gbxi_gathered gathered;
    gbxi_comparison comparison;

    (void)state;
    gbxi_gathered_init(&gathered);
    frames_add_request(&gathered, GBXI_BEFORE, &(frame_time){.name = "work", .route = "/a", .self_ns = 10000}, 1);
    add_even(&gathered, (frame_time){.name = "work", .route = "/b"}, 10000, 10000);
    frames_compare(&comparison, &gathered);
    assert_string_equal(comparison.routes[0].route, "/b");
    assert_string_equal(comparison.routes[1].route, "/a");
    gbxi_comparison_fini(&comparison);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_of_more_than_5_percent_is_marked),
        cmocka_unit_test(a_frame_of_under_5_us_or_20_spans_is_too_short),
        cmocka_unit_test(the_price_of_a_span_is_that_of_the_side_where_it_is_higher),
        cmocka_unit_test(a_frame_that_is_too_short_is_said_to_be_so_in_few_requests_too),
        cmocka_unit_test(p_is_at_most_1_percent_after_the_adjustment_for_all_frames),
        cmocka_unit_test(nearly_all_times_must_show_3_tenths_of_the_shift),
        cmocka_unit_test(the_distance_of_quartiles_counts_4_times_on_the_side_where_it_is_larger),
        cmocka_unit_test(a_frame_with_many_spans_must_differ_by_the_price_of_them),
        cmocka_unit_test(a_difference_must_exceed_3_spreads_and_one_more_for_each_percent),
        cmocka_unit_test(the_spread_demands_no_more_than_8_times_as_long),
        cmocka_unit_test(the_longest_frame_is_marked_beside_short_ones),
        cmocka_unit_test(two_frames_tell_no_drift),
        cmocka_unit_test(what_is_in_common_is_not_taken_out_of_a_frame_that_has_no_part_in_it),
        cmocka_unit_test(frames_that_are_too_short_do_not_tell_what_a_request_has_in_common),
        cmocka_unit_test(a_frame_that_took_no_time_is_compared_as_if_it_took_a_nanosecond),
        cmocka_unit_test(a_frame_that_took_no_time_spoils_no_other_one),
        cmocka_unit_test(a_frame_changes_what_it_takes_after_without_the_drift),
        cmocka_unit_test(what_half_of_the_frames_must_exceed_is_their_median),
        cmocka_unit_test(routes_of_both_sides_come_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
