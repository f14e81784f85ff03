/* SPDX-License-Identifier: MIT */
/* The gate on a clock that the test controls. */
#include "capture/pool.h"
#include "middleware/gate.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MS ((uint64_t)1000000)

static uint64_t now;
static gbx_gate gate;
static uint32_t retry_after_s;

static uint64_t read_now(void *context)
{
    (void)context;
    return now;
}

static int set_up(void **state)
{
    static const gbx_clock clock = {.size = sizeof(clock), .now_ns = read_now};

    (void)state;
    now = 7000 * MS;
    gbxi_gate_init(&gate, &clock);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    gbx_capture_switch(true);
    gbx_capture_memory_limit_set(0);
    return 0;
}

static gbxi_fate enter(void)
{
    return gbxi_gate_enter(&gate, &retry_after_s);
}

static uint32_t under_way(void)
{
    gbx_capture_counts counts;

    gbx_gate_counts_get(&gate, &counts, sizeof(counts));
    return counts.under_way;
}

static gbx_limits limits_now(void)
{
    gbx_limits limits;

    gbx_gate_limits_get(&gate, &limits, sizeof(limits));
    return limits;
}

static void enter_and_leave(unsigned times)
{
    while (times-- != 0) {
        assert_int_equal(enter(), GBXI_FATE_captured);
        gbxi_gate_leave(&gate);
    }
}

static void a_look_says_what_entering_would_and_takes_nothing(void **state)
{
    uint32_t seconds = 0;
    void *block;

    (void)state;
    assert_int_equal(gbx_gate_limits_set(
                         &gate, &(gbx_limits){.size = sizeof(gbx_limits), .max_captures = 2, .captures_per_second = 2}),
                     GBX_ERR_OK);
    for (int i = 0; i != 10; ++i)
        assert_int_equal(gbxi_gate_look(&gate, &seconds), GBXI_FATE_captured);
    assert_int_equal(enter(), GBXI_FATE_captured);
    assert_int_equal(enter(), GBXI_FATE_captured);
    assert_int_equal(gbxi_gate_look(&gate, &seconds), GBXI_FATE_refused_captures);
    gbxi_gate_leave(&gate);
    assert_int_equal(gbxi_gate_look(&gate, &seconds), GBXI_FATE_refused_rate);
    assert_int_equal(seconds, 1);
    gbxi_gate_leave(&gate);
    gbx_capture_switch(false);
    assert_int_equal(gbxi_gate_look(&gate, &seconds), GBXI_FATE_off);
    gbx_capture_switch(true);
    now += 1000 * MS;
    assert_int_equal(gbxi_gate_look(&gate, &seconds), GBXI_FATE_captured);
    block = gbxi_pool_take();
    gbx_capture_memory_limit_set(GBXI_BLOCK_BYTES);
    assert_int_equal(gbxi_gate_look(&gate, &seconds), GBXI_FATE_refused_memory);
    assert_int_equal(seconds, 1);
    gbxi_pool_give(block);
}

static void has_the_documented_defaults(void **state)
{
    gbx_limits limits, process;

    (void)state;
    gbx_gate_limits_get(&gate, &limits, sizeof(limits));
    gbx_limits_get(&process, sizeof(process));
    assert_int_equal(limits.max_captures, 64);
    assert_int_equal(limits.captures_per_second, 0);
    assert_int_equal(limits.max_capture_ms, 60000);
    assert_memory_equal(&process, &limits, sizeof(limits));
}

static void the_process_has_one_whose_limits_can_be_set_and_reset(void **state)
{
    gbx_limits wanted = {.size = sizeof(wanted), .max_captures = 3, .captures_per_second = 5, .max_capture_ms = 700};
    gbx_limits got;

    (void)state;
    assert_int_equal(gbx_limits_set(&wanted), GBX_ERR_OK);
    gbx_gate_limits_get(gbxi_gate_shared(), &got, sizeof(got));
    assert_memory_equal(&got, &wanted, sizeof(got));
    assert_int_equal(gbx_limits_set(NULL), GBX_ERR_OK);
    gbx_limits_get(&got, sizeof(got));
    assert_int_equal(got.max_captures, 64);
}

static void lets_as_many_in_as_there_are_places(void **state)
{
    (void)state;
    assert_int_equal(gbx_gate_limits_set(&gate, &(gbx_limits){.size = sizeof(gbx_limits), .max_captures = 3}),
                     GBX_ERR_OK);
    for (int i = 0; i != 3; ++i)
        assert_int_equal(enter(), GBXI_FATE_captured);
    assert_int_equal(enter(), GBXI_FATE_refused_captures);
    assert_int_equal(retry_after_s, 1);
    assert_int_equal(under_way(), 3);
    gbxi_gate_leave(&gate);
    assert_int_equal(enter(), GBXI_FATE_captured);
    assert_int_equal(enter(), GBXI_FATE_refused_captures);
}

