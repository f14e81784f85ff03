/* SPDX-License-Identifier: MIT */
/* Waits: the times in which no thread is inside a capture, as spans of one lane, in order with everything else. */
#include "shape.h"
#include "tests/support/fake_clock.h"
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const gbx_site wait_site = {"wait", "wait", "wait.c", 1, {0}};

/* Begins a capture at the time 1000, in which the calling thread is inside and tells waits. */
static gbx_capture *begin_told(gbx_scope *scope, uint32_t max_spans)
{
    gbx_capture_options options = {.size = sizeof(options), .clock = &fake, .max_spans = max_spans};
    gbx_capture *capture;

    fake_now = 1000;
    capture = gbx_capture_new(&options);
    *scope = gbx_capture_enter(capture);
    gbx_capture_tell_waiting(capture, &wait_site);
    return capture;
}

static void span_of(uint64_t ns)
{
    GBX_SPAN_NAMED("work");
    fake_now += ns;
}

/* What one thread does inside: a span named "work" of 5 ns. */
static void *work_inside(void *capture)
{
    GBX_ENTER(capture);
    span_of(5);
    return NULL;
}

static void on_thread(void *(*work)(void *), void *argument)
{
    pthread_t thread;

    assert_int_equal(pthread_create(&thread, NULL, work, argument), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}

/* The spans of a lane as text: name[start-end], from the capture's start. */
static const char *times_of(const gbx_capture *capture, size_t lane)
{
    static char text[4096];
    gbx_reader reader;
    gbx_record record, open[16];
    size_t depth = 0, at = 0;

    text[0] = '\0';
    for (gbx_reader_init(&reader, capture, lane); gbx_reader_next(&reader, &record);) {
        if (record.kind == GBX_RECORD_ENTER) {
            open[depth++] = record;
        } else if (record.kind == GBX_RECORD_EXIT) {
            --depth;
            at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s[%d-%d]", at > 0 ? " " : "", open[depth].name,
                                   (int)open[depth].at_ns, (int)record.at_ns);
        } else {
            at += (size_t)snprintf(text + at, sizeof(text) - at, "%snote", at > 0 ? " " : "");
        }
    }
    return text;
}

static void finish_as(gbx_capture *capture, const char *home, const char *other)
{
    gbx_capture_facts facts;

    gbx_capture_finish(capture);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_string_equal(times_of(capture, 0), home);
    assert_int_equal(facts.lane_count, other != NULL ? 2 : 1);
    if (other != NULL)
        assert_string_equal(times_of(capture, 1), other);
    assert_int_equal(facts.truncated, facts.dropped_spans != 0);
    gbx_capture_unref(capture);
}

static void what_is_done_at_once_has_no_wait(void **state)
{
    gbx_scope scope;
    gbx_capture *capture = begin_told(&scope, 0);

    (void)state;
    span_of(10);
    gbx_capture_leave(scope);
    fake_now += 3;
    finish_as(capture, "work[0-10]", NULL);
}

static void a_wait_lasts_from_the_leave_to_the_next_enter(void **state)
{
    gbx_scope scope;
    gbx_capture *capture = begin_told(&scope, 0);

    (void)state;
    span_of(10);
    gbx_capture_leave(scope);
    fake_now += 200;
    scope = gbx_capture_enter(capture);
    span_of(1);
    gbx_capture_leave(scope);
    fake_now += 30;
    gbx_capture_leave(gbx_capture_enter(capture)); /* the last wait, before the finish */
    finish_as(capture, "work[0-10] wait[10-210] work[210-211] wait[211-241]", NULL);
}

static void notes_come_after_the_wait_before_them(void **state)
{
    gbx_scope scope;
    gbx_capture *capture = begin_told(&scope, 0);

    (void)state;
    gbx_capture_leave(scope);
    fake_now += 7;
    scope = gbx_capture_enter(capture);
    gbx_note_int("a number", 1);
    gbx_capture_leave(scope);
    fake_now += 7;
    scope = gbx_capture_enter(capture);
    gbx_note_str("a text", "x");
    gbx_span_fail("why");
    gbx_capture_leave(scope);
    fake_now += 7;
    scope = gbx_capture_enter(capture);
    {
        GBX_SPAN_FMT("name %d", 1);
    }
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    assert_string_equal(shape_of(capture, 0), "wait {a number=1} wait {a text=x} !why wait name 1");
    gbx_capture_unref(capture);
}

