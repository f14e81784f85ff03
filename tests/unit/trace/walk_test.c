/* SPDX-License-Identifier: MIT */
/* The steps of a walk over the calls of a trace. */
#include "recording.h"
#include "trace/trace.h"
#include "trace/walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const gbx_site site_a = {"a", "a", "src/a.c", 10, {0}};
static const gbx_site site_b = {"b", "b", "src/b.c", 20, {0}};
static const gbx_site site_c = {"c", "c", "src/c.c", 30, {0}};

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

static uint32_t depth_of(recording *r, uint64_t min_duration_ns)
{
    const gbxi_trace_options options = {.min_duration_ns = min_duration_ns};
    gbxi_trace *trace = gbxi_trace_new(r->capture, &options);
    gbxi_trace_walk walk;
    uint32_t depth;

    assert_non_null(trace);
    assert_true(gbxi_trace_walk_init(&walk, trace));
    depth = gbxi_trace_walk_depth(&walk);
    gbxi_trace_walk_fini(&walk);
    gbxi_trace_free(trace);
    return depth;
}

static void two_levels(recording *r, void *argument)
{
    (void)argument;
    recording_enter(r, &site_a);
    recording_call(r, &site_b, 50);
    recording_exit(r);
}

static void the_depth_is_that_of_calls_that_are_not_folded(void **state)
{
    recording r;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &site_a);
    recording_enter(&r, &site_b);
    recording_call(&r, &site_c, 5);
    recording_exit(&r);
    recording_pass(&r, 30);
    recording_exit(&r);
    recording_on_thread(&r, "other", 7, 0, two_levels, NULL);
    recording_finish(&r);
    assert_int_equal(depth_of(&r, 0), 3);
    assert_int_equal(depth_of(&r, 5), 3);
    assert_int_equal(depth_of(&r, 6), 2);
    assert_int_equal(depth_of(&r, 36), 2);
    assert_int_equal(depth_of(&r, 51), 0);
    gbx_capture_unref(r.capture);
}

static void walking_skips_what_is_folded(void **state)
{
    const gbxi_trace_options options = {.min_duration_ns = 10};
    gbxi_trace_walk walk;
    gbxi_trace_step step;
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &site_a);
    recording_enter(&r, &site_b);
    gbxi_note_int("lost", 1);
    recording_call(&r, &site_c, 5);
    recording_exit(&r);
    gbxi_note_int("kept", 2);
    recording_call(&r, &site_c, 10);
    gbxi_note_int("last", 3);
    recording_exit(&r);
    trace = trace_of(&r, &options);
    assert_true(gbxi_trace_walk_init(&walk, trace));
    gbxi_trace_walk_thread(&walk, 0);
    assert_true(gbxi_trace_walk_next(&walk, &step));
    assert_int_equal(step.kind, GBXI_TRACE_STEP_ENTER);
    assert_int_equal(step.call_index, 0);
    assert_true(gbxi_trace_walk_next(&walk, &step));
    assert_int_equal(step.kind, GBXI_TRACE_STEP_NOTE);
    assert_int_equal(walk.record.integer, 2);
    assert_true(gbxi_trace_walk_next(&walk, &step));
    assert_int_equal(step.kind, GBXI_TRACE_STEP_ENTER);
    assert_ptr_equal(step.frame, &trace->frames.at[2]);
    assert_int_equal(step.call_index, 1);
    assert_int_equal(step.depth, 1);
    assert_true(gbxi_trace_walk_next(&walk, &step));
    assert_int_equal(step.duration_ns, 10);
    assert_true(gbxi_trace_walk_next(&walk, &step));
    assert_int_equal(step.kind, GBXI_TRACE_STEP_NOTE);
    assert_int_equal(walk.record.integer, 3);
    assert_int_equal(step.depth, 0);
    assert_ptr_equal(step.frame, &trace->frames.at[0]);
    assert_true(gbxi_trace_walk_next(&walk, &step));
    assert_int_equal(step.kind, GBXI_TRACE_STEP_EXIT);
    assert_int_equal(step.start_ns, 0);
    assert_int_equal(step.at_ns, 15);
    assert_int_equal(step.self_ns, 5);
    assert_false(gbxi_trace_walk_next(&walk, &step));
    gbxi_trace_walk_fini(&walk);
    release(&r, trace);
}

/* A folded call is skipped each time. */
static void a_walk_can_restart_inside_a_call(void **state)
{
    gbxi_trace_walk walk;
    gbxi_trace_step step;
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &site_a);
    recording_call(&r, &site_b, 1);
    recording_call(&r, &site_c, 5);
    recording_exit(&r);
    trace = trace_of(&r, &(gbxi_trace_options){.min_duration_ns = 2});
    assert_true(gbxi_trace_walk_init(&walk, trace));
    for (int i = 0; i < 3; i++) {
        gbxi_trace_walk_thread(&walk, 0);
        for (uint32_t depth = 0; depth < 2; depth++) {
            assert_true(gbxi_trace_walk_next(&walk, &step));
            assert_int_equal(step.kind, GBXI_TRACE_STEP_ENTER);
            assert_int_equal(step.depth, depth);
            assert_int_equal(step.call_index, depth);
            assert_ptr_equal(step.frame, &trace->frames.at[depth == 0 ? 0 : 2]);
        }
    }
    gbxi_trace_walk_fini(&walk);
    assert_null(walk.calls);
    release(&r, trace);
}

/* The notes at the begin of a block are passed over, too. */
static void a_walk_of_calls_alone_has_no_notes(void **state)
{
    enum { CALLS = 5000 };
    gbxi_trace_walk walk;
    gbxi_trace_step step;
    recording r;
    gbxi_trace *trace;
    size_t enters = 0, exits = 0;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &site_a);
    for (int i = 0; i < CALLS; i++) {
        gbxi_note_str("between", "calls, in three slots each");
        recording_call(&r, &site_b, 1);
        gbxi_note_int("number", i);
    }
    recording_exit(&r);
    trace = trace_of(&r, &(gbxi_trace_options){0});
    assert_int_equal(trace->call_count, CALLS + 1);
    assert_true(gbxi_trace_walk_init(&walk, trace));
    gbxi_trace_walk_thread(&walk, 0);
    while (gbxi_trace_walk_next_call(&walk, &step)) {
        assert_int_not_equal(step.kind, GBXI_TRACE_STEP_NOTE);
        enters += step.kind == GBXI_TRACE_STEP_ENTER;
        exits += step.kind == GBXI_TRACE_STEP_EXIT;
    }
    assert_int_equal(enters, CALLS + 1);
    assert_int_equal(exits, CALLS + 1);
    gbxi_trace_walk_fini(&walk);
    release(&r, trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walking_skips_what_is_folded),
        cmocka_unit_test(the_depth_is_that_of_calls_that_are_not_folded),
        cmocka_unit_test(a_walk_of_calls_alone_has_no_notes),
        cmocka_unit_test(a_walk_can_restart_inside_a_call),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
