/* SPDX-License-Identifier: MIT */
/* Spans from a moment: on another thread or the same, before and after other spans, at the limits, and none for a
 * moment that does not belong to the capture. */
#include "shape.h"
#include "tests/support/fake_clock.h"
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const gbx_capture_options by_fake_clock = {.size = sizeof(by_fake_clock), .clock = &fake};

/* Reads the next record and checks when it was, and which span it begins; a NULL name is an exit. */
static void expect(gbx_reader *reader, const char *name, uint64_t at_ns)
{
    gbx_record record;

    assert_true(gbx_reader_next(reader, &record));
    assert_int_equal(record.kind, name != NULL ? GBX_RECORD_ENTER : GBX_RECORD_EXIT);
    assert_int_equal(record.at_ns, at_ns);
    if (name != NULL)
        assert_string_equal(record.name, name);
}

static void expect_end(gbx_reader *reader)
{
    gbx_record record;

    assert_false(gbx_reader_next(reader, &record));
}

typedef struct job {
    gbx_capture *carried;
    uint64_t queued;
} job;

static void *work(void *memory)
{
    job *self = memory;
    GBX_RESUME(self->carried);

    GBX_SPAN_SINCE("queue", self->queued);
    {
        GBX_SPAN_NAMED("work");
        ++fake_now;
    }
    return NULL;
}

static void reaches_back_before_the_thread_entered(void **state)
{
    gbx_capture *capture;
    pthread_t thread;
    gbx_reader reader;
    job handed_over;

    (void)state;
    fake_now = 1000;
    capture = gbx_capture_new(&by_fake_clock);
    {
        GBX_ENTER(capture);
        fake_now = 1010;
        handed_over = (job){gbx_capture_carry(), gbx_span_moment()};
    }
    fake_now = 1070;
    assert_int_equal(pthread_create(&thread, NULL, work, &handed_over), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    gbx_capture_finish(capture);
    gbx_reader_init(&reader, capture, 1);
    expect(&reader, "queue", 10);
    expect(&reader, NULL, 70);
    expect(&reader, "work", 70);
    expect(&reader, NULL, 71);
    expect_end(&reader);
    gbx_capture_unref(capture);
}

static void begins_behind_what_the_thread_has_recorded_since(void **state)
{
    gbx_capture *capture;
    gbx_reader reader;
    uint64_t moment;

    (void)state;
    fake_now = 1000;
    capture = gbx_capture_new(&by_fake_clock);
    {
        GBX_ENTER(capture);
        moment = gbx_span_moment();
        fake_now = 1020;
        {
            GBX_SPAN_NAMED("outer");
            fake_now = 1030;
            {
                GBX_SPAN_NAMED("inner");
                fake_now = 1040;
            }
            fake_now = 1060;
            GBX_SPAN_SINCE("since", moment);
        }
    }
    gbx_capture_finish(capture);
    gbx_reader_init(&reader, capture, 0);
    expect(&reader, "outer", 20);
    expect(&reader, "inner", 30);
    expect(&reader, NULL, 40);
    expect(&reader, "since", 40);
    expect(&reader, NULL, 60);
    expect(&reader, NULL, 60);
    expect_end(&reader);
    gbx_capture_unref(capture);
}

/* The shape of a capture in which one span is asked for since `moment`. */
static void check_since(uint64_t moment, const gbx_capture_options *options, const char *expected)
{
    gbx_capture *capture = gbx_capture_new(options);

    {
        GBX_ENTER(capture);
        GBX_SPAN_NAMED("root");
        GBX_SPAN_SINCE("since", moment);
        {
            GBX_SPAN_NAMED("next");
        }
    }
    gbx_capture_finish(capture);
    assert_string_equal(shape_of(capture, 0), expected);
    gbx_capture_unref(capture);
}

static uint64_t moment_of_another_capture(const gbx_capture_options *options)
{
    gbx_capture *capture = gbx_capture_new(options);
    uint64_t moment;

    {
        GBX_ENTER(capture);
        moment = gbx_span_moment();
    }
    assert_int_not_equal(moment, 0);
    gbx_capture_unref(capture);
    return moment;
}

static void a_moment_that_is_not_the_captures_makes_no_span(void **state)
{
    (void)state;
    fake_now = 1000;
    assert_int_equal(gbx_span_moment(), 0); /* of no capture */
    check_since(0, NULL, "root(next)");
    check_since(moment_of_another_capture(NULL), NULL, "root(next)");           /* from before */
    check_since(moment_of_another_capture(&by_fake_clock), NULL, "root(next)"); /* of another clock */
    check_since(moment_of_another_capture(NULL), &by_fake_clock, "root(next)");
    check_since(UINT64_MAX, NULL, "root(next)"); /* yet to come */
    check_since(1000, &by_fake_clock, "root(since next)");
}

static uint64_t must_not_be_asked(void)
{
    abort();
}

static void costs_an_uncaptured_thread_not_even_its_argument(void **state)
{
    (void)state;
    GBX_SPAN_SINCE("since", must_not_be_asked());
}

/* Asks for a span where the limit allows none, and checks that the spans around it are none the wiser. */
static void check_dropped(const gbx_capture_options *options, const char *expected, uint64_t dropped)
{
    gbx_capture *capture = gbx_capture_new(options);
    gbx_capture_facts facts;

    {
        GBX_ENTER(capture);
        GBX_SPAN_NAMED("a");
        {
            GBX_SPAN_NAMED("b");
            GBX_SPAN_SINCE("since", gbx_span_moment());
            gbx_note_int("n", 1);
        }
        gbx_note_int("n", 2);
    }
    gbx_capture_finish(capture);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_string_equal(shape_of(capture, 0), expected);
    assert_int_equal(facts.dropped_spans, dropped);
    assert_int_equal(facts.truncated, dropped != 0);
    gbx_capture_unref(capture);
}

static void is_dropped_and_counted_at_the_limits(void **state)
{
    (void)state;
    check_dropped(NULL, "a(b(since{n=1}){n=2})", 0);
    check_dropped(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_spans = 2}, "a(b{n=1}{n=2})", 1);
    check_dropped(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_depth = 2}, "a(b{n=1}{n=2})", 1);
}

/* Block after block, each of them used to its last slot. */
static void any_number_of_them_is_kept_in_order(void **state)
{
    enum { COUNT = 20000 };
    gbx_capture *capture = gbx_capture_new(NULL);
    size_t spans, deepest;

    (void)state;
    {
        GBX_ENTER(capture);
        GBX_SPAN_NAMED("root");
        for (int i = 0; i != COUNT; ++i)
            GBX_SPAN_SINCE("since", gbx_span_moment());
    }
    gbx_capture_finish(capture);
    shape_count(capture, 0, &spans, &deepest);
    assert_int_equal(spans, COUNT + 1);
    assert_int_equal(deepest, 2);
    gbx_capture_unref(capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reaches_back_before_the_thread_entered),
        cmocka_unit_test(begins_behind_what_the_thread_has_recorded_since),
        cmocka_unit_test(a_moment_that_is_not_the_captures_makes_no_span),
        cmocka_unit_test(costs_an_uncaptured_thread_not_even_its_argument),
        cmocka_unit_test(is_dropped_and_counted_at_the_limits),
        cmocka_unit_test(any_number_of_them_is_kept_in_order),
    };
    return cmocka_run_group_tests_name("since", tests, NULL, NULL);
}