static void fewer_places_than_are_taken_wait_for_those_to_leave(void **state)
{
    (void)state;
    for (int i = 0; i != 5; ++i)
        assert_int_equal(enter(), GBXI_FATE_captured);
    assert_int_equal(gbx_gate_limits_set(&gate, &(gbx_limits){.size = sizeof(gbx_limits), .max_captures = 4}),
                     GBX_ERR_OK);
    gbxi_gate_leave(&gate);
    assert_int_equal(enter(), GBXI_FATE_refused_captures);
    gbxi_gate_leave(&gate);
    assert_int_equal(enter(), GBXI_FATE_captured);
}

static void without_a_rate_lets_any_number_in_a_moment(void **state)
{
    (void)state;
    enter_and_leave(100000);
}

static void a_second_is_worth_its_number_at_once_and_then_one_after_the_other(void **state)
{
    (void)state;
    assert_int_equal(gbx_gate_limits_set(&gate, &(gbx_limits){.size = sizeof(gbx_limits), .captures_per_second = 10}),
                     GBX_ERR_OK);
    enter_and_leave(10);
    assert_int_equal(enter(), GBXI_FATE_refused_rate);
    assert_int_equal(under_way(), 0);
    now += 100 * MS - 1;
    assert_int_equal(enter(), GBXI_FATE_refused_rate);
    now += 1;
    enter_and_leave(1);
    assert_int_equal(enter(), GBXI_FATE_refused_rate);
    now += 3600 * 1000 * MS; /* an hour's pause is not worth more than a second's */
    enter_and_leave(10);
    assert_int_equal(enter(), GBXI_FATE_refused_rate);
}

static void keeps_the_rate_over_a_long_time(void **state)
{
    unsigned captured = 0;

    (void)state;
    assert_int_equal(gbx_gate_limits_set(&gate, &(gbx_limits){.size = sizeof(gbx_limits), .captures_per_second = 7}),
                     GBX_ERR_OK);
    for (int i = 0; i != 100 * 1000; ++i, now += MS)
        if (enter() == GBXI_FATE_captured) {
            ++captured;
            gbxi_gate_leave(&gate);
        }
    assert_in_range(captured, 700, 707);
}

static void says_in_whole_seconds_when_to_come_again(void **state)
{
    (void)state;
    assert_int_equal(gbx_gate_limits_set(&gate, &(gbx_limits){.size = sizeof(gbx_limits), .captures_per_second = 1000}),
                     GBX_ERR_OK);
    enter_and_leave(1000);
    assert_int_equal(enter(), GBXI_FATE_refused_rate);
    assert_int_equal(retry_after_s, 1);
    assert_int_equal(gbx_gate_limits_set(&gate, &(gbx_limits){.size = sizeof(gbx_limits), .captures_per_second = 1}),
                     GBX_ERR_OK);
    assert_int_equal(enter(), GBXI_FATE_refused_rate); /* the bucket is as empty as it was */
    assert_int_equal(retry_after_s, 1);
    now += 1000 * MS;
    enter_and_leave(1);
    now += 1;
    assert_int_equal(enter(), GBXI_FATE_refused_rate);
    now += 1000 * MS - 2;
    assert_int_equal(enter(), GBXI_FATE_refused_rate);
    assert_int_equal(retry_after_s, 1);
    now += 1;
    enter_and_leave(1);
}

static void the_largest_numbers_do_not_overflow(void **state)
{
    (void)state;
    assert_int_equal(gbx_gate_limits_set(&gate, &(gbx_limits){.size = sizeof(gbx_limits),
                                                              .max_captures = UINT32_MAX,
                                                              .captures_per_second = UINT32_MAX,
                                                              .max_capture_ms = UINT32_MAX}),
                     GBX_ERR_OK);
    assert_int_equal(limits_now().captures_per_second, 1000000000);
    enter_and_leave(100);
}

static void is_shut_while_capturing_is_off_and_costs_no_place_or_token(void **state)
{
    (void)state;
    assert_int_equal(gbx_gate_limits_set(
                         &gate, &(gbx_limits){.size = sizeof(gbx_limits), .max_captures = 1, .captures_per_second = 1}),
                     GBX_ERR_OK);
    gbx_capture_switch(false);
    for (int i = 0; i != 10; ++i)
        assert_int_equal(enter(), GBXI_FATE_off);
    gbx_capture_switch(true);
    assert_int_equal(enter(), GBXI_FATE_captured);
}

