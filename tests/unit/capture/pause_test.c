/* SPDX-License-Identifier: MIT */
/* Paused spans: they end where they were paused, whatever is recorded next, unless they go on. */
#include "capture/lane.h"
#include "capture/pause.h"
#include "capture/pool.h"
#include "shape.h"
#include "tests/support/fake_clock.h"
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const gbx_site site = {"paused", "function", "file", 1, {0}};
static gbx_span *const paused = (gbx_span *)1; /* a place that no span of the stack has */

/* Begins a span at 10 and pauses it at 20; the time is 50 then. */
static void begin_and_pause(void)
{
    fake_now = 1010;
    gbxi_span_begin(paused, &site);
    fake_now = 1020;
    gbxi_span_pause(paused, "rows", 7);
    fake_now = 1050;
}

static gbx_capture *capture_new(void)
{
    const gbx_capture_options options = {.size = sizeof(options), .clock = &fake};

    fake_now = 1000;
    return gbx_capture_new(&options);
}

/* Finishes the capture and checks its records: "+10 paused" is a begin at 10, "-20" an end, others are notes. */
static void check(gbx_capture *capture, const char *expected)
{
    char told[512];
    size_t length = 0;
    gbx_reader reader;
    gbx_record record;

    gbx_capture_finish(capture);
    for (gbx_reader_init(&reader, capture, 0); gbx_reader_next(&reader, &record);) {
        int at = (int)record.at_ns, key = (int)record.key_length, text = (int)record.text_length;
        char *out = told + length;
        size_t room = sizeof(told) - length;
        if (record.kind == GBX_RECORD_ENTER)
            length += (size_t)snprintf(out, room, "+%d %.*s ", at, (int)gbx_record_name_length(&record), record.name);
        else if (record.kind == GBX_RECORD_EXIT)
            length += (size_t)snprintf(out, room, "-%d ", at);
        else if (record.kind == GBX_RECORD_NOTE_INT)
            length += (size_t)snprintf(out, room, "%.*s=%d ", key, record.key, (int)record.integer);
        else if (record.kind == GBX_RECORD_FAIL)
            length += (size_t)snprintf(out, room, "!%.*s ", text, record.text);
        else
            length += (size_t)snprintf(out, room, "%.*s:%.*s ", key, record.key, text, record.text);
    }
    told[length] = '\0';
    assert_string_equal(told, expected);
    gbx_capture_unref(capture);
}

static void ends_where_it_was_paused(void **state)
{
    gbx_capture *capture = capture_new();

    (void)state;
    {
        GBX_ENTER(capture);
        begin_and_pause();
        assert_true(gbxi_span_is_open(paused));
        assert_true(gbxi_span_end_paused(paused));
        assert_false(gbxi_span_is_open(paused));
        assert_false(gbxi_span_end_paused(paused));
        assert_false(gbxi_span_resume(paused));
    }
    check(capture, "+10 paused rows=7 -20 ");
}

static void goes_on_without_a_note(void **state)
{
    gbx_capture *capture = capture_new();

    (void)state;
    {
        GBX_ENTER(capture);
        begin_and_pause();
        assert_true(gbxi_span_resume(paused));
        assert_false(gbxi_span_end_paused(paused));
        gbxi_span_pause(paused, "rows", 8);
        fake_now = 1060;
        assert_true(gbxi_span_resume(paused));
        gbx_note_int("own", 1);
        gbxi_span_end(paused);
        gbx_note_int("later", 2);
    }
    check(capture, "+10 paused own=1 -60 later=2 ");
}

static void goes_on_only_if_it_is_paused(void **state)
{
    gbx_capture *capture = capture_new();

    (void)state;
    {
        GBX_ENTER(capture);
        begin_and_pause();
        assert_true(gbxi_span_resume_paused(paused));
        assert_false(gbxi_span_resume_paused(paused));
        {
            GBX_SPAN_NAMED("inside");
            fake_now = 1060;
            assert_false(gbxi_span_resume_paused(paused));
        }
        gbxi_span_end(paused);
    }
    check(capture, "+10 paused +50 inside -60 -60 ");
}

