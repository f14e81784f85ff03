/* SPDX-License-Identifier: MIT */
/* The memory limit of all captures: what it counts, what happens when it is reached, and changing it. */
#include "capture/pool.h"
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { SPANS = 20000 }; /* 640 KB of events */

static int reset(void **state)
{
    (void)state;
    gbx_capture_memory_limit_set(0);
    return gbx_capture_memory_used() == 0 ? 0 : -1;
}

static gbx_capture *record_with(const gbx_clock *clock, int spans)
{
    gbx_capture *capture = gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .clock = clock});
    gbx_scope scope = gbx_capture_enter(capture);

    for (int i = 0; i != spans; ++i) {
        GBX_SPAN_NAMED("s");
    }
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    return capture;
}

static gbx_capture *record(int spans)
{
    return record_with(NULL, spans);
}

static void is_a_gibibyte_unless_it_is_set(void **state)
{
    (void)state;
    assert_int_equal(gbx_capture_memory_limit(), (size_t)1 << 30);
    gbx_capture_memory_limit_set(5 << 20);
    assert_int_equal(gbx_capture_memory_limit(), 5 << 20);
    gbx_capture_memory_limit_set(0);
    assert_int_equal(gbx_capture_memory_limit(), GBX_CAPTURE_MEMORY_BYTES_DEFAULT);
}

static void is_whole_blocks_and_one_at_least(void **state)
{
    (void)state;
    gbx_capture_memory_limit_set(1);
    assert_int_equal(gbx_capture_memory_limit(), GBXI_BLOCK_BYTES);
    gbx_capture_memory_limit_set(3 * GBXI_BLOCK_BYTES - 1);
    assert_int_equal(gbx_capture_memory_limit(), 2 * GBXI_BLOCK_BYTES);
}

static void at_the_bound_spans_are_dropped_and_counted(void **state)
{
    gbx_capture *capture;
    gbx_capture_facts facts;

    (void)state;
    gbx_capture_memory_limit_set(4 * GBXI_BLOCK_BYTES);
    capture = record(SPANS);
    assert_int_equal(gbx_capture_memory_used(), 4 * GBXI_BLOCK_BYTES);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_true(facts.truncated);
    assert_true(facts.span_count > 5000);
    assert_int_equal(facts.span_count + facts.dropped_spans, SPANS);
    gbx_capture_unref(capture);
}

/* The first trace of a process may well be one that takes all the memory there is. */
static void a_price_that_could_not_be_measured_is_measured_later(void **state)
{
    const gbx_clock *const clocks[] = {NULL, gbx_clock_monotonic()};

    (void)state;
    for (size_t i = 0; i != sizeof(clocks) / sizeof(clocks[0]); ++i) {
        gbx_capture_facts facts;
        gbx_capture *capture;

        gbx_capture_memory_limit_set(GBXI_BLOCK_BYTES);
        capture = record_with(clocks[i], 1);
        gbx_capture_facts_get(capture, &facts, sizeof(facts));
        assert_true(facts.span_cost_ns == 0);
        gbx_capture_memory_limit_set(0);
        gbx_capture_facts_get(capture, &facts, sizeof(facts));
        assert_true(facts.span_cost_ns > 0);
        gbx_capture_unref(capture);
    }
}

static void it_counts_all_captures_together(void **state)
{
    gbx_capture *first, *second;
    gbx_capture_facts facts;

    (void)state;
    gbx_capture_memory_limit_set(4 * GBXI_BLOCK_BYTES);
    first = record(SPANS);
    second = record(1);
    gbx_capture_facts_get(second, &facts, sizeof(facts));
    assert_int_equal(facts.lane_count, 0);
    assert_true(facts.truncated);
    gbx_capture_unref(second);
    gbx_capture_unref(first);
    second = record(1);
    gbx_capture_facts_get(second, &facts, sizeof(facts));
    assert_int_equal(facts.span_count, 1);
    assert_false(facts.truncated);
    gbx_capture_unref(second);
}

static void below_what_is_in_use_it_takes_nothing_away(void **state)
{
    gbx_capture *capture = record(SPANS);
    gbx_capture_facts facts;
    size_t used = gbx_capture_memory_used();

    (void)state;
    gbx_capture_memory_limit_set(GBXI_BLOCK_BYTES);
    assert_int_equal(gbx_capture_memory_used(), used);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_int_equal(facts.span_count, SPANS);
    gbx_capture_unref(capture);
    assert_int_equal(gbx_capture_memory_used(), 0);
}

/* Blocks that nobody uses count too once the bound is low: they are unmapped, and no new ones are needed at it. */
static void idle_memory_keeps_to_the_bound(void **state)
{
    (void)state;
    gbx_capture_unref(record(SPANS));
    assert_true(gbxi_pool_idle_count() > 4);
    gbx_capture_memory_limit_set(4 * GBXI_BLOCK_BYTES);
    assert_int_equal(gbxi_pool_idle_count(), 4);
    gbx_capture_unref(record(SPANS));
    assert_int_equal(gbxi_pool_idle_count(), 4);
    gbx_capture_memory_limit_set(0);
    gbx_capture_unref(record(SPANS));
    assert_true(gbxi_pool_idle_count() > 4);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, reset)
    const struct CMUnitTest tests[] = {
        TEST(a_price_that_could_not_be_measured_is_measured_later), /* before anything measures it */
        TEST(is_a_gibibyte_unless_it_is_set),
        TEST(is_whole_blocks_and_one_at_least),
        TEST(at_the_bound_spans_are_dropped_and_counted),
        TEST(it_counts_all_captures_together),
        TEST(below_what_is_in_use_it_takes_nothing_away),
        TEST(idle_memory_keeps_to_the_bound),
    };

    return cmocka_run_group_tests_name("memory_limit", tests, NULL, NULL);
}