static void is_shut_while_there_is_no_block_left_to_record_into(void **state)
{
    void *block = gbxi_pool_take();

    (void)state;
    gbx_capture_memory_limit_set(2 * GBXI_BLOCK_BYTES);
    enter_and_leave(1);
    gbx_capture_memory_limit_set(GBXI_BLOCK_BYTES);
    assert_int_equal(enter(), GBXI_FATE_refused_memory);
    assert_int_equal(retry_after_s, 1);
    gbxi_pool_give(block);
    enter_and_leave(1);
}

static void counts_every_fate_for_itself(void **state)
{
    gbx_capture_counts counts;

    (void)state;
    for (int fate = 0; fate != GBXI_FATE_COUNT; ++fate)
        for (int i = 0; i <= fate; ++i)
            gbxi_gate_count(&gate, (gbxi_fate)fate);
    gbxi_gate_count_expired(&gate);
    gbx_gate_counts_get(&gate, &counts, sizeof(counts));
    assert_int_equal(counts.captured, 1);
    assert_int_equal(counts.off, 2);
    assert_int_equal(counts.refused_captures, 3);
    assert_int_equal(counts.refused_rate, 4);
    assert_int_equal(counts.refused_memory, 5);
    assert_int_equal(counts.expired, 1);
    assert_int_equal(counts.under_way, 0);
}

static void has_a_sentence_for_every_fate(void **state)
{
    (void)state;
    for (int fate = 0; fate != GBXI_FATE_COUNT; ++fate)
        assert_true(gbxi_fate_text((gbxi_fate)fate)[0] != '\0');
}

enum { THREADS = 8, ROUNDS = 20000, PLACES = 3 };

static _Atomic(uint32_t) inside, most_inside;

/* Goes in and out, and watches that there are never more inside than places. */
static void *push_through(void *unused)
{
    uint32_t seconds;

    for (int i = 0; i != ROUNDS; ++i) {
        gbxi_fate fate = gbxi_gate_enter(&gate, &seconds);
        gbxi_gate_count(&gate, fate);
        if (fate == GBXI_FATE_captured) {
            uint32_t here = atomic_fetch_add(&inside, 1) + 1, most = atomic_load(&most_inside);
            while (here > most && !atomic_compare_exchange_weak(&most_inside, &most, here))
                ;
            atomic_fetch_sub(&inside, 1);
            gbxi_gate_leave(&gate);
        }
    }
    return unused;
}

static void run_threads(void)
{
    pthread_t threads[THREADS];

    for (int i = 0; i != THREADS; ++i)
        assert_int_equal(pthread_create(&threads[i], NULL, push_through, NULL), 0);
    for (int i = 0; i != THREADS; ++i)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

static void threads_never_exceed_the_places_and_every_one_comes_back(void **state)
{
    gbx_capture_counts counts;

    (void)state;
    assert_int_equal(gbx_gate_limits_set(&gate, &(gbx_limits){.size = sizeof(gbx_limits), .max_captures = PLACES}),
                     GBX_ERR_OK);
    run_threads();
    gbx_gate_counts_get(&gate, &counts, sizeof(counts));
    assert_true(most_inside <= PLACES);
    assert_int_equal(counts.under_way, 0);
    assert_true(counts.captured >= ROUNDS);
    assert_int_equal(counts.captured + counts.refused_captures, THREADS * ROUNDS);
}

/* The clock stands still, so there is exactly one second's worth for all threads together. */
static void threads_share_one_bucket_to_the_last_token(void **state)
{
    gbx_capture_counts counts;

    (void)state;
    assert_int_equal(gbx_gate_limits_set(&gate, &(gbx_limits){.size = sizeof(gbx_limits), .captures_per_second = 1000}),
                     GBX_ERR_OK);
    run_threads();
    gbx_gate_counts_get(&gate, &counts, sizeof(counts));
    assert_int_equal(counts.captured, 1000);
    assert_int_equal(counts.refused_rate, THREADS * ROUNDS - 1000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(has_the_documented_defaults),
        TEST(the_process_has_one_whose_limits_can_be_set_and_reset),
        TEST(lets_as_many_in_as_there_are_places),
        TEST(fewer_places_than_are_taken_wait_for_those_to_leave),
        TEST(without_a_rate_lets_any_number_in_a_moment),
        TEST(a_second_is_worth_its_number_at_once_and_then_one_after_the_other),
        TEST(keeps_the_rate_over_a_long_time),
        TEST(says_in_whole_seconds_when_to_come_again),
        TEST(the_largest_numbers_do_not_overflow),
        TEST(is_shut_while_capturing_is_off_and_costs_no_place_or_token),
        TEST(is_shut_while_there_is_no_block_left_to_record_into),
        TEST(counts_every_fate_for_itself),
        TEST(a_look_says_what_entering_would_and_takes_nothing),
        TEST(has_a_sentence_for_every_fate),
        TEST(threads_never_exceed_the_places_and_every_one_comes_back),
        TEST(threads_share_one_bucket_to_the_last_token),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
