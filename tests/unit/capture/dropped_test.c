/* SPDX-License-Identifier: MIT */
/* Spans that are dropped at the maximum depth: what is recorded and noted while they are open and after their ends. */
#include "shape.h"
#include <glassbox/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Compares the shape of a capture of root and `work` with that maximum depth. */
static void check_shape(void (*work)(void), uint32_t max_depth, const char *expected)
{
    gbx_capture *capture =
        gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_depth = max_depth});
    gbx_scope scope = gbx_capture_enter(capture);

    {
        GBX_SPAN_NAMED("root");
        work();
    }
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    assert_string_equal(shape_of(capture, 0), expected);
    gbx_capture_unref(capture);
}

static void recurse(int depth)
{
    GBX_SPAN_NAMED("r");
    if (depth > 1)
        recurse(depth - 1);
}

static void after_dropped_spans_recording_goes_on(void)
{
    recurse(5);
    {
        GBX_SPAN_NAMED("after");
    }
}

static void deep_branches_do_not_hide_what_follows(void **state)
{
    (void)state;
    check_shape(after_dropped_spans_recording_goes_on, 3, "root(r(r) after)");
}

static void noted_drop(void)
{
    GBX_SPAN_NAMED("dropped");
    gbx_note_int("lost", 1);
    gbx_span_fail("lost");
}

static void notes_of_dropped_spans_do_not_stray_to_their_parents(void **state)
{
    (void)state;
    check_shape(noted_drop, 1, "root");
}

static void noted_drop_with_a_scope_inside(void)
{
    GBX_SPAN_NAMED("dropped");
    {
        GBX_ENTER(gbx_capture_current());
        GBX_SPAN_NAMED("dropped too");
    }
    gbx_span_fail("lost");
}

static void nor_do_they_after_a_scope_within_the_dropped_span(void **state)
{
    (void)state;
    check_shape(noted_drop_with_a_scope_inside, 1, "root");
}

/* The usual order of addresses is the reverse: inner spans have lower ones. */
static void dropped_span_at_a_higher_address(void)
{
    static const gbx_site site = {"kept", "dropped_span_at_a_higher_address", "dropped_test.c", 1, {0}};
    gbx_span spans[2];

    gbxi_span_begin(&spans[0], &site);
    gbxi_span_begin(&spans[1], &site);
    gbx_note_int("lost", 1);
    gbxi_span_end(&spans[1]);
    gbx_note_int("n", 1);
    gbxi_span_end(&spans[0]);
}

static void a_dropped_span_ends_wherever_it_is_in_memory(void **state)
{
    (void)state;
    check_shape(dropped_span_at_a_higher_address, 2, "root(kept{n=1})");
}

/* The inner scope is left while a span that was dropped inside it is still open. */
static void dropped_span_left_open_in_a_scope(void)
{
    static const gbx_site site = {"left open", "dropped_span_left_open_in_a_scope", "dropped_test.c", 1, {0}};
    gbx_span left_open;

    {
        GBX_SPAN_NAMED("dropped");
        {
            GBX_ENTER(gbx_capture_current());
            gbxi_span_begin(&left_open, &site);
        }
    }
    gbx_note_int("n", 1);
}

static void leaving_a_scope_forgets_the_spans_dropped_inside_it(void **state)
{
    (void)state;
    check_shape(dropped_span_left_open_in_a_scope, 1, "root{n=1}");
}

static void open_span_ended_in_a_scope(void)
{
    static const gbx_site site = {"open", "open_span_ended_in_a_scope", "dropped_test.c", 1, {0}};
    gbx_span open, dropped;

    gbxi_span_begin(&open, &site);
    gbxi_span_begin(&dropped, &site);
    {
        GBX_ENTER(gbx_capture_current());
        gbxi_span_end(&open);
    }
    gbx_note_int("n", 1);
}

static void a_span_that_ends_in_a_scope_takes_its_dropped_spans_with_it(void **state)
{
    (void)state;
    check_shape(open_span_ended_in_a_scope, 2, "root(open{n=1})");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deep_branches_do_not_hide_what_follows),
        cmocka_unit_test(notes_of_dropped_spans_do_not_stray_to_their_parents),
        cmocka_unit_test(nor_do_they_after_a_scope_within_the_dropped_span),
        cmocka_unit_test(a_dropped_span_ends_wherever_it_is_in_memory),
        cmocka_unit_test(leaving_a_scope_forgets_the_spans_dropped_inside_it),
        cmocka_unit_test(a_span_that_ends_in_a_scope_takes_its_dropped_spans_with_it),
    };
    return cmocka_run_group_tests_name("dropped", tests, NULL, NULL);
}
