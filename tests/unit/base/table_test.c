/* SPDX-License-Identifier: MIT */
/* Hash tables: what is put in is found, whatever the hashes, in slots of any size; and what a lack of memory leaves. */
#include "base/table.h"
#include "scarce_memory.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { COUNT = 20000 };

/* A slot with the thing in it. */
typedef struct wide_slot {
    gbxi_table_slot slot;
    uint64_t thing;
} wide_slot;

static uint32_t thousandth(uint64_t thing)
{
    return (uint32_t)(thing / 1000);
}

static uint32_t mixed(uint64_t thing)
{
    return (uint32_t)(thing * 0x9E3779B97F4A7C15u >> 32);
}

static uint32_t at_the_end(uint64_t thing)
{
    return UINT32_MAX - (uint32_t)(thing % 3);
}

static bool is_wide(const void *context, const gbxi_table_slot *slot, const void *thing)
{
    assert_null(context);
    return ((const wide_slot *)(const void *)slot)->thing == *(const uint64_t *)thing;
}

static bool is_number(const void *things, const gbxi_table_slot *slot, const void *thing)
{
    return ((const uint64_t *)things)[slot->number - 1] == *(const uint64_t *)thing;
}

static void check_wide(uint32_t (*hash)(uint64_t thing), uint32_t count)
{
    gbxi_table table = {0};

    for (uint32_t i = 0; i < count; i++) {
        uint64_t thing = UINT64_C(7) * i;
        gbxi_table_slot *slot;

        assert_true(gbxi_table_reserve(&table, sizeof(wide_slot), (size_t)i + 1));
        assert_true(table.slot_count >= 2 * ((size_t)i + 1));
        slot = gbxi_table_find(&table, sizeof(wide_slot), hash(thing), is_wide, NULL, &thing);
        assert_int_equal(slot->number, 0);
        *(wide_slot *)(void *)slot = (wide_slot){{hash(thing), i + 1}, thing};
    }
    for (uint64_t thing = 0; thing < UINT64_C(7) * count; thing++) {
        const gbxi_table_slot *slot = gbxi_table_find(&table, sizeof(wide_slot), hash(thing), is_wide, NULL, &thing);

        assert_int_equal(slot->number, thing % 7 == 0 ? thing / 7 + 1 : 0);
    }
    gbxi_table_fini(&table);
    gbxi_table_fini(&table); /* empty again */
}

static void everything_is_found_and_nothing_else(void **state)
{
    (void)state;
    check_wide(mixed, COUNT);
    check_wide(thousandth, COUNT / 10);
    check_wide(at_the_end, 300);
}

static void things_may_be_elsewhere(void **state)
{
    static uint64_t things[COUNT];
    gbxi_table table = {0};

    (void)state;
    for (uint32_t i = 0; i < COUNT; i++) {
        uint64_t thing = i * i;
        gbxi_table_slot *slot;

        assert_true(gbxi_table_reserve(&table, sizeof(gbxi_table_slot), (size_t)i + 1));
        slot = gbxi_table_find(&table, sizeof(gbxi_table_slot), mixed(thing), is_number, things, &thing);
        things[i] = thing;
        *slot = (gbxi_table_slot){mixed(thing), i + 1};
    }
    for (uint32_t i = 0; i < COUNT; i++) {
        uint64_t thing = i * i;

        assert_int_equal(
            gbxi_table_find(&table, sizeof(gbxi_table_slot), mixed(thing), is_number, things, &thing)->number, i + 1);
    }
    gbxi_table_fini(&table);
}

static void without_memory_nothing_changes(void **state)
{
    uint64_t thing = 5;
    gbxi_table table = {0};

    (void)state;
    scarce_memory_begin(0);
    assert_false(gbxi_table_reserve(&table, sizeof(wide_slot), 1));
    assert_true(scarce_memory_end());
    assert_int_equal(table.slot_count, 0);
    assert_true(gbxi_table_reserve(&table, sizeof(wide_slot), 1));
    *(wide_slot *)(void *)gbxi_table_first(&table, sizeof(wide_slot), mixed(thing)) =
        (wide_slot){{mixed(thing), 1}, thing};
    scarce_memory_begin(0);
    assert_true(gbxi_table_reserve(&table, sizeof(wide_slot), GBXI_TABLE_SLOTS_FIRST / 2)); /* needs none */
    assert_false(gbxi_table_reserve(&table, sizeof(wide_slot), GBXI_TABLE_SLOTS_FIRST / 2 + 1));
    assert_true(scarce_memory_end());
    assert_int_equal(table.slot_count, GBXI_TABLE_SLOTS_FIRST);
    assert_int_equal(gbxi_table_find(&table, sizeof(wide_slot), mixed(thing), is_wide, NULL, &thing)->number, 1);
    gbxi_table_fini(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_is_found_and_nothing_else),
        cmocka_unit_test(things_may_be_elsewhere),
        cmocka_unit_test(without_memory_nothing_changes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
