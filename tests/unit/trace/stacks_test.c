/* SPDX-License-Identifier: MIT */
/* The distinct stacks of handmade and of random traces. */
#include "reference.h"
#include "scarce_memory.h"
#include "trace/stacks.h"
#include "trace/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { DEEP = 2000, PROGRAMS = 60, MANY = 3000 };

static const gbx_site site_a = {"a", "a", "src/a.c", 1, {0}};
static const gbx_site site_b = {"b", "b", "src/b.c", 2, {0}};

static recording r;
static reference program;

static gbxi_trace *analyse(const gbx_capture *capture, uint64_t min_duration_ns)
{
    gbxi_trace *trace = gbxi_trace_new(capture, &(gbxi_trace_options){.min_duration_ns = min_duration_ns});

    assert_non_null(trace);
    return trace;
}

static const char *name_of(const gbxi_trace *trace, const gbxi_stack *stack)
{
    return trace->frames.at[stack->frame].name;
}

static void equal_stacks_are_one_and_others_are_not(void **state)
{
    gbx_capture *capture;
    gbxi_trace *trace;
    gbxi_stacks stacks;

    (void)state;
    recording_begin(&r, NULL);
    for (int i = 0; i < 3; i++) {
        recording_enter(&r, &site_a);
        recording_pass(&r, 10);
        recording_call(&r, &site_b, 5);
        recording_call(&r, &site_a, 2);
        recording_exit(&r);
    }
    recording_call(&r, &site_b, 7);
    capture = recording_finish(&r);
    trace = analyse(capture, 0);
    assert_true(gbxi_stacks_init(&stacks, trace));
    assert_int_equal(stacks.count, 4);
    assert_int_equal(stacks.depth_max, 1);
    for (uint32_t i = 0; i < 4; i++) {
        static const gbxi_stack expected[] = {
            {.calls = 3, .self_ns = 30, .parent = GBXI_STACK_NONE}, /* a */
            {.calls = 3, .self_ns = 15, .parent = 0, .depth = 1},   /* a;b */
            {.calls = 3, .self_ns = 6, .parent = 0, .depth = 1},    /* a;a */
            {.calls = 1, .self_ns = 7, .parent = GBXI_STACK_NONE},  /* b */
        };

        assert_string_equal(name_of(trace, &stacks.at[i]), i == 1 || i == 3 ? "b" : "a");
        assert_int_equal(stacks.at[i].calls, expected[i].calls);
        assert_int_equal(stacks.at[i].self_ns, expected[i].self_ns);
        assert_int_equal(stacks.at[i].parent, expected[i].parent);
        assert_int_equal(stacks.at[i].depth, expected[i].depth);
    }
    gbxi_stacks_fini(&stacks);
    gbxi_trace_free(trace);
    gbx_capture_unref(capture);
}

static void call_a(recording *record, void *argument)
{
    (void)argument;
    recording_call(record, &site_a, 4);
}

static void threads_have_stacks_of_their_own(void **state)
{
    gbx_capture *capture;
    gbxi_trace *trace;
    gbxi_stacks stacks;

    (void)state;
    recording_begin(&r, NULL);
    recording_call(&r, &site_a, 3);
    recording_on_thread(&r, "other", 7, 0, call_a, NULL);
    capture = recording_finish(&r);
    trace = analyse(capture, 0);
    assert_true(gbxi_stacks_init(&stacks, trace));
    assert_int_equal(stacks.count, 2);
    assert_int_not_equal(stacks.at[0].thread, stacks.at[1].thread);
    assert_int_equal(stacks.at[0].self_ns + stacks.at[1].self_ns, 7);
    assert_int_equal(gbxi_stacks_find(&stacks, GBXI_STACK_NONE, stacks.at[1].thread, stacks.at[1].frame), 1);
    assert_int_equal(gbxi_stacks_find(&stacks, GBXI_STACK_NONE, 2, stacks.at[1].frame), GBXI_STACK_NONE);
    assert_int_equal(gbxi_stacks_find(&stacks, 0, stacks.at[0].thread, stacks.at[0].frame), GBXI_STACK_NONE);
    assert_int_equal(gbxi_stacks_find(&(gbxi_stacks){0}, GBXI_STACK_NONE, 0, 0), GBXI_STACK_NONE);
    gbxi_stacks_fini(&stacks);
    gbxi_trace_free(trace);
    gbx_capture_unref(capture);
}

