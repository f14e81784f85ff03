/* SPDX-License-Identifier: MIT */
/* Which calls count as repeats, and that counting them stays linear. */
#include "base/grow.h"
#include "recording.h"
#include "trace/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SITES = 10000 };

static const gbx_site page = {"page", "page", "src/page.c", 1, {0}};
static const gbx_site query = {"query", "query", "src/query.c", 2, {0}};
static const gbx_site other = {"other", "other", "src/other.c", 3, {0}};

static gbxi_trace *trace_of(recording *r, uint64_t min_duration_ns)
{
    gbxi_trace *trace =
        gbxi_trace_new(recording_finish(r), &(gbxi_trace_options){.min_duration_ns = min_duration_ns, .repeats = true});

    assert_non_null(trace);
    return trace;
}

static void release(recording *r, gbxi_trace *trace)
{
    gbxi_trace_free(trace);
    gbx_capture_unref(r->capture);
}

static void page_with(recording *r, int queries, uint64_t ns)
{
    recording_enter(r, &page);
    for (int i = 0; i < queries; i++)
        recording_call(r, &query, ns);
    recording_exit(r);
}

static void check_row(const gbxi_trace *trace, uint32_t row, const char *parent, const char *child, uint32_t count,
                      uint64_t total_ns)
{
    const gbxi_repeat *repeat = &trace->repeats.rows[row];

    assert_true(row < trace->repeats.row_count);
    assert_memory_equal(trace->frames.at[repeat->parent].name, parent, strlen(parent));
    assert_memory_equal(trace->frames.at[repeat->child].name, child, strlen(child));
    assert_int_equal(repeat->count, count);
    assert_int_equal(repeat->total_ns, total_ns);
}

static void three_equal_children_of_one_call_are_a_repeat(void **state)
{
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    page_with(&r, 3, 5);
    trace = trace_of(&r, 0);
    assert_int_equal(trace->repeats.row_count, 1);
    check_row(trace, 0, "page", "query", 3, 15);
    release(&r, trace);
}

static void children_of_different_calls_do_not_add_up(void **state)
{
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    for (int i = 0; i < 10; i++)
        page_with(&r, 2, 5);
    trace = trace_of(&r, 0);
    assert_int_equal(trace->repeats.row_count, 0);
    release(&r, trace);
}

static void roots_and_grandchildren_are_not_repeats(void **state)
{
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    for (int i = 0; i < 4; i++)
        recording_call(&r, &page, 1);
    recording_enter(&r, &page);
    for (int i = 0; i < 2; i++) {
        recording_enter(&r, &other);
        recording_call(&r, &query, 1);
        recording_call(&r, &query, 1);
        recording_exit(&r);
    }
    recording_exit(&r);
    trace = trace_of(&r, 0);
    assert_int_equal(trace->repeats.row_count, 0);
    release(&r, trace);
}

static void interleaved_children_count_each_for_itself(void **state)
{
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &page);
    for (int i = 0; i < 4; i++) {
        recording_call(&r, &query, 2);
        recording_enter(&r, &other);
        page_with(&r, 3 + i, 1);
        recording_exit(&r);
    }
    recording_exit(&r);
    trace = trace_of(&r, 0);
    assert_int_equal(trace->repeats.row_count, 2);
    /* The inner pages have more queries than the outer one, and so the row of that pair. */
    check_row(trace, 0, "page", "other", 4, 3 + 4 + 5 + 6);
    check_row(trace, 1, "page", "query", 6, 6);
    release(&r, trace);
}

static void the_worst_call_speaks_for_its_pair(void **state)
{
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    page_with(&r, 3, 100);
    page_with(&r, 5, 1);
    page_with(&r, 5, 4);
    page_with(&r, 5, 2);
    trace = trace_of(&r, 0);
    assert_int_equal(trace->repeats.row_count, 1);
    check_row(trace, 0, "page", "query", 5, 20);
    release(&r, trace);
}

