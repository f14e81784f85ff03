/* SPDX-License-Identifier: MIT */
/* The content of a trace of a capture whose spans are all known. */
#include "recording.h"
#include "trace/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const gbx_site site_a = {"a", "a", "src/a.c", 10, {0}};
static const gbx_site site_b = {"b", "b", "src/b.c", 20, {0}};
static const gbx_site site_c = {"c", "c", "src/c.c", 30, {0}};

static const gbxi_trace_options everything = {.top_n = 10, .repeats = true, .unattributed = true};

/* The trace keeps borrowing from the capture, which is given back with it. */
static gbxi_trace *trace_of(recording *r, const gbxi_trace_options *options)
{
    gbxi_trace *trace = gbxi_trace_new(recording_finish(r), options);

    assert_non_null(trace);
    return trace;
}

static void release(recording *r, gbxi_trace *trace)
{
    gbxi_trace_free(trace);
    gbx_capture_unref(r->capture);
}

static const gbxi_frame *frame_named(const gbxi_trace *trace, const char *name)
{
    for (uint32_t i = 0; i < trace->frames.count; i++)
        if (trace->frames.at[i].name_length == strlen(name) &&
            memcmp(trace->frames.at[i].name, name, strlen(name)) == 0)
            return &trace->frames.at[i];
    fail_msg("no frame %s", name);
    return NULL;
}

static void check_frame(const gbxi_trace *trace, const char *name, uint32_t calls, uint64_t self_ns, uint64_t total_ns,
                        uint64_t min_ns, uint64_t max_ns)
{
    const gbxi_frame *frame = frame_named(trace, name);

    assert_int_equal(frame->calls, calls);
    assert_int_equal(frame->self_ns, self_ns);
    assert_int_equal(frame->total_ns, total_ns);
    assert_int_equal(frame->min_ns, min_ns);
    assert_int_equal(frame->max_ns, max_ns);
}

static void self_time_is_duration_without_direct_children(void **state)
{
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &site_a);
    recording_pass(&r, 10);
    recording_enter(&r, &site_b);
    recording_pass(&r, 5);
    recording_call(&r, &site_c, 7);
    recording_exit(&r);
    recording_call(&r, &site_c, 1);
    recording_exit(&r);
    trace = trace_of(&r, &everything);
    check_frame(trace, "a", 1, 10, 23, 23, 23);
    check_frame(trace, "b", 1, 5, 12, 12, 12);
    check_frame(trace, "c", 2, 8, 8, 1, 7);
    assert_int_equal(gbxi_frame_average_ns(frame_named(trace, "c")), 4);
    assert_int_equal(trace->self_ns, 23);
    assert_int_equal(trace->threads[0].roots_ns, 23);
    assert_int_equal(trace->call_count, 4);
    assert_int_equal(trace->frame_count, 3);
    assert_int_equal(trace->depth_max, 3);
    release(&r, trace);
}

static void recursion_counts_once_in_the_total(void **state)
{
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &site_a);
    recording_pass(&r, 1);
    recording_enter(&r, &site_b);
    recording_pass(&r, 2);
    recording_call(&r, &site_a, 4);
    recording_exit(&r);
    recording_exit(&r);
    recording_call(&r, &site_a, 8);
    trace = trace_of(&r, &everything);
    check_frame(trace, "a", 3, 13, 15, 4, 8);
    check_frame(trace, "b", 1, 2, 6, 6, 6);
    release(&r, trace);
}

static void equal_sites_are_one_frame(void **state)
{
    static const gbx_site twins[] = {{"t", "t", "src/t.c", 7, {0}}, {"t", "t", "src/t.c", 7, {0}}};
    static const gbx_site others[] = {
        {"t", "t", "src/t.c", 8, {0}}, {"t", "t", "src/u.c", 7, {0}}, {"T", "t", "src/t.c", 7, {0}}};
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_call(&r, &twins[0], 1);
    recording_call(&r, &twins[1], 2);
    recording_enter_named(&r, &twins[0], "t");
    recording_exit(&r);
    for (size_t i = 0; i < 3; i++)
        recording_call(&r, &others[i], 1);
    trace = trace_of(&r, &everything);
    assert_int_equal(trace->frame_count, 4);
    check_frame(trace, "t", 3, 3, 3, 0, 2);
    release(&r, trace);
}

static void a_site_without_a_file_has_an_empty_one(void **state)
{
    static const gbx_site bare = {"bare", NULL, NULL, 0, {0}};
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_call(&r, &bare, 1);
    trace = trace_of(&r, &everything);
    assert_string_equal(frame_named(trace, "bare")->file, "");
    release(&r, trace);
}

static void formatted_names_are_frames_by_content(void **state)
{
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    for (int i = 0; i < 6; i++) {
        recording_enter_named(&r, &site_a, i % 2 == 0 ? "link(even number of bytes)" : "link(odd)");
        recording_pass(&r, 3);
        recording_exit(&r);
    }
    recording_call(&r, &site_a, 1);
    trace = trace_of(&r, &everything);
    assert_int_equal(trace->frame_count, 3);
    check_frame(trace, "link(even number of bytes)", 3, 9, 9, 3, 3);
    check_frame(trace, "link(odd)", 3, 9, 9, 3, 3);
    check_frame(trace, "a", 1, 1, 1, 1, 1);
    release(&r, trace);
}

