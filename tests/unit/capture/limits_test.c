/* SPDX-License-Identifier: MIT */
/* What happens at the limits: spans are dropped and counted, open ones still close, memory stays bounded and returns.
 */
#include "capture/pool.h"
#include "shape.h"
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void recurse(int depth)
{
    GBX_SPAN_NAMED("r");
    if (depth > 1)
        recurse(depth - 1);
}

static void sequence(int count)
{
    for (int i = 0; i != count; ++i) {
        GBX_SPAN_NAMED("s");
    }
}

static gbx_capture *record(void (*work)(int), int argument, const gbx_capture_options *options)
{
    gbx_capture *capture = gbx_capture_new(options);
    gbx_scope scope = gbx_capture_enter(capture);

    {
        GBX_SPAN_NAMED("root");
        work(argument);
    }
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    return capture;
}

/* Checks the counts that a capture of root and `work` ends with, and that the lane is balanced. */
static void check(void (*work)(int), int argument, gbx_capture_options options, size_t kept, size_t deepest,
                  size_t dropped)
{
    gbx_capture *capture = record(work, argument, &options);
    gbx_capture_facts facts;
    size_t spans, depth;

    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    shape_count(capture, 0, &spans, &depth);
    assert_int_equal(spans, kept);
    assert_int_equal(facts.span_count, kept);
    assert_int_equal(depth, deepest);
    assert_int_equal(facts.dropped_spans, dropped);
    assert_int_equal(facts.truncated, dropped != 0);
    gbx_capture_unref(capture);
}

static void drops_past_max_spans_and_counts(void **state)
{
    (void)state;
    check(sequence, 9, (gbx_capture_options){.size = sizeof(gbx_capture_options), .max_spans = 10}, 10, 2, 0);
    check(sequence, 10, (gbx_capture_options){.size = sizeof(gbx_capture_options), .max_spans = 10}, 10, 2, 1);
    check(sequence, 1000, (gbx_capture_options){.size = sizeof(gbx_capture_options), .max_spans = 1}, 1, 1, 1000);
    check(sequence, 1000, (gbx_capture_options){.size = sizeof(gbx_capture_options), .max_spans = 100}, 100, 2, 901);
    check(recurse, 1000, (gbx_capture_options){.size = sizeof(gbx_capture_options), .max_spans = 100}, 100, 100, 901);
    check(sequence, 300000, (gbx_capture_options){.size = sizeof(gbx_capture_options)}, 300001, 2, 0);
}

/* A lane takes many spans at once from the capture's budget. */
static void leaving_returns_the_spans_that_were_not_used(void **state)
{
    gbx_capture *capture =
        gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_spans = 100});
    gbx_capture_facts facts;

    (void)state;
    for (size_t i = 0; i < 101; i++) {
        GBX_ENTER(capture);
        sequence(1);
    }
    gbx_capture_finish(capture);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_int_equal(facts.span_count, 100);
    assert_int_equal(facts.dropped_spans, 1);
    gbx_capture_unref(capture);
}

static void drops_past_max_depth_and_counts(void **state)
{
    (void)state;
    check(recurse, 9, (gbx_capture_options){.size = sizeof(gbx_capture_options), .max_depth = 10}, 10, 10, 0);
    check(recurse, 10, (gbx_capture_options){.size = sizeof(gbx_capture_options), .max_depth = 10}, 10, 10, 1);
    check(recurse, 5000, (gbx_capture_options){.size = sizeof(gbx_capture_options)}, 1000, 1000, 4001);
    check(recurse, 5000, (gbx_capture_options){.size = sizeof(gbx_capture_options), .max_depth = 99999}, 2000, 2000,
          3001);
    check(sequence, 3, (gbx_capture_options){.size = sizeof(gbx_capture_options), .max_depth = 1}, 1, 1, 3);
}

/* ThreadSanitizer keeps a stack of its own, which ends at 65,536 calls. */
#ifdef __SANITIZE_THREAD__
enum { VERY_DEEP = 60000 };
#else
enum { VERY_DEEP = 100000 };
#endif

static void *recurse_very_deep(void *unused)
{
    check(recurse, VERY_DEEP, (gbx_capture_options){.size = sizeof(gbx_capture_options)}, 1000, 1000, VERY_DEEP - 999);
    return unused;
}

/* On a stack that holds the sanitizers' large frames too. */
static void survives_recursion_100000_deep(void **state)
{
    pthread_attr_t attributes;
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstacksize(&attributes, (size_t)1 << 30), 0);
    assert_int_equal(pthread_create(&thread, &attributes, recurse_very_deep, NULL), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    pthread_attr_destroy(&attributes);
}