static void folded_children_are_not_counted(void **state)
{
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &page);
    for (int i = 0; i < 8; i++)
        recording_call(&r, &query, i < 3 ? 10 : 9);
    recording_exit(&r);
    trace = trace_of(&r, 10);
    assert_int_equal(trace->repeats.row_count, 1);
    check_row(trace, 0, "page", "query", 3, 30);
    release(&r, trace);
}

static void equal_totals_are_ordered_by_frame(void **state)
{
    static const gbx_site third = {"third", "third", "src/third.c", 4, {0}};
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &page);
    for (int i = 0; i < 3; i++)
        recording_call(&r, &query, 5);
    for (int i = 0; i < 3; i++)
        recording_call(&r, &third, 5);
    recording_enter(&r, &other);
    for (int i = 0; i < 3; i++)
        recording_call(&r, &query, 5);
    recording_exit(&r);
    recording_exit(&r);
    trace = trace_of(&r, 0);
    assert_int_equal(trace->repeats.row_count, 3); /* found in the opposite order */
    check_row(trace, 0, "page", "query", 3, 15);
    check_row(trace, 1, "page", "third", 3, 15);
    check_row(trace, 2, "other", "query", 3, 15);
    release(&r, trace);
}

static gbx_site *many_sites(void)
{
    gbx_site *sites = calloc(SITES, sizeof(*sites));

    assert_non_null(sites);
    for (uint32_t i = 0; i < SITES; i++)
        sites[i] = (gbx_site){"many", "many", "src/many.c", i + 1, {0}};
    return sites;
}

static void rows_are_the_hundred_largest(void **state)
{
    gbx_site *sites = many_sites();
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &page);
    for (uint32_t i = 0; i < 300; i++)
        for (int n = 0; n < 3; n++)
            recording_call(&r, &sites[i], i * 7 % 300 + 1);
    recording_exit(&r);
    trace = trace_of(&r, 0);
    assert_int_equal(trace->repeats.row_count, GBXI_REPEAT_ROWS_MAX);
    for (uint32_t i = 0; i < GBXI_REPEAT_ROWS_MAX; i++)
        assert_int_equal(trace->repeats.rows[i].total_ns, 3 * (300 - i));
    release(&r, trace);
    free(sites);
}

/* Counts each child in turn, so that a count continues after the tallies have grown. */
static void counts_continue_when_tallies_grow(void **state)
{
    gbx_site *sites = many_sites();
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &page);
    for (int round = 0; round < 3; round++)
        for (uint32_t i = 0; i < GBXI_REPEAT_ROWS_MAX; i++)
            recording_call(&r, &sites[i], 1);
    recording_exit(&r);
    trace = trace_of(&r, 0);
    assert_true(trace->repeats.tally_capacity > GBXI_GROW_FIRST);
    assert_int_equal(trace->repeats.row_count, GBXI_REPEAT_ROWS_MAX);
    for (uint32_t i = 0; i < GBXI_REPEAT_ROWS_MAX; i++)
        check_row(trace, i, "page", "many", 3, 3);
    release(&r, trace);
    free(sites);
}

static uint32_t count_of(const gbxi_repeats *repeats, uint32_t child)
{
    return repeats->newest[child] != 0 ? repeats->tallies[repeats->newest[child] - 1].count : 0;
}

/* A call of 1 calls itself, and both call 2: each level counts for itself, and the outer one goes on after the inner.
 */
static void levels_count_apart_and_go_on(void **state)
{
    gbxi_repeats repeats;
    uint32_t inner;

    (void)state;
    gbxi_repeats_init(&repeats);
    assert_true(gbxi_repeats_child(&repeats, 0, 2, 10));
    inner = gbxi_repeats_mark(&repeats);
    for (int i = 0; i < 4; i++)
        assert_true(gbxi_repeats_child(&repeats, 1, 2, 1));
    assert_int_equal(count_of(&repeats, 2), 4);
    assert_true(gbxi_repeats_harvest(&repeats, inner, 1));
    assert_int_equal(gbxi_repeats_mark(&repeats), inner);
    assert_int_equal(count_of(&repeats, 2), 1);
    assert_true(gbxi_repeats_child(&repeats, 0, 1, 5));
    for (int i = 0; i < 2; i++)
        assert_true(gbxi_repeats_child(&repeats, 0, 2, 10));
    assert_int_equal(count_of(&repeats, 2), 3);
    assert_true(gbxi_repeats_harvest(&repeats, 0, 1));
    assert_int_equal(count_of(&repeats, 1), 0);
    assert_int_equal(count_of(&repeats, 2), 0);
    assert_int_equal(repeats.row_count, 1);
    assert_int_equal(repeats.rows[0].count, 4);
    gbxi_repeats_fini(&repeats);
    assert_null(repeats.tallies);
    assert_null(repeats.newest);
    assert_null(repeats.rows);
    assert_int_equal(gbxi_repeats_mark(&repeats), 0);
}

