/* SPDX-License-Identifier: MIT */
/* What the frames of a request have in common: the median of the others that count. */
#include "findings/compare/pace.h"
#include "frames.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { FRAMES = 5, BASE_NS = 1 << 20 };

static const char *const names[FRAMES] = {"a", "b", "c", "d", "e"};

/* Adds a request in which each frame takes so many times two as long as its median, and one in which it takes as much
 * less, so that the median is what it is. */
static void add_requests(gbxi_gathered *gathered, gbxi_compare_half half, const char *route, const int *doubled,
                         size_t count)
{
    frame_time frames[FRAMES];

    for (int sign = -1; sign <= 1; sign++) {
        for (size_t i = 0; i < count; i++)
            frames[i] =
                (frame_time){.name = names[i], .route = route, .self_ns = (uint64_t)ldexp(BASE_NS, sign * doubled[i])};
        frames_add_request(gathered, half, frames, count);
    }
}

/* What the request with the longer times has in common, as frame `number` of its route is told, in doublings. */
static double common_of(const gbxi_gathered *gathered, gbxi_compare_half half, uint32_t route, size_t number)
{
    for (size_t i = 0; i < gathered->cell_count; i++)
        if (gathered->cells[i].route == route &&
            strcmp(gathered->frames[gathered->cells[i].frame].name, names[number]) == 0)
            return gathered->cells[i].halves[half].at[2].common / log(2);
    return NAN;
}

static void check_common(gbxi_compare_half half, const bool *counts, const int *doubled, size_t count,
                         const double *expected)
{
    gbxi_gathered gathered;

    gbxi_gathered_init(&gathered);
    add_requests(&gathered, half, "/", doubled, count);
    assert_true(gbxi_pace_settle(&gathered, counts));
    for (size_t i = 0; i < count; i++)
        assert_true(fabs(common_of(&gathered, half, 0, i) - expected[i]) < 1e-9);
    gbxi_gathered_fini(&gathered);
}

static void a_frame_is_not_among_those_that_tell_what_it_has_in_common(void **state)
{
    const bool all[] = {true, true, true, true};

    (void)state;
    for (size_t half = 0; half < GBXI_COMPARE_HALVES; half++) {
        check_common((gbxi_compare_half)half, all, (const int[]){1, 2, 4}, 3, (const double[]){3, 2.5, 1.5});
        check_common((gbxi_compare_half)half, all, (const int[]){8, 4, 1, 2}, 4, (const double[]){2, 2, 4, 4});
        check_common((gbxi_compare_half)half, all, (const int[]){3, 3, 1}, 3, (const double[]){2, 2, 3});
    }
}

static void frames_that_do_not_count_are_told_what_the_others_have_in_common(void **state)
{
    (void)state;
    check_common(GBXI_AFTER, (const bool[]){true, true, true, false}, (const int[]){1, 2, 4, 9}, 4,
                 (const double[]){3, 2.5, 1.5, 2});
    check_common(GBXI_AFTER, (const bool[]){false, true, true, true, true}, (const int[]){9, 1, 2, 4, 8}, 5,
                 (const double[]){3, 4, 4, 2, 2});
}

static void two_frames_that_count_have_nothing_in_common(void **state)
{
    (void)state;
    check_common(GBXI_BEFORE, (const bool[]){true, true, false, false}, (const int[]){1, 2, 4, 9}, 4,
                 (const double[]){0, 0, 0, 0});
}

/* The frames of both are read in turns. */
static void requests_of_another_route_have_nothing_to_do_with_it(void **state)
{
    const bool all[2 * FRAMES] = {true, true, true, true, true, true, true, true, true, true};
    gbxi_gathered gathered;

    (void)state;
    gbxi_gathered_init(&gathered);
    for (size_t count = 1; count <= 3; count++) {
        add_requests(&gathered, GBXI_BEFORE, "/one", (const int[]){1, 2, 4}, count);
        add_requests(&gathered, GBXI_BEFORE, "/other", (const int[]){5, 6, 7}, count);
    }
    for (size_t i = 0; i < gathered.cell_count; i++)
        assert_int_equal(gathered.cells[i].route, i % 2);
    assert_true(gbxi_pace_settle(&gathered, all));
    for (size_t i = 0; i < gathered.cell_count; i++) {
        const gbxi_gathered_values *values = &gathered.cells[i].halves[GBXI_BEFORE];
        static const double expected[2][3] = {{3, 2.5, 1.5}, {6.5, 6, 5.5}};

        assert_true(fabs(values->at[values->count - 1].common / log(2) - expected[i % 2][i / 2]) < 1e-9);
    }
    gbxi_gathered_fini(&gathered);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_is_not_among_those_that_tell_what_it_has_in_common),
        cmocka_unit_test(frames_that_do_not_count_are_told_what_the_others_have_in_common),
        cmocka_unit_test(two_frames_that_count_have_nothing_in_common),
        cmocka_unit_test(requests_of_another_route_have_nothing_to_do_with_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