static void short_calls_fold_with_all_they_hold(void **state)
{
    const gbxi_trace_options options = {.min_duration_ns = 10, .top_n = 10, .repeats = true, .unattributed = true};
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &site_a);
    recording_enter(&r, &site_b); /* 9: folds */
    recording_pass(&r, 4);
    recording_call(&r, &site_c, 5);
    recording_exit(&r);
    recording_call(&r, &site_b, 10); /* stays */
    recording_exit(&r);
    recording_call(&r, &site_c, 9); /* a root that folds */
    trace = trace_of(&r, &options);
    check_frame(trace, "a", 1, 9, 19, 19, 19);
    check_frame(trace, "b", 1, 10, 10, 10, 10);
    assert_int_equal(frame_named(trace, "c")->calls, 0);
    assert_int_equal(trace->frame_count, 2);
    assert_int_equal(trace->call_count, 2);
    assert_int_equal(trace->recorded_count, 5);
    assert_int_equal(trace->self_ns, 19);
    assert_int_equal(trace->unattributed_ns, 9);
    release(&r, trace);
}

/* Far more calls than the first piece of the table of folded ones holds, folded and not. */
static void folding_holds_for_many_calls(void **state)
{
    enum { CALLS = 50000, EVERY = 1000 };
    const gbxi_trace_options options = {.min_duration_ns = 2};
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    for (int i = 0; i < CALLS; i++)
        recording_call(&r, &site_a, i % EVERY == 0 ? 2 : 1);
    trace = trace_of(&r, &options);
    assert_int_equal(trace->recorded_count, CALLS);
    for (uint32_t i = 0; i < CALLS; i++)
        assert_int_equal(gbxi_trace_is_folded(trace, i), i % EVERY != 0);
    check_frame(trace, "a", CALLS / EVERY, CALLS / EVERY * 2, CALLS / EVERY * 2, 2, 2);
    release(&r, trace);
}

static void open_calls_end_with_the_capture(void **state)
{
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &site_a);
    recording_pass(&r, 5);
    recording_enter(&r, &site_b);
    recording_pass(&r, 6);
    gbx_capture_finish(r.capture);
    recording_pass(&r, 7);
    trace = trace_of(&r, &everything);
    check_frame(trace, "a", 1, 5, 11, 11, 11);
    check_frame(trace, "b", 1, 6, 6, 6, 6);
    assert_int_equal(trace->facts.duration_ns, 11);
    release(&r, trace);
}

static void dropped_spans_give_their_time_to_the_parent(void **state)
{
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, &(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_depth = 2});
    recording_enter(&r, &site_a);
    recording_enter(&r, &site_b);
    recording_call(&r, &site_c, 5);
    recording_pass(&r, 1);
    recording_exit(&r);
    recording_exit(&r);
    trace = trace_of(&r, &everything);
    assert_true(trace->facts.truncated);
    assert_int_equal(trace->facts.dropped_spans, 1);
    assert_int_equal(trace->frame_count, 2);
    check_frame(trace, "b", 1, 6, 6, 6, 6);
    assert_int_equal(trace->self_ns, 6);
    release(&r, trace);
}

/* A root, with a failure in a call inside it when the argument is not NULL. */
static void call_on_thread(recording *r, void *reason)
{
    recording_enter(r, &site_b);
    recording_pass(r, 10);
    recording_enter(r, &site_c);
    if (reason != NULL)
        gbxi_span_fail(reason);
    recording_pass(r, 10);
    recording_exit(r);
    recording_exit(r);
}

static void unattributed_is_what_no_thread_covers(void **state)
{
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_pass(&r, 100);
    recording_call(&r, &site_a, 20);                               /* 100..120 */
    recording_on_thread(&r, "one", 1, 110, call_on_thread, NULL);  /* 110..130, overlaps */
    recording_on_thread(&r, "two", 2, 105, call_on_thread, NULL);  /* 105..125, inside */
    recording_on_thread(&r, "three", 3, 30, call_on_thread, NULL); /* 30..50, before */
    recording_pass(&r, 70);                                        /* 200 */
    trace = trace_of(&r, &everything);
    assert_int_equal(trace->facts.lane_count, 4);
    assert_int_equal(trace->facts.duration_ns, 200);
    assert_int_equal(trace->unattributed_ns, 200 - 30 - 20);
    assert_int_equal(trace->self_ns, 80);
    assert_int_equal(trace->threads[3].roots_ns, 20);
    assert_int_equal(trace->threads[3].first_call, 5);
    assert_string_equal(trace->threads[3].facts.thread_name, "three");
    release(&r, trace);
}

static void call_for(recording *r, void *ns)
{
    recording_call(r, &site_b, *(uint64_t *)ns);
}

