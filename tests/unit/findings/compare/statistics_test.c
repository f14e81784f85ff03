/* SPDX-License-Identifier: MIT */
/* Medians, spreads, shifts, Mann-Whitney's test and Holm's adjustment against known values. */
#include "findings/compare/holm.h"
#include "findings/compare/mann_whitney.h"
#include "findings/compare/median.h"
#include "findings/compare/shift.h"
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define SORTED(...) ((gbxi_sorted){(const double[]){__VA_ARGS__}, COUNT(((const double[]){__VA_ARGS__}))})

static void assert_near(double value, double expected)
{
    if (fabs(value - expected) > 1e-12)
        fail_msg("%.17g is not %.17g", value, expected);
}

static void medians_are_the_middle_or_the_mean_of_both_middle_values(void **state)
{
    static const struct {
        double values[6];
        size_t count;
        double median;
    } table[] = {{{3}, 1, 3}, {{4, 1}, 2, 2.5}, {{9, 1, 5}, 3, 5}, {{1, 100, 2, 3}, 4, 2.5}, {{5, 5, 5, 1, 9}, 5, 5}};

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        double values[6];

        memcpy(values, table[i].values, sizeof(values));
        assert_near(gbxi_median(values, table[i].count), table[i].median);
        for (size_t k = 1; k < table[i].count; k++)
            assert_true(values[k - 1] <= values[k]);
    }
}

static void quartiles_are_interpolated(void **state)
{
    (void)state;
    assert_near(gbxi_quartile_distance((const double[]){7}, 1), 0);
    assert_near(gbxi_quartile_distance((const double[]){0, 10}, 2), 5);
    assert_near(gbxi_quartile_distance((const double[]){1, 2, 3, 4, 100}, 5), 2);
}

static void the_deviation_ignores_the_fifth_that_is_farthest_away(void **state)
{
    double two[] = {10, 13}, five[] = {10, 10, 13, 7, 500}, ten[] = {1, -1, 1, -1, 1, -1, 1, -1, 90, -90};

    (void)state;
    assert_near(gbxi_trimmed_deviation(two, 2, 10), 0);
    assert_near(gbxi_trimmed_deviation(five, 5, 10), sqrt(18.0 / 4) / 0.6615);
    assert_near(gbxi_trimmed_deviation(ten, 10, 0), 1 / 0.6615);
}

/* The parts were counted over all orders. */
static void exact_parts_are_those_of_all_orders_counted(void **state)
{
    static const struct {
        size_t a, b, u;
        double part;
    } table[] = {{1, 1, 0, 0.5},
                 {2, 2, 1, 0.3333333333333333},
                 {5, 4, 3, 0.05555555555555555},
                 {3, 7, 4, 0.09166666666666666},
                 {8, 8, 13, 0.024941724941724943},
                 {8, 9, 20, 0.06939531057178117},
                 {4, 12, 10, 0.051648351648351645},
                 {20, 8, 30, 0.004808717852196113},
                 {20, 20, 127, 0.02454516259468622},
                 {20, 20, 400, 1}};

    (void)state;
    for (size_t i = 0; i < COUNT(table); i++) {
        assert_near(gbxi_mann_whitney_exact(table[i].a, table[i].b, table[i].u), table[i].part);
        assert_near(gbxi_mann_whitney_exact(table[i].b, table[i].a, table[i].u), table[i].part);
    }
}

/* The example of SciPy's documentation of mannwhitneyu: U 17, p 0.1111 exactly. */
static void small_samples_without_ties_are_tested_exactly(void **state)
{
    gbxi_mann_whitney found = gbxi_mann_whitney_test(SORTED(16, 19, 22, 24, 29), SORTED(11, 12, 17, 20));

    (void)state;
    assert_near(found.u, 17);
    assert_near(found.p, 0.1111111111111111);
    found = gbxi_mann_whitney_test(SORTED(11, 12, 17, 20), SORTED(16, 19, 22, 24, 29));
    assert_near(found.u, 3);
    assert_near(found.p, 0.1111111111111111);
    assert_near(gbxi_mann_whitney_test(SORTED(1, 4), SORTED(2, 3)).p, 1);
    assert_near(gbxi_mann_whitney_test(SORTED(1), SORTED(2)).p, 1);
}