static void work_of_another_thread_divides_the_wait(void **state)
{
    gbx_scope scope;
    gbx_capture *capture = begin_told(&scope, 0);

    (void)state;
    span_of(10);
    gbx_capture_leave(scope);
    fake_now += 100;
    on_thread(work_inside, capture);
    fake_now += 50;
    scope = gbx_capture_enter(capture);
    span_of(2);
    gbx_capture_leave(scope);
    finish_as(capture, "work[0-10] wait[10-110] wait[115-165] work[165-167]", "work[110-115]");
}

static void *work_around_another_thread(void *capture)
{
    GBX_ENTER(capture);
    span_of(5);
    on_thread(work_inside, capture);
    fake_now += 5;
    return NULL;
}

static void nobody_waits_while_a_thread_is_inside(void **state)
{
    gbx_scope scope;
    gbx_capture *capture = begin_told(&scope, 0);

    (void)state;
    span_of(10);
    gbx_capture_leave(scope);
    fake_now += 10;
    on_thread(work_around_another_thread, capture);
    fake_now += 5;
    gbx_capture_leave(gbx_capture_enter(capture));
    gbx_capture_finish(capture);
    assert_string_equal(times_of(capture, 0), "work[0-10] wait[10-20] wait[35-40]");
    assert_string_equal(times_of(capture, 1), "work[20-25]");
    assert_string_equal(times_of(capture, 2), "work[25-30]");
    gbx_capture_unref(capture);
}

static uint64_t moment;

static void *work_after_a_queue(void *capture)
{
    GBX_ENTER(capture);
    GBX_SPAN_SINCE("queue", moment);
    span_of(5);
    return NULL;
}

static void a_wait_that_the_program_tells_is_not_told_twice(void **state)
{
    gbx_scope scope;
    gbx_capture *capture = begin_told(&scope, 0);

    (void)state;
    span_of(10);
    moment = gbx_span_moment();
    gbx_capture_leave(scope);
    fake_now += 100;
    on_thread(work_after_a_queue, capture);
    fake_now += 20;
    moment = fake_now; /* as another thread would have taken it */
    fake_now += 50;
    scope = gbx_capture_enter(capture);
    GBX_SPAN_SINCE("way back", moment);
    gbx_capture_leave(scope);
    finish_as(capture, "work[0-10] wait[115-135] way back[135-185]", "queue[10-110] work[110-115]");
}

static void only_the_first_waits_between_two_entries_are_kept(void **state)
{
    gbx_scope scope;
    gbx_capture *capture = begin_told(&scope, 0);
    size_t spans, deepest;

    (void)state;
    gbx_capture_leave(scope);
    for (int i = 0; i < 40; i++) {
        fake_now += 1;
        on_thread(work_inside, capture);
    }
    fake_now += 1;
    gbx_capture_leave(gbx_capture_enter(capture));
    gbx_capture_finish(capture);
    shape_count(capture, 0, &spans, &deepest);
    assert_int_equal(spans, 32);
    assert_int_equal(deepest, 1);
    gbx_capture_unref(capture);
}

static void a_wait_beyond_the_limit_is_dropped_like_any_span(void **state)
{
    gbx_scope scope;
    gbx_capture *capture = begin_told(&scope, 2);
    gbx_capture_facts facts;

    (void)state;
    span_of(10);
    for (int i = 0; i < 3; i++) {
        gbx_capture_leave(scope);
        fake_now += 10;
        scope = gbx_capture_enter(capture);
    }
    gbx_note_str("still", "told");
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    assert_int_equal(facts.span_count, 2);
    assert_int_equal(facts.dropped_spans, 2);
    assert_string_equal(shape_of(capture, 0), "work wait {still=told}");
    gbx_capture_unref(capture);
}