/* Whether a call of the program has a stack: the same sites up to the root, on the same thread. */
static bool is_stack_of(const gbxi_trace *trace, const gbxi_stacks *stacks, uint32_t number, int call)
{
    for (; call >= 0; call = program.calls[call].parent) {
        const gbxi_stack *stack;

        if (number == GBXI_STACK_NONE)
            return false;
        stack = &stacks->at[number];
        if (trace->frames.at[stack->frame].line != program.calls[call].site + 1 ||
            trace->threads[stack->thread].lane != program.calls[call].lane)
            return false;
        number = stack->parent;
    }
    return number == GBXI_STACK_NONE;
}

/* Every call has exactly one stack, and the numbers of each stack are the sums over its calls. */
static void check_program(const gbxi_trace *trace, const gbxi_stacks *stacks)
{
    uint64_t self_ns = 0;
    uint32_t calls = 0;

    for (uint32_t i = 0; i < stacks->count; i++) {
        const gbxi_stack *stack = &stacks->at[i];
        uint64_t expected_ns = 0;
        uint32_t expected = 0;

        assert_true(stack->parent == GBXI_STACK_NONE || stack->parent < i);
        assert_int_equal(gbxi_stacks_find(stacks, stack->parent, stack->thread, stack->frame), i);
        for (int call = 0; call < program.call_count; call++)
            if (!program.calls[call].folded && is_stack_of(trace, stacks, i, call)) {
                expected_ns += reference_self_ns(&program, call);
                expected++;
            }
        assert_int_equal(stack->calls, expected);
        assert_int_equal(stack->self_ns, expected_ns);
        assert_true(stack->calls > 0);
        calls += stack->calls;
        self_ns += stack->self_ns;
    }
    assert_int_equal(calls, trace->call_count);
    assert_int_equal(self_ns, trace->self_ns);
}

static void stacks_of_random_programs_add_up(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++) {
        uint64_t min_duration_ns = seed % 3 * 7;
        gbx_capture *capture = reference_run(&program, seed, 20 + (int)seed);
        gbxi_trace *trace = analyse(capture, min_duration_ns);
        gbxi_stacks stacks;

        reference_fold(&program, min_duration_ns);
        assert_true(gbxi_stacks_init(&stacks, trace));
        check_program(trace, &stacks);
        gbxi_stacks_fini(&stacks);
        gbxi_trace_free(trace);
        gbx_capture_unref(capture);
    }
}

/* Down to the last level, and many different functions at the bottom. */
static gbx_capture *record_deep(void)
{
    recording_begin(&r, &(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_depth = DEEP});
    for (int i = 1; i < DEEP; i++) {
        recording_enter(&r, i % 2 == 0 ? &site_a : &site_b);
        recording_pass(&r, 1);
    }
    for (int i = 0; i < MANY; i++) {
        recording_enter_formatted(&r, &site_a, 0, i, "leaf");
        recording_pass(&r, 2);
        recording_exit(&r);
    }
    return recording_finish(&r);
}

static void deep_and_many_stacks_are_found(void **state)
{
    gbx_capture *capture = record_deep();
    gbxi_trace *trace = analyse(capture, 0);
    gbxi_stacks stacks;

    (void)state;
    assert_true(gbxi_stacks_init(&stacks, trace));
    assert_int_equal(stacks.depth_max, DEEP - 1);
    assert_int_equal(stacks.count, DEEP - 1 + MANY);
    for (uint32_t i = 1; i < stacks.count; i++)
        assert_int_equal(stacks.at[i].parent, i < DEEP - 1 ? i - 1 : DEEP - 2);
    gbxi_stacks_fini(&stacks);
    gbxi_trace_free(trace);
    gbx_capture_unref(capture);
}

static void every_failing_allocation_gives_no_stacks_and_no_leak(void **state)
{
    gbx_capture *capture = record_deep();
    gbxi_trace *trace = analyse(capture, 0);
    long blocks = scarce_memory_blocks();
    gbxi_stacks stacks;
    size_t failures = 0;
    bool good = false;

    (void)state;
    for (; !good; failures++) {
        scarce_memory_begin(failures);
        good = gbxi_stacks_init(&stacks, trace);
        assert_int_equal(scarce_memory_end(), !good);
        gbxi_stacks_fini(&stacks);
        assert_int_equal(scarce_memory_blocks(), blocks);
    }
    assert_true(failures > 10);
    gbxi_trace_free(trace);
    gbx_capture_unref(capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_stacks_are_one_and_others_are_not),
        cmocka_unit_test(threads_have_stacks_of_their_own),
        cmocka_unit_test(stacks_of_random_programs_add_up),
        cmocka_unit_test(deep_and_many_stacks_are_found),
        cmocka_unit_test(every_failing_allocation_gives_no_stacks_and_no_leak),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