static void goes_on_without_another_block_of_memory(void **state)
{
    gbx_capture *capture = capture_new();
    size_t used;

    (void)state;
    {
        GBX_ENTER(capture);
        begin_and_pause();
        used = gbxi_pool_used_count();
        assert_true(gbxi_span_resume(paused));
        assert_null(gbxi_lane_here->kept_soft_end); /* it may be of a block that is full before the next pause */
        {
            GBX_SPAN_NAMED("inside");
        }
        gbxi_span_end(paused);
        assert_int_equal(gbxi_pool_used_count(), used);
    }
    check(capture, "+10 paused +50 inside -50 -50 ");
}

static void is_paused_once(void **state)
{
    gbx_capture *capture = capture_new();

    (void)state;
    {
        GBX_ENTER(capture);
        begin_and_pause();
        gbxi_span_pause(paused, "rows", 8);
        assert_false(gbxi_span_is_open(paused));
    }
    check(capture, "+10 paused rows=7 -20 ");
}

typedef void doing(void);

static void begin_a_span(void)
{
    GBX_SPAN_NAMED("next");
}

static void begin_a_formatted_span(void)
{
    GBX_SPAN_FMT("%s", "next");
}

static void note_a_text(void)
{
    gbx_note_str("key", "value");
}

static void note_an_integer(void)
{
    gbx_note_int("key", 1);
}

static void fail_the_span(void)
{
    gbx_span_fail("why");
}

static void tell_a_span(void)
{
    GBX_SPAN_SINCE("next", 1015);
}

static void begin_another_paused_one(void)
{
    gbx_span *other = (gbx_span *)2;

    gbxi_span_begin(other, &site);
    gbxi_span_pause(other, "rows", 9);
}

/* Does something while a span is paused inside the span "outer", which ends at 60. */
static void check_next(doing *next, const char *expected)
{
    gbx_capture *capture = capture_new();
    {
        GBX_ENTER(capture);
        GBX_SPAN_NAMED("outer");
        begin_and_pause();
        next();
        fake_now = 1060;
    }
    check(capture, expected);
}

static void nothing_of_others_is_inside(void **state)
{
    (void)state;
    check_next(begin_a_span, "+0 outer +10 paused rows=7 -20 +50 next -50 -60 ");
    check_next(begin_a_formatted_span, "+0 outer +10 paused rows=7 -20 +50 next -50 -60 ");
    check_next(note_a_text, "+0 outer +10 paused rows=7 -20 key:value -60 ");
    check_next(note_an_integer, "+0 outer +10 paused rows=7 -20 key=1 -60 ");
    check_next(fail_the_span, "+0 outer +10 paused rows=7 -20 !why -60 ");
    check_next(tell_a_span, "+0 outer +10 paused rows=7 -20 +20 next -50 -60 ");
    check_next(begin_another_paused_one, "+0 outer +10 paused rows=7 -20 +50 paused rows=9 -50 -60 ");
}

static void do_nothing(void)
{
}

static void pause_what_is_not_innermost(void)
{
    GBX_SPAN_NAMED("next");
    gbxi_span_pause(paused, "rows", 8);
    gbxi_span_pause((gbx_span *)3, "rows", 8);
    assert_false(gbxi_span_resume(paused));
    assert_false(gbxi_span_resume((gbx_span *)3));
}

static void the_end_of_the_span_around_it_is_beside_it(void **state)
{
    (void)state;
    check_next(do_nothing, "+0 outer +10 paused rows=7 -20 -60 ");
    check_next(pause_what_is_not_innermost, "+0 outer +10 paused rows=7 -20 +50 next -50 -60 ");
}

static void a_note_of_the_trace_is_not_its_own(void **state)
{
    gbx_capture *capture = capture_new();

    (void)state;
    {
        GBX_ENTER(capture);
        begin_and_pause();
        gbx_note_int("key", 1);
    }
    gbx_capture_finish(capture);
    assert_string_equal(shape_of(capture, 0), "paused{rows=7} {key=1}");
    gbx_capture_unref(capture);
}

static void a_scope_ends_it_when_it_begins_and_when_it_is_left(void **state)
{
    gbx_capture *capture = capture_new();

    (void)state;
    {
        GBX_ENTER(capture);
        begin_and_pause();
        {
            GBX_ENTER(capture); /* again */
            gbxi_span_begin((gbx_span *)2, &site);
            fake_now = 1055;
        }
        fake_now = 1060;
        gbxi_span_begin(paused, &site);
        gbxi_span_pause(paused, "rows", 8);
        fake_now = 1070;
    }
    check(capture, "+10 paused rows=7 -20 +50 paused -55 +60 paused rows=8 -60 ");
}