static void endless_notes(int count)
{
    char text[4096];

    memset(text, 'n', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    for (int i = 0; i != count; ++i)
        gbx_note_str("k", text);
}

static void text_is_bounded_too(void **state)
{
    size_t used = gbxi_pool_used_count();
    gbx_capture *capture =
        record(endless_notes, 10000, &(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_spans = 10});
    gbx_capture_facts facts;

    (void)state;
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_true(facts.truncated);
    assert_int_equal(facts.dropped_spans, 0);
    assert_true((gbxi_pool_used_count() - used) * GBXI_BLOCK_BYTES < (size_t)3 << 20);
    gbx_capture_unref(capture);
    assert_int_equal(gbxi_pool_used_count(), used);
}

static void named_spans(int count)
{
    for (int i = 0; i != count; ++i) {
        GBX_SPAN_FMT("%0*d", 1000, i);
    }
}

static void past_the_allowance_of_text_names_fall_back_to_the_function(void **state)
{
    gbx_capture *capture =
        record(named_spans, 5000, &(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_spans = 6000});
    gbx_capture_facts facts;
    gbx_reader reader;
    gbx_record step;
    size_t formatted = 0, plain = 0;

    (void)state;
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    for (gbx_reader_init(&reader, capture, 0); gbx_reader_next(&reader, &step);)
        if (step.kind == GBX_RECORD_ENTER)
            ++*(gbx_record_is_formatted(&step) ? &formatted : &plain);
    assert_int_equal(formatted + plain, 5001);
    assert_true(formatted > 1000 && plain > 1000);
    assert_true(facts.truncated);
    assert_int_equal(facts.dropped_spans, 0);
    gbx_capture_unref(capture);
}

/* With a bound of n blocks for one lane, what fits is kept, everything closes, and the rest is counted. */
static void an_exhausted_pool_drops_and_counts(void **state)
{
    size_t limit = gbxi_pool_limit_set(gbxi_pool_used_count() + 3);

    (void)state;
    for (int depth = 1; depth <= 2000; depth += 333) {
        gbx_capture *capture =
            gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_depth = 2000});
        gbx_scope scope = gbx_capture_enter(capture);
        gbx_capture_facts facts;
        size_t spans, deepest;
        for (int i = 0; i < 20000; i += depth)
            recurse(depth);
        gbx_capture_leave(scope);
        gbx_capture_finish(capture);
        gbx_capture_facts_get(capture, &facts, sizeof(facts));
        shape_count(capture, 0, &spans, &deepest);
        assert_int_equal(spans, facts.span_count);
        assert_true(facts.dropped_spans > 10000 && facts.truncated);
        assert_true(spans >= 3000 && deepest == (size_t)depth);
        gbx_capture_unref(capture);
    }
    gbxi_pool_limit_set(limit);
}

static void without_any_block_nothing_is_recorded_and_the_capture_says_so(void **state)
{
    size_t limit = gbxi_pool_limit_set(gbxi_pool_used_count());
    gbx_capture *capture = record(sequence, 5, NULL);
    gbx_capture_facts facts;

    (void)state;
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_int_equal(facts.lane_count, 0);
    assert_true(facts.truncated);
    gbx_capture_unref(capture);
    gbxi_pool_limit_set(limit);
}

static void *enter_once(void *capture)
{
    gbx_scope scope = gbx_capture_enter(capture);

    sequence(1);
    gbx_capture_leave(scope);
    return NULL;
}

static void the_65th_thread_gets_no_lane_and_the_capture_says_so(void **state)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_capture_facts facts;

    (void)state;
    for (int i = 0; i != 66; ++i) {
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, enter_once, capture), 0);
        assert_int_equal(pthread_join(thread, NULL), 0);
    }
    gbx_capture_finish(capture);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_int_equal(facts.lane_count, 64);
    assert_int_equal(facts.span_count, 64);
    assert_true(facts.truncated);
    gbx_capture_unref(capture);
}

static void memory_is_16_bytes_an_event_and_returns(void **state)
{
    size_t used = gbxi_pool_used_count(), blocks;
    gbx_capture *capture = record(sequence, 499999, NULL);

    (void)state;
    blocks = gbxi_pool_used_count() - used;
    assert_true(blocks * GBXI_BLOCK_BYTES <= 1000000 * 16 + 3 * GBXI_BLOCK_BYTES + 1000000 / 4095 * 16);
    gbx_capture_unref(capture);
    assert_int_equal(gbxi_pool_used_count(), used);
}

static bool fail_calloc;
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size)
{
    return fail_calloc ? NULL : __real_calloc(count, size);
}

static void *enter_without_memory(void *capture)
{
    gbx_scope scope;

    fail_calloc = true;
    scope = gbx_capture_enter(capture);
    fail_calloc = false;
    sequence(1);
    assert_null(gbx_capture_current());
    gbx_capture_leave(scope);
    return NULL;
}

static void failing_allocations_lose_the_capture_or_the_lane_only(void **state)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_capture_facts facts;
    pthread_t thread;

    (void)state;
    fail_calloc = true;
    assert_null(gbx_capture_new(NULL));
    fail_calloc = false;
    assert_int_equal(pthread_create(&thread, NULL, enter_without_memory, capture), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    gbx_capture_finish(capture);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_int_equal(facts.lane_count, 0);
    assert_true(facts.truncated);
    gbx_capture_unref(capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(drops_past_max_spans_and_counts),
        cmocka_unit_test(leaving_returns_the_spans_that_were_not_used),
        cmocka_unit_test(drops_past_max_depth_and_counts),
        cmocka_unit_test(survives_recursion_100000_deep),
        cmocka_unit_test(text_is_bounded_too),
        cmocka_unit_test(past_the_allowance_of_text_names_fall_back_to_the_function),
        cmocka_unit_test(an_exhausted_pool_drops_and_counts),
        cmocka_unit_test(without_any_block_nothing_is_recorded_and_the_capture_says_so),
        cmocka_unit_test(the_65th_thread_gets_no_lane_and_the_capture_says_so),
        cmocka_unit_test(memory_is_16_bytes_an_event_and_returns),
        cmocka_unit_test(failing_allocations_lose_the_capture_or_the_lane_only),
    };
    return cmocka_run_group_tests_name("limits", tests, NULL, NULL);
}