static void ties_are_corrected_for(void **state)
{
    gbxi_mann_whitney found = gbxi_mann_whitney_test(SORTED(1, 1, 2, 3), SORTED(1, 2, 2, 5, 6));

    (void)state;
    assert_near(found.u, 6);
    assert_near(found.p, 0.3748571426833401);
    assert_near(gbxi_mann_whitney_test(SORTED(5, 5, 5), SORTED(5, 5)).p, 1);
}

static void larger_samples_are_tested_by_the_normal_approximation(void **state)
{
    double a[25], b[30];
    gbxi_mann_whitney found;

    (void)state;
    for (size_t i = 0; i < COUNT(a); i++)
        a[i] = (double)(i * 7 % 23);
    for (size_t i = 0; i < COUNT(b); i++)
        b[i] = (double)(i * 5 % 29) + 3;
    (void)gbxi_median(a, COUNT(a));
    (void)gbxi_median(b, COUNT(b));
    found = gbxi_mann_whitney_test((gbxi_sorted){a, COUNT(a)}, (gbxi_sorted){b, COUNT(b)});
    assert_near(found.u, 225);
    assert_near(found.p, 0.011463504161594109);
}

static void holm_counts_the_smallest_for_all_and_the_next_for_the_rest(void **state)
{
    double p[] = {0.04, 0.01, 0.03, 0.005, 0.9};
    static const double expected[] = {0.09, 0.04, 0.09, 0.025, 0.9};
    size_t order[COUNT(p)];

    (void)state;
    gbxi_holm_adjust(p, order, COUNT(p));
    for (size_t i = 0; i < COUNT(p); i++)
        assert_near(p[i], expected[i]);
    gbxi_holm_adjust((double[]){0.7, 0.8}, order, 2);
    gbxi_holm_adjust(p, order, 0);
}

static void holm_never_exceeds_one(void **state)
{
    double p[] = {0.7, 0.8};
    size_t order[COUNT(p)];

    (void)state;
    gbxi_holm_adjust(p, order, COUNT(p));
    assert_near(p[0], 1);
    assert_near(p[1], 1);
}

static void the_shift_is_the_median_of_all_differences(void **state)
{
    double shift;

    (void)state;
    assert_true(gbxi_shift_estimate(SORTED(1, 2, 4), SORTED(3, 7), &shift));
    assert_near(shift, 2.5); /* of -1, 1, 2, 3, 5, 6 */
    assert_true(gbxi_shift_estimate(SORTED(1), SORTED(9), &shift));
    assert_near(shift, 8);
}

static void the_shift_of_large_samples_is_that_of_values_at_equal_distances(void **state)
{
    enum { MANY = 5000 };
    double *a = malloc(MANY * sizeof(*a)), *b = malloc(MANY * sizeof(*b)), shift;

    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        a[i] = (double)i;
        b[i] = (double)i + 1234;
    }
    assert_true(gbxi_shift_estimate((gbxi_sorted){a, MANY}, (gbxi_sorted){b, MANY}, &shift));
    assert_near(shift, 1234);
    assert_true(gbxi_shift_estimate((gbxi_sorted){a, MANY}, SORTED(MANY), &shift));
    assert_true(fabs(shift - (MANY + 1) / 2.0) < 1); /* the middle of `a` is not below its own */
    free(a);
    free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(medians_are_the_middle_or_the_mean_of_both_middle_values),
        cmocka_unit_test(quartiles_are_interpolated),
        cmocka_unit_test(the_deviation_ignores_the_fifth_that_is_farthest_away),
        cmocka_unit_test(exact_parts_are_those_of_all_orders_counted),
        cmocka_unit_test(small_samples_without_ties_are_tested_exactly),
        cmocka_unit_test(ties_are_corrected_for),
        cmocka_unit_test(larger_samples_are_tested_by_the_normal_approximation),
        cmocka_unit_test(holm_counts_the_smallest_for_all_and_the_next_for_the_rest),
        cmocka_unit_test(holm_never_exceeds_one),
        cmocka_unit_test(the_shift_is_the_median_of_all_differences),
        cmocka_unit_test(the_shift_of_large_samples_is_that_of_values_at_equal_distances),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
