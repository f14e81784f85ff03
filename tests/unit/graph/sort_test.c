/* SPDX-License-Identifier: MIT */
/* Sorting by keys: compared with the standard library's sort on random keys, stable, and in the order of doubles. */
#include "graph/transform/sort.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int compare(const void *a, const void *b)
{
    const gbxi_sort_item *one = a, *two = b;

    if (one->key != two->key)
        return one->key < two->key ? -1 : 1;
    return one->number < two->number ? -1 : one->number > two->number;
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

/* Numbered in the order of input, so that a stable sort and one by key and number are the same. */
static void check_random(size_t count, uint64_t mask)
{
    gbxi_sort_item *items = calloc(count + 1, sizeof(*items)), *expected = calloc(count + 1, sizeof(*expected));
    uint64_t state = 88172645463325252u + count;

    assert_non_null(items);
    assert_non_null(expected);
    for (size_t i = 0; i < count; i++)
        items[i] = (gbxi_sort_item){next_random(&state) & mask, (uint32_t)i};
    memcpy(expected, items, count * sizeof(*items));
    qsort(expected, count, sizeof(*expected), compare);
    assert_int_equal(gbxi_sort(items, count), GBX_ERR_OK);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(items[i].key, expected[i].key);
        assert_int_equal(items[i].number, expected[i].number);
    }
    free(items);
    free(expected);
}

static void keys_rise_and_equal_ones_stay_in_order(void **state)
{
    static const size_t counts[] = {0, 1, 2, 3, 1000, 50000};
    static const uint64_t masks[] = {0, 1, 0xff, 0xff00, 0xf0000000000000f0u, UINT64_MAX};

    (void)state;
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
        for (size_t j = 0; j < sizeof(masks) / sizeof(masks[0]); j++)
            check_random(counts[i], masks[j]);
}

static void keys_of_doubles_are_in_their_order(void **state)
{
    static const double rising[] = {-1.7976931348623157e308, -2, -1.5, -1, -5e-324, 0, 5e-324, 0.1, 1, 1.5, 2, 1e300};

    (void)state;
    for (size_t i = 1; i < sizeof(rising) / sizeof(rising[0]); i++)
        assert_true(gbxi_sort_key_of_double(rising[i - 1]) < gbxi_sort_key_of_double(rising[i]));
    assert_int_equal(gbxi_sort_key_of_double(-0.0), gbxi_sort_key_of_double(0.0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_rise_and_equal_ones_stay_in_order),
        cmocka_unit_test(keys_of_doubles_are_in_their_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
