/* SPDX-License-Identifier: MIT */
/* The memory limit of all captures: what it counts, what happens when it is reached, and changing it. */
#define _GNU_SOURCE
#include "capture/pool.h"
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#include <cmocka.h>

enum { SPANS = 20000 }; /* 640 KB of events */

static int reset(void **state)
{
    (void)state;
    gbx_capture_memory_limit_set(0);
    return gbx_capture_memory_used() == 0 ? 0 : -1;
}

static void sequence(int spans)
{
    for (int i = 0; i != spans; ++i) {
        GBX_SPAN_NAMED("s");
    }
}

static gbx_capture *record_with(const gbx_clock *clock, int spans)
{
    gbx_capture *capture = gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .clock = clock});
    gbx_scope scope = gbx_capture_enter(capture);

    sequence(spans);
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

static void a_lane_that_got_no_block_stays_full_when_memory_returns(void **state)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(capture);
    gbx_capture_facts facts;

    (void)state;
    gbx_capture_memory_limit_set(GBXI_BLOCK_BYTES);
    sequence(SPANS);
    gbx_capture_memory_limit_set(0);
    sequence(SPANS);
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_int_equal(facts.span_count + facts.dropped_spans, 2 * SPANS);
    assert_true(facts.span_count > 100 && facts.span_count < SPANS);
    gbx_capture_unref(capture);
}

static void after_the_finish_a_thread_inside_takes_no_more_memory(void **state)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(capture);

    (void)state;
    gbx_capture_finish(capture);
    sequence(SPANS);
    assert_int_equal(gbx_capture_memory_used(), GBXI_BLOCK_BYTES);
    gbx_capture_leave(scope);
    gbx_capture_unref(capture);
}

static bool is_mapped(void *block)
{
    unsigned char pages[GBXI_BLOCK_BYTES / 4096];

    return mincore(block, GBXI_BLOCK_BYTES, pages) == 0;
}

/* A block goes back to the system when it is given back over the limit, and when the limit is lowered. */
static void memory_over_the_bound_is_unmapped(void **state)
{
    void *first = gbxi_pool_take(), *second = gbxi_pool_take();

    (void)state;
    gbxi_pool_limit_set(1);
    gbxi_pool_give(first);
    assert_false(is_mapped(first));
    gbxi_pool_give(second);
    assert_true(is_mapped(second));
    assert_int_equal(gbxi_pool_idle_count(), 1);
    gbxi_pool_limit_set(0);
    assert_false(is_mapped(second));
    assert_int_equal(gbxi_pool_idle_count(), 0);
}

static void no_more_than_16_mebibytes_stay_idle(void **state)
{
    enum { BLOCKS = ((size_t)16 << 20) / GBXI_BLOCK_BYTES + 1 };
    void *blocks[BLOCKS];

    (void)state;
    for (size_t i = 0; i < BLOCKS; i++)
        assert_non_null(blocks[i] = gbxi_pool_take());
    for (size_t i = 0; i < BLOCKS; i++)
        gbxi_pool_give(blocks[i]);
    assert_int_equal(gbxi_pool_idle_count(), BLOCKS - 1);
    assert_true(is_mapped(blocks[BLOCKS - 2]));
    assert_false(is_mapped(blocks[BLOCKS - 1]));
}

static bool fail_mmap;
void *__real_mmap(void *at, size_t bytes, int access, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t bytes, int access, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t bytes, int access, int flags, int fd, off_t offset)
{
    return fail_mmap ? MAP_FAILED : __real_mmap(at, bytes, access, flags, fd, offset);
}

/* The failed take does not count as used and leaves the pool usable. */
static void a_system_without_memory_gives_no_block(void **state)
{
    void *block;

    (void)state;
    gbxi_pool_limit_set(0); /* no idle blocks */
    gbxi_pool_limit_set(1);
    fail_mmap = true;
    block = gbxi_pool_take();
    fail_mmap = false;
    assert_null(block);
    assert_int_equal(gbxi_pool_used_count(), 0);
    assert_non_null(block = gbxi_pool_take());
    gbxi_pool_give(block);
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
        TEST(a_lane_that_got_no_block_stays_full_when_memory_returns),
        TEST(after_the_finish_a_thread_inside_takes_no_more_memory),
        TEST(memory_over_the_bound_is_unmapped),
        TEST(no_more_than_16_mebibytes_stay_idle),
        TEST(a_system_without_memory_gives_no_block),
    };

    return cmocka_run_group_tests_name("memory_limit", tests, NULL, NULL);
}