/* The last threads have none, so that there is no room for their roots. */
static void threads_without_calls_cover_nothing(void **state)
{
    const gbxi_trace_options options = {.min_duration_ns = 2, .unattributed = true};
    uint64_t short_ns = 1, long_ns = 20;
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_call(&r, &site_a, 20);
    recording_on_thread(&r, "one", 1, 10, call_for, &long_ns);
    recording_on_thread(&r, "two", 2, 50, call_for, &short_ns);
    recording_on_thread(&r, "three", 3, 60, call_for, &short_ns);
    trace = trace_of(&r, &options);
    assert_int_equal(trace->facts.duration_ns, 61);
    assert_int_equal(trace->unattributed_ns, 61 - 30);
    release(&r, trace);
}

static void the_longest_in_the_capture_is_the_first_thread(void **state)
{
    static const uint32_t thread_ids[] = {2, 100, 1, 3};
    uint64_t short_ns = 5, long_ns = 50;
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_call(&r, &site_a, 10);
    gbx_capture_leave(r.scope);
    r.scope = (gbx_scope){0};
    recording_on_thread(&r, "short", 1, 20, call_for, &short_ns);
    recording_on_thread(&r, "longest", 2, 20, call_for, &long_ns);
    recording_on_thread(&r, "as long", 3, 20, call_for, &long_ns);
    trace = trace_of(&r, &everything);
    assert_int_equal(trace->facts.lane_count, 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(trace->threads[i].facts.thread_id, thread_ids[i]);
    assert_int_equal(trace->threads[0].lane, 2);
    assert_int_equal(trace->threads[0].roots_ns, 50);
    assert_int_equal(trace->threads[2].first_call, 2);
    release(&r, trace);
}

static void the_error_is_the_earliest_failure_of_any_thread(void **state)
{
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_pass(&r, 100);
    recording_enter(&r, &site_a);
    gbxi_span_fail("later");
    gbxi_span_fail("last");
    recording_exit(&r);
    recording_on_thread(&r, "one", 1, 50, call_on_thread, "first");
    recording_on_thread(&r, "two", 2, 50, call_on_thread, "as early, but of a later thread");
    trace = trace_of(&r, &everything);
    assert_true(trace->failed);
    assert_int_equal(trace->failure.reason_length, 5);
    assert_memory_equal(trace->failure.reason, "first", 5);
    assert_int_equal(trace->failure.span_length, 1);
    assert_memory_equal(trace->failure.span, "c", 1);
    assert_int_equal(trace->failure.at_ns, 60);
    release(&r, trace);
}

static void a_failure_has_a_time_of_its_own(void **state)
{
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &site_a);
    recording_pass(&r, 3);
    recording_call(&r, &site_c, 5);
    recording_pass(&r, 2);
    gbxi_span_fail("why");
    recording_exit(&r);
    trace = trace_of(&r, &everything);
    assert_true(trace->failed);
    assert_memory_equal(trace->failure.span, "a", 1);
    assert_int_equal(trace->failure.at_ns, 3 + 5 + 2);
    release(&r, trace);
}

static void a_failure_survives_its_span_being_folded(void **state)
{
    const gbxi_trace_options options = {.min_duration_ns = 1000};
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    call_on_thread(&r, "why");
    trace = trace_of(&r, &options);
    assert_int_equal(trace->call_count, 0);
    assert_true(trace->failed);
    assert_memory_equal(trace->failure.span, "c", 1);
    release(&r, trace);
}

static void an_unentered_capture_is_an_empty_trace(void **state)
{
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin_outside(&r, NULL);
    recording_pass(&r, 42);
    trace = trace_of(&r, &everything);
    assert_int_equal(trace->facts.lane_count, 0);
    assert_int_equal(trace->call_count, 0);
    assert_int_equal(trace->frame_count, 0);
    assert_int_equal(trace->hotspot_count, 0);
    assert_int_equal(trace->unattributed_ns, 42);
    assert_false(trace->failed);
    release(&r, trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(self_time_is_duration_without_direct_children),
        cmocka_unit_test(recursion_counts_once_in_the_total),
        cmocka_unit_test(equal_sites_are_one_frame),
        cmocka_unit_test(a_site_without_a_file_has_an_empty_one),
        cmocka_unit_test(formatted_names_are_frames_by_content),
        cmocka_unit_test(short_calls_fold_with_all_they_hold),
        cmocka_unit_test(folding_holds_for_many_calls),
        cmocka_unit_test(open_calls_end_with_the_capture),
        cmocka_unit_test(dropped_spans_give_their_time_to_the_parent),
        cmocka_unit_test(unattributed_is_what_no_thread_covers),
        cmocka_unit_test(threads_without_calls_cover_nothing),
        cmocka_unit_test(the_longest_in_the_capture_is_the_first_thread),
        cmocka_unit_test(the_error_is_the_earliest_failure_of_any_thread),
        cmocka_unit_test(a_failure_has_a_time_of_its_own),
        cmocka_unit_test(a_failure_survives_its_span_being_folded),
        cmocka_unit_test(an_unentered_capture_is_an_empty_trace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