enum { ROW_SLOTS = 4096, ROWS = 1000 };

/* The slot of a row of the parent 0 by a hash without a key, which this table had once. */
static uint32_t old_slot(uint32_t child)
{
    uint64_t mixed = child * 0x9E3779B97F4A7C15u;

    return (uint32_t)(mixed >> 32 ^ mixed >> 8) % ROW_SLOTS;
}

/* A client that names frames chooses their numbers. Half of a slot for each row is usual. */
static void rows_chosen_to_collide_do_not(void **state)
{
    gbxi_repeats repeats;
    size_t passed = 0;

    (void)state;
    gbxi_repeats_init(&repeats);
    for (uint32_t found = 0, child = 0; found < ROWS; child++)
        for (uint32_t i = 0; old_slot(child) == 0 && i < GBXI_REPEAT_MIN; i++) {
            assert_true(gbxi_repeats_child(&repeats, 0, child, 1));
            found += i == 0;
        }
    assert_true(gbxi_repeats_harvest(&repeats, 0, 0));
    assert_int_equal(repeats.row_count, ROWS);
    for (size_t i = 0; i < repeats.row_table.slot_count; i++) {
        gbxi_table_slot slot;
        memcpy(&slot, repeats.row_table.slots + i * sizeof(slot), sizeof(slot));
        if (slot.number != 0)
            passed += (i - slot.hash) & (repeats.row_table.slot_count - 1);
    }
    assert_true(passed < ROWS);
    gbxi_repeats_fini(&repeats);
}

/* Ten thousand distinct children in turn, at two levels at once: found again at once, or this takes minutes. */
static void ten_thousand_distinct_children_stay_linear(void **state)
{
    gbx_site *sites = many_sites();
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &page);
    for (int round = 0; round < 3; round++)
        for (uint32_t i = 0; i < SITES; i++)
            recording_call(&r, &sites[i], 1);
    recording_enter(&r, &other);
    for (int round = 0; round < 4; round++)
        for (uint32_t i = 0; i < SITES; i++)
            recording_call(&r, &sites[i], 1);
    recording_exit(&r);
    recording_exit(&r);
    trace = trace_of(&r, 0);
    assert_int_equal(trace->repeats.row_count, GBXI_REPEAT_ROWS_MAX);
    for (uint32_t i = 0; i < GBXI_REPEAT_ROWS_MAX; i++)
        check_row(trace, i, "other", "many", 4, 4);
    release(&r, trace);
    free(sites);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_equal_children_of_one_call_are_a_repeat),
        cmocka_unit_test(children_of_different_calls_do_not_add_up),
        cmocka_unit_test(roots_and_grandchildren_are_not_repeats),
        cmocka_unit_test(interleaved_children_count_each_for_itself),
        cmocka_unit_test(the_worst_call_speaks_for_its_pair),
        cmocka_unit_test(folded_children_are_not_counted),
        cmocka_unit_test(equal_totals_are_ordered_by_frame),
        cmocka_unit_test(rows_are_the_hundred_largest),
        cmocka_unit_test(counts_continue_when_tallies_grow),
        cmocka_unit_test(levels_count_apart_and_go_on),
        cmocka_unit_test(rows_chosen_to_collide_do_not),
        cmocka_unit_test(ten_thousand_distinct_children_stay_linear),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
