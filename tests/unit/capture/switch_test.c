/* SPDX-License-Identifier: MIT */
/* Captures that end early: by the master switch from the start, or cut on the way. */
#include "capture/cost.h"
#include "capture/pool.h"
#include "shape.h"
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static int switch_on(void **state)
{
    (void)state;
    gbx_capture_switch(true);
    return gbx_capture_live_count() == 0 ? 0 : -1;
}

static void record_one(gbx_capture *capture)
{
    gbx_scope scope = gbx_capture_enter(capture);

    {
        GBX_SPAN_NAMED("one");
    }
    gbx_capture_leave(scope);
}

static void is_on_until_it_is_switched_off_and_on_again_after_that(void **state)
{
    (void)state;
    assert_true(gbx_capture_is_on());
    gbx_capture_switch(false);
    assert_false(gbx_capture_is_on());
    gbx_capture_switch(false);
    gbx_capture_switch(true);
    assert_true(gbx_capture_is_on());
}

static void a_capture_made_while_off_records_nothing_and_says_so(void **state)
{
    size_t blocks = gbxi_pool_used_count();
    gbx_capture *capture;
    gbx_capture_facts facts;

    (void)state;
    gbx_capture_switch(false);
    capture = gbx_capture_new(NULL);
    gbx_capture_switch(true);
    assert_non_null(capture);
    record_one(capture);
    assert_int_equal(gbxi_pool_used_count(), blocks);
    gbx_capture_finish(capture);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_int_equal(facts.lane_count, 0);
    assert_int_equal(facts.span_count, 0);
    assert_true(facts.truncated);
    gbx_capture_unref(capture);
}

static void a_capture_under_way_is_not_touched_by_the_switch(void **state)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_capture_facts facts;

    (void)state;
    record_one(capture);
    gbx_capture_switch(false);
    record_one(capture);
    gbx_capture_finish(capture);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_int_equal(facts.span_count, 2);
    assert_false(facts.truncated);
    assert_string_equal(shape_of(capture, 0), "one one");
    gbx_capture_unref(capture);
}

/* The first trace after a start with capturing off, or one under way when it was switched off, asks for the price. */
static void the_price_of_a_span_is_measured_even_while_off(void **state)
{
    (void)state;
    gbx_capture_switch(false);
    assert_true(gbxi_span_cost_ns(NULL) > 1);
}

static void a_cut_capture_is_balanced_truncated_and_drops_what_follows(void **state)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(capture);
    gbx_capture_facts facts;

    (void)state;
    {
        GBX_SPAN_NAMED("open");
        assert_true(gbx_capture_cut(capture));
        GBX_SPAN_NAMED("late");
    }
    gbx_capture_leave(scope);
    record_one(capture);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_true(facts.truncated);
    assert_int_equal(facts.dropped_spans, 0);
    assert_string_equal(shape_of(capture, 0), "open");
    gbx_capture_unref(capture);
}

static void only_the_first_to_freeze_decides_whether_it_was_cut(void **state)
{
    gbx_capture *finished = gbx_capture_new(NULL), *cut = gbx_capture_new(NULL);
    gbx_capture_facts facts;

    (void)state;
    gbx_capture_finish(finished);
    assert_false(gbx_capture_cut(finished));
    gbx_capture_facts_get(finished, &facts, sizeof(facts));
    assert_false(facts.truncated);
    assert_true(gbx_capture_cut(cut));
    assert_false(gbx_capture_cut(cut));
    gbx_capture_finish(cut);
    gbx_capture_facts_get(cut, &facts, sizeof(facts));
    assert_true(facts.truncated);
    gbx_capture_unref(finished);
    gbx_capture_unref(cut);
}

enum { THREADS = 4, ROUNDS = 2000 };

static void *capture_all_the_time(void *unused)
{
    (void)unused;
    for (int i = 0; i != ROUNDS; ++i) {
        gbx_capture *capture = gbx_capture_new(NULL);
        gbx_capture_facts facts;
        record_one(capture);
        gbx_capture_finish(capture);
        gbx_capture_facts_get(capture, &facts, sizeof(facts));
        assert_int_equal(facts.span_count, facts.truncated ? 0 : 1);
        gbx_capture_unref(capture);
    }
    return NULL;
}

static void switching_under_load_leaves_every_capture_whole_or_empty(void **state)
{
    pthread_t threads[THREADS];

    (void)state;
    for (int i = 0; i != THREADS; ++i)
        assert_int_equal(pthread_create(&threads[i], NULL, capture_all_the_time, NULL), 0);
    for (int i = 0; i != ROUNDS; ++i)
        gbx_capture_switch(i % 2 == 0);
    for (int i = 0; i != THREADS; ++i)
        assert_int_equal(pthread_join(threads[i], NULL), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, switch_on)
    const struct CMUnitTest tests[] = {
        TEST(the_price_of_a_span_is_measured_even_while_off),
        TEST(is_on_until_it_is_switched_off_and_on_again_after_that),
        TEST(a_capture_made_while_off_records_nothing_and_says_so),
        TEST(a_capture_under_way_is_not_touched_by_the_switch),
        TEST(a_cut_capture_is_balanced_truncated_and_drops_what_follows),
        TEST(only_the_first_to_freeze_decides_whether_it_was_cut),
        TEST(switching_under_load_leaves_every_capture_whole_or_empty),
    };

    return cmocka_run_group_tests_name("switch", tests, NULL, NULL);
}
