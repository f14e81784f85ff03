/* SPDX-License-Identifier: MIT */
/* Growing arrays: what is kept, how often memory moves, and what a lack of it leaves. */
#include "base/grow.h"
#include "scarce_memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

typedef struct item {
    uint64_t number;
    char more[16];
} item;

static void items_stay_when_an_array_grows(void **state)
{
    enum { COUNT = 100000 };
    item *items = NULL;
    size_t capacity = 0, growths = 0;

    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        growths += i == capacity;
        assert_true(gbxi_grow(&items, &capacity, i + 1, sizeof(*items)));
        assert_true(capacity > i);
        items[i].number = i;
    }
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(items[i].number, i);
    assert_in_range(growths, 2, 12); /* it doubles */
    free(items);
}

static void room_for_many_is_made_at_once_and_never_taken_back(void **state)
{
    char *bytes = NULL;
    size_t capacity = 0;

    (void)state;
    assert_true(gbxi_grow(&bytes, &capacity, 5000, 1));
    assert_int_equal(capacity, 5000);
    assert_true(gbxi_grow(&bytes, &capacity, 10, 1));
    assert_int_equal(capacity, 5000);
    assert_true(gbxi_grow(&bytes, &capacity, 5001, 1));
    assert_int_equal(capacity, 10000);
    free(bytes);
}

static void what_no_memory_can_hold_is_refused(void **state)
{
    item *items = NULL;
    size_t capacity = 0;

    (void)state;
    assert_true(gbxi_grow(&items, &capacity, 1, sizeof(*items)));
    assert_false(gbxi_grow(&items, &capacity, SIZE_MAX / sizeof(*items) + 1, sizeof(*items)));
    assert_false(gbxi_grow(&items, &capacity, SIZE_MAX, sizeof(*items)));
    assert_non_null(items);
    assert_int_equal(capacity, GBXI_GROW_FIRST);
    free(items);
}

static void without_memory_nothing_changes(void **state)
{
    item *items = NULL, *before;
    size_t capacity = 0;

    (void)state;
    assert_true(gbxi_grow(&items, &capacity, 1, sizeof(*items)));
    items[0].number = 7;
    before = items;
    scarce_memory_begin(0);
    assert_true(gbxi_grow(&items, &capacity, GBXI_GROW_FIRST, sizeof(*items))); /* needs none */
    assert_false(gbxi_grow(&items, &capacity, GBXI_GROW_FIRST + 1, sizeof(*items)));
    assert_true(scarce_memory_end());
    assert_ptr_equal(items, before);
    assert_int_equal(items[0].number, 7);
    assert_int_equal(capacity, GBXI_GROW_FIRST);
    free(items);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_stay_when_an_array_grows),
        cmocka_unit_test(room_for_many_is_made_at_once_and_never_taken_back),
        cmocka_unit_test(what_no_memory_can_hold_is_refused),
        cmocka_unit_test(without_memory_nothing_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
