/* SPDX-License-Identifier: MIT */
/* Histograms: exact buckets, quantiles against sorted numbers, sums, and bytes that are none. */
#include "store/histogram.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { NUMBERS = 5000 };

static void buckets_begin_and_end_where_the_table_says(void **state)
{
    static const struct {
        uint64_t value, max;
        uint32_t bucket;
    } table[] = {
        {0, 0, 0},
        {1, 1, 1},
        {31, 31, 31},
        {32, 32, 32},
        {63, 63, 63},
        {64, 65, 64},
        {65, 65, 64},
        {66, 67, 65},
        {127, 127, 95},
        {128, 131, 96},
        {1000, 1007, 190},
        {1000000, 1015807, 509},
        {UINT64_MAX / 2, UINT64_MAX / 2, 1887},
        {UINT64_MAX, UINT64_MAX, GBXI_HISTOGRAM_BUCKETS - 1},
    };

    (void)state;
    for (size_t i = 0; i != sizeof(table) / sizeof(*table); ++i) {
        assert_int_equal(gbxi_histogram_bucket(table[i].value), table[i].bucket);
        assert_int_equal(gbxi_histogram_bucket_max(table[i].bucket), table[i].max);
    }
}

static void buckets_follow_each_other_without_a_gap_and_are_at_most_a_thirty_second_wide(void **state)
{
    (void)state;
    for (uint32_t i = 1; i != GBXI_HISTOGRAM_BUCKETS; ++i) {
        uint64_t min = gbxi_histogram_bucket_max(i - 1) + 1, max = gbxi_histogram_bucket_max(i);

        assert_int_equal(gbxi_histogram_bucket(min), i);
        assert_int_equal(gbxi_histogram_bucket(max), i);
        assert_true((max - min) <= min / GBXI_HISTOGRAM_SUBS);
    }
}