static void without_a_call_from_inside_no_waits_are_told(void **state)
{
    gbx_capture_options options = {.size = sizeof(options), .clock = &fake};
    gbx_capture *capture = gbx_capture_new(&options);

    (void)state;
    gbx_capture_tell_waiting(capture, &wait_site);
    for (int i = 0; i < 3; i++) {
        on_thread(work_inside, capture);
        fake_now += 10;
    }
    gbx_capture_finish(capture);
    for (size_t lane = 0; lane < 3; lane++)
        assert_string_equal(shape_of(capture, lane), "work");
    gbx_capture_unref(capture);
}

static const gbx_site later_site = {"later", "later", "wait.c", 2, {0}};

static void *tell_again(void *capture)
{
    GBX_ENTER(capture);
    gbx_capture_tell_waiting(capture, &later_site);
    span_of(5);
    return NULL;
}

static void the_first_call_decides(void **state)
{
    gbx_scope scope;
    gbx_capture *capture = begin_told(&scope, 0);

    (void)state;
    gbx_capture_tell_waiting(capture, &later_site);
    gbx_capture_leave(scope);
    fake_now += 10;
    on_thread(tell_again, capture);
    fake_now += 20;
    gbx_capture_leave(gbx_capture_enter(capture));
    finish_as(capture, "wait[0-10] wait[15-35]", "work[10-15]");
}

static void a_wait_before_the_call_is_not_told(void **state)
{
    gbx_capture_options options = {.size = sizeof(options), .clock = &fake};
    gbx_capture *capture;
    gbx_scope scope;

    (void)state;
    fake_now = 1000;
    capture = gbx_capture_new(&options);
    gbx_capture_leave(gbx_capture_enter(capture));
    fake_now += 10;
    scope = gbx_capture_enter(capture);
    gbx_capture_tell_waiting(capture, &wait_site);
    gbx_capture_leave(scope);
    fake_now += 20;
    gbx_capture_leave(gbx_capture_enter(capture));
    finish_as(capture, "wait[10-30]", NULL);
}

/* Only the innermost capture records. */
static void a_call_from_inside_another_capture_has_no_effect(void **state)
{
    gbx_scope scope, inner_scope;
    gbx_capture *inner, *capture = begin_told(&scope, 0);

    (void)state;
    inner = gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .clock = &fake});
    gbx_capture_tell_waiting(inner, &later_site);
    inner_scope = gbx_capture_enter(inner);
    span_of(5);
    gbx_capture_leave(inner_scope);
    fake_now += 10;
    inner_scope = gbx_capture_enter(inner);
    gbx_capture_tell_waiting(inner, &wait_site); /* the first that counts */
    gbx_capture_leave(inner_scope);
    fake_now += 20;
    gbx_capture_leave(gbx_capture_enter(inner));
    gbx_capture_leave(scope);
    gbx_capture_finish(inner);
    assert_string_equal(times_of(inner, 0), "work[0-5] wait[15-35]");
    gbx_capture_unref(inner);
    finish_as(capture, "", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_done_at_once_has_no_wait),
        cmocka_unit_test(a_wait_lasts_from_the_leave_to_the_next_enter),
        cmocka_unit_test(notes_come_after_the_wait_before_them),
        cmocka_unit_test(work_of_another_thread_divides_the_wait),
        cmocka_unit_test(nobody_waits_while_a_thread_is_inside),
        cmocka_unit_test(a_wait_that_the_program_tells_is_not_told_twice),
        cmocka_unit_test(only_the_first_waits_between_two_entries_are_kept),
        cmocka_unit_test(a_wait_beyond_the_limit_is_dropped_like_any_span),
        cmocka_unit_test(without_a_call_from_inside_no_waits_are_told),
        cmocka_unit_test(the_first_call_decides),
        cmocka_unit_test(a_wait_before_the_call_is_not_told),
        cmocka_unit_test(a_call_from_inside_another_capture_has_no_effect),
    };

    return cmocka_run_group_tests_name("capture/waiting", tests, NULL, NULL);
}