static void is_kept_while_another_capture_is_recorded(void **state)
{
    gbx_capture *capture = capture_new();
    gbx_capture *other = capture_new();

    (void)state;
    {
        GBX_ENTER(capture);
        begin_and_pause();
        {
            GBX_ENTER(other);
            assert_false(gbxi_span_is_open(paused));
            assert_false(gbxi_span_resume(paused));
            GBX_SPAN_NAMED("other");
        }
        {
            GBX_ENTER(NULL);
            gbxi_span_pause(paused, "rows", 8);
            assert_false(gbxi_span_is_open(paused));
            assert_false(gbxi_span_end_paused(paused));
        }
        assert_true(gbxi_span_resume(paused));
        gbxi_span_end(paused);
    }
    check(other, "+50 other -50 ");
    check(capture, "+10 paused -50 ");
}

static void a_finish_ends_it(void **state)
{
    gbx_capture *capture = capture_new();

    (void)state;
    {
        GBX_ENTER(capture);
        begin_and_pause();
        gbx_capture_finish(capture);
        assert_false(gbxi_span_resume(paused));
    }
    check(capture, "+10 paused rows=7 -20 ");
}

static void what_is_open_inside_ends_when_it_goes_on(void **state)
{
    gbx_capture *capture = capture_new();

    (void)state;
    {
        GBX_ENTER(capture);
        gbxi_span_begin(paused, &site);
        gbxi_span_begin((gbx_span *)2, &site);
        fake_now = 1020;
        assert_true(gbxi_span_resume(paused));
        fake_now = 1030;
        gbxi_span_end(paused);
    }
    check(capture, "+0 paused +0 paused -20 -30 ");
}

static void blocks_that_end_while_it_is_paused_lose_nothing(void **state)
{
    enum { SPANS = 20000 };
    gbx_capture *capture = gbx_capture_new(NULL);
    size_t spans, deepest;

    (void)state;
    {
        GBX_ENTER(capture);
        for (size_t i = 0; i < SPANS; i++) {
            gbxi_span_begin(paused, &site);
            gbxi_span_pause(paused, "rows", 1);
            if (i % 3 == 0)
                assert_true(gbxi_span_resume(paused));
            if (i % 3 == 0)
                gbxi_span_end(paused);
        }
    }
    gbx_capture_finish(capture);
    shape_count(capture, 0, &spans, &deepest);
    assert_int_equal(spans, SPANS);
    assert_int_equal(deepest, 1);
    gbx_capture_unref(capture);
}

static void its_note_is_redacted_as_others_are(void **state)
{
    static const char *const keys[] = {"rows", NULL};
    const gbx_redaction_options rules = {.size = sizeof(rules), .keys = keys};
    gbx_redaction *redaction = gbx_redaction_new(&rules);
    const gbx_capture_options options = {.size = sizeof(options), .redaction = redaction};
    gbx_capture *capture = gbx_capture_new(&options);

    (void)state;
    gbx_redaction_unref(redaction);
    {
        GBX_ENTER(capture);
        begin_and_pause();
    }
    gbx_capture_finish(capture);
    assert_string_equal(shape_of(capture, 0), "paused{rows=[redacted]}");
    gbx_capture_unref(capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_where_it_was_paused),
        cmocka_unit_test(goes_on_without_a_note),
        cmocka_unit_test(goes_on_only_if_it_is_paused),
        cmocka_unit_test(goes_on_without_another_block_of_memory),
        cmocka_unit_test(is_paused_once),
        cmocka_unit_test(nothing_of_others_is_inside),
        cmocka_unit_test(the_end_of_the_span_around_it_is_beside_it),
        cmocka_unit_test(a_note_of_the_trace_is_not_its_own),
        cmocka_unit_test(a_scope_ends_it_when_it_begins_and_when_it_is_left),
        cmocka_unit_test(is_kept_while_another_capture_is_recorded),
        cmocka_unit_test(a_finish_ends_it),
        cmocka_unit_test(what_is_open_inside_ends_when_it_goes_on),
        cmocka_unit_test(blocks_that_end_while_it_is_paused_lose_nothing),
        cmocka_unit_test(its_note_is_redacted_as_others_are),
    };
    return cmocka_run_group_tests_name("pause", tests, NULL, NULL);
}