static int compare_numbers(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

static uint64_t next_number(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (*seed >> 20) >> (*seed % 44);
}

static void quantiles_are_those_of_the_sorted_numbers_or_up_to_a_thirty_second_more(void **state)
{
    static const uint32_t per_mille[] = {1, 500, 950, 990, 999, 1000};
    uint64_t *numbers = malloc(NUMBERS * sizeof(*numbers)), seed = 7;
    gbxi_histogram *histogram = calloc(1, sizeof(*histogram));

    (void)state;
    for (size_t i = 0; i != NUMBERS; ++i) {
        numbers[i] = next_number(&seed);
        gbxi_histogram_add(histogram, numbers[i]);
    }
    qsort(numbers, NUMBERS, sizeof(*numbers), compare_numbers);
    for (size_t i = 0; i != sizeof(per_mille) / sizeof(*per_mille); ++i) {
        uint64_t exact = numbers[(NUMBERS * per_mille[i] + 999) / 1000 - 1];
        uint64_t told = gbxi_histogram_quantile(histogram, per_mille[i]);

        assert_true(told >= exact);
        assert_true(told - exact <= exact / GBXI_HISTOGRAM_SUBS);
    }
    free(histogram);
    free(numbers);
}

static void an_empty_one_has_no_quantiles(void **state)
{
    gbxi_histogram *histogram = calloc(1, sizeof(*histogram));

    (void)state;
    assert_int_equal(gbxi_histogram_quantile(histogram, 500), 0);
    free(histogram);
}

static void a_sum_and_its_bytes_are_as_if_all_numbers_had_been_added_to_one(void **state)
{
    gbxi_histogram *parts = calloc(3, sizeof(*parts)), *whole = &parts[2];
    uint8_t *bytes = malloc(GBXI_HISTOGRAM_BYTES_MAX);
    uint64_t seed = 99;

    (void)state;
    for (size_t i = 0; i != NUMBERS; ++i) {
        uint64_t number = next_number(&seed);

        gbxi_histogram_add(&parts[i % 2], number);
        gbxi_histogram_add(whole, number);
    }
    assert_true(gbxi_histogram_decode(&parts[0], bytes, gbxi_histogram_encode(&parts[1], bytes)));
    assert_memory_equal(&parts[0], whole, sizeof(*whole));
    memset(&parts[1], 0, sizeof(parts[1]));
    gbxi_histogram_merge(&parts[1], whole);
    assert_memory_equal(&parts[1], whole, sizeof(*whole));
    free(bytes);
    free(parts);
}

static void the_bytes_of_few_numbers_are_few(void **state)
{
    gbxi_histogram *histogram = calloc(1, sizeof(*histogram));
    uint8_t *bytes = malloc(GBXI_HISTOGRAM_BYTES_MAX);
    static const uint8_t expected[] = {1, 3, 2, 61, 1};

    (void)state;
    assert_int_equal(gbxi_histogram_encode(histogram, bytes), 1);
    gbxi_histogram_add(histogram, 3);
    gbxi_histogram_add(histogram, 3);
    gbxi_histogram_add(histogram, 64);
    assert_int_equal(gbxi_histogram_encode(histogram, bytes), sizeof(expected));
    assert_memory_equal(bytes, expected, sizeof(expected));
    free(bytes);
    free(histogram);
}

static void bytes_that_are_no_histogram_are_refused_and_change_nothing(void **state)
{
    static const struct {
        uint8_t bytes[14];
        size_t length;
    } wrong[] = {
        {{0}, 0},
        {{2, 1, 1}, 3},                                                              /* another version */
        {{1, 5}, 2},                                                                 /* no count */
        {{1, 5, 0}, 3},                                                              /* a count of 0 */
        {{1, 5, 1, 0, 1}, 5},                                                        /* a bucket twice */
        {{1, 5, 0x80}, 3},                                                           /* an unfinished number */
        {{1, 0x80, 0x80, 1, 1}, 5},                                                  /* beyond the last bucket */
        {{1, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2}, 12},       /* beyond 64 bits */
        {{1, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x80, 1}, 13}, /* too long */
    };
    gbxi_histogram *histogram = calloc(2, sizeof(*histogram));

    (void)state;
    for (size_t i = 0; i != sizeof(wrong) / sizeof(*wrong); ++i) {
        assert_false(gbxi_histogram_decode(histogram, wrong[i].bytes, wrong[i].length));
        assert_memory_equal(&histogram[0], &histogram[1], sizeof(*histogram));
    }
    free(histogram);
}

static void any_bytes_are_read_without_harm(void **state)
{
    gbxi_histogram *histogram = calloc(1, sizeof(*histogram));
    uint8_t bytes[64];
    uint64_t seed = 3;
    size_t read = 0;

    (void)state;
    for (size_t i = 0; i != 20000; ++i) {
        size_t length = next_number(&seed) % sizeof(bytes);

        for (size_t j = 0; j != length; ++j)
            bytes[j] = (uint8_t)(next_number(&seed) % 3 == 0 ? next_number(&seed) : next_number(&seed) % 4);
        bytes[0] = 1;
        read += gbxi_histogram_decode(histogram, bytes, length);
    }
    assert_true(read > 0);
    free(histogram);
}

static void counts_stop_at_the_largest_number(void **state)
{
    gbxi_histogram *histogram = calloc(1, sizeof(*histogram));

    (void)state;
    for (size_t i = 0; i != 3; ++i)
        assert_true(gbxi_histogram_decode(
            histogram, (uint8_t[]){1, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1}, 12));
    assert_int_equal(histogram->count, UINT64_MAX);
    assert_int_equal(gbxi_histogram_quantile(histogram, 500), 1);
    free(histogram);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buckets_begin_and_end_where_the_table_says),
        cmocka_unit_test(buckets_follow_each_other_without_a_gap_and_are_at_most_a_thirty_second_wide),
        cmocka_unit_test(quantiles_are_those_of_the_sorted_numbers_or_up_to_a_thirty_second_more),
        cmocka_unit_test(an_empty_one_has_no_quantiles),
        cmocka_unit_test(a_sum_and_its_bytes_are_as_if_all_numbers_had_been_added_to_one),
        cmocka_unit_test(the_bytes_of_few_numbers_are_few),
        cmocka_unit_test(bytes_that_are_no_histogram_are_refused_and_change_nothing),
        cmocka_unit_test(any_bytes_are_read_without_harm),
        cmocka_unit_test(counts_stop_at_the_largest_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
