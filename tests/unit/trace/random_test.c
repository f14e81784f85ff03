/* SPDX-License-Identifier: MIT */
/* Random programs on several threads: the trace is compared with the reference, number by number. */
#include "reference.h"
#include "trace/trace.h"
#include "trace/walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { PROGRAMS = 150, STEPS_MAX = 400 };

static reference program;

/* Whether a call of the frame's name, file and line is this site's. */
static uint32_t site_of(const gbxi_frame *frame)
{
    const gbx_site *site = &reference_sites[frame->line - 1];

    assert_int_equal(frame->name_length, strlen(site->name));
    assert_memory_equal(frame->name, site->name, frame->name_length);
    assert_string_equal(frame->file, site->file);
    return frame->line - 1;
}

static void check_frames(const gbxi_trace *trace)
{
    uint64_t self_ns = 0;
    uint32_t calls = 0;
    uint32_t index = 0;

    for (uint32_t i = 0; i < trace->frames.count; i++) {
        const gbxi_frame *frame = &trace->frames.at[i];
        reference_totals expected = reference_totals_of(&program, site_of(frame));
        assert_int_equal(frame->calls, expected.calls);
        if (expected.calls == 0)
            continue;
        assert_int_equal(frame->index, index++);
        assert_int_equal(frame->open, 0);
        assert_int_equal(frame->self_ns, expected.self_ns);
        assert_int_equal(frame->total_ns, expected.total_ns);
        assert_int_equal(frame->sum_ns, expected.sum_ns);
        assert_int_equal(frame->min_ns, expected.min_ns);
        assert_int_equal(frame->max_ns, expected.max_ns);
        self_ns += frame->self_ns;
        calls += frame->calls;
    }
    assert_int_equal(trace->frame_count, index);
    assert_int_equal(trace->call_count, calls);
    assert_int_equal(trace->self_ns, self_ns);
    assert_int_equal(self_ns, reference_roots_ns(&program));
}

static void check_hotspots(const gbxi_trace *trace)
{
    uint32_t expected = trace->options.top_n < trace->frame_count ? trace->options.top_n : trace->frame_count;
    uint64_t least_ns = UINT64_MAX;

    assert_int_equal(trace->hotspot_count, expected);
    for (uint32_t i = 0; i < trace->hotspot_count; i++) {
        const gbxi_frame *frame = &trace->frames.at[trace->hotspots[i].frame];
        assert_int_equal(trace->hotspots[i].p95_ns, reference_totals_of(&program, site_of(frame)).p95_ns);
        assert_true(frame->self_ns <= least_ns);
        least_ns = frame->self_ns;
    }
}

static void check_repeats(const gbxi_trace *trace)
{
    uint32_t pairs = 0;

    for (uint32_t parent = 0; parent < REFERENCE_SITES; parent++)
        for (uint32_t child = 0; child < REFERENCE_SITES; child++)
            pairs += reference_repeat_of(&program, parent, child).count > 0;
    assert_int_equal(trace->repeats.row_count, pairs < GBXI_REPEAT_ROWS_MAX ? pairs : GBXI_REPEAT_ROWS_MAX);
    for (uint32_t i = 0; i < trace->repeats.row_count; i++) {
        const gbxi_repeat *row = &trace->repeats.rows[i];
        reference_repeat expected = reference_repeat_of(&program, site_of(&trace->frames.at[row->parent]),
                                                        site_of(&trace->frames.at[row->child]));
        assert_int_equal(row->count, expected.count);
        assert_int_equal(row->total_ns, expected.total_ns);
        assert_true(i == 0 || row->total_ns <= trace->repeats.rows[i - 1].total_ns);
    }
}

static uint64_t length_of(const reference_call *call)
{
    return call->end_ns - call->start_ns;
}

/* How many calls would rank before a pick: those with a higher key. */
typedef bool ranks(const reference_call *call, const gbxi_pick *pick);

static bool is_slower(const reference_call *call, const gbxi_pick *pick)
{
    return !call->folded && length_of(call) > pick->duration_ns;
}

static bool is_slower_with_note(const reference_call *call, const gbxi_pick *pick)
{
    return call->noted && is_slower(call, pick);
}

static bool is_slow(const reference_call *call, const gbxi_pick *pick)
{
    (void)pick;
    return !call->folded;
}

static bool is_noted(const reference_call *call, const gbxi_pick *pick)
{
    return call->noted && is_slow(call, pick);
}

static bool has_failed(const reference_call *call, const gbxi_pick *pick)
{
    (void)pick;
    return call->failed;
}

static uint32_t count_calls(ranks *is_counted, const gbxi_pick *pick)
{
    uint32_t count = 0;

    for (int i = 0; i < program.call_count; i++)
        count += is_counted(&program.calls[i], pick);
    return count;
}

static bool has_same_marks(const reference_call *call, const gbxi_pick *pick)
{
    if ((pick->reason != NULL) != call->failed || (pick->note_count == 1) != call->noted)
        return false;
    return !call->noted || pick->notes[0].value.integer == call->note;
}

/* The call that was picked. */
static const reference_call *picked_call(const gbxi_trace *trace, const gbxi_pick *pick)
{
    for (int i = 0; i < program.call_count; i++) {
        const reference_call *call = &program.calls[i];
        if (call->lane == trace->threads[pick->thread].lane && call->start_ns == pick->start_ns &&
            call->depth == pick->depth && length_of(call) == pick->duration_ns &&
            call->site == site_of(&trace->frames.at[pick->frame]) && has_same_marks(call, pick) &&
            (call->folded || reference_self_ns(&program, i) == pick->self_ns))
            return call;
    }
    fail_msg("a call was picked that is none");
    return NULL;
}

/* Checks that there are as many picks as can be, and that no pick stands behind one of a lower key. */
static void check_picks(const gbxi_trace *trace, const gbxi_picks *picks, uint32_t wanted, ranks *qualifies,
                        ranks *is_ahead)
{
    uint32_t all = count_calls(qualifies, NULL);

    assert_int_equal(picks->count, all < wanted ? all : wanted);
    for (uint32_t i = 0; i < picks->count; i++) {
        picked_call(trace, &picks->at[i]);
        if (is_ahead != NULL)
            assert_true(count_calls(is_ahead, &picks->at[i]) <= i);
    }
}

static void check_all_picks(const gbxi_trace *trace)
{
    const gbxi_picks *failed = &trace->failed_calls;
    uint64_t last_ns = 0;

    check_picks(trace, &trace->slowest, trace->options.slowest_n, is_slow, is_slower);
    check_picks(trace, &trace->noted, trace->options.noted_n, is_noted, is_slower_with_note);
    check_picks(trace, failed, trace->options.failed_n, has_failed, NULL);
    assert_int_equal(failed->offered, count_calls(has_failed, NULL));
    for (uint32_t i = 0; i < failed->count; i++) {
        uint64_t failed_ns = picked_call(trace, &failed->at[i])->failed_ns;
        assert_true(failed_ns >= last_ns);
        last_ns = failed_ns;
    }
}

static int next_unfolded(int call)
{
    while (call < program.call_count && program.calls[call].folded)
        ++call;
    return call;
}

/* The program's calls stand lane by lane. */
static int last_before(size_t lane)
{
    int call = 0;

    while (call < program.call_count && (size_t)program.calls[call].lane < lane)
        ++call;
    return call - 1;
}

static bool is_of_lane(int call, size_t lane)
{
    return call < program.call_count && (size_t)program.calls[call].lane == lane;
}

/* The walk enters the calls of each thread in their order, and leaves each at its own end. */
static void check_walk(const gbxi_trace *trace)
{
    int stack[64];
    uint32_t index = 0;
    gbxi_trace_walk walk;
    gbxi_trace_step step;

    assert_true(gbxi_trace_walk_init(&walk, trace));
    for (size_t thread = 0; thread < trace->facts.lane_count; thread++) {
        size_t lane = trace->threads[thread].lane;
        int call = last_before(lane);

        gbxi_trace_walk_thread(&walk, thread);
        while (gbxi_trace_walk_next(&walk, &step)) {
            if (step.kind == GBXI_TRACE_STEP_ENTER) {
                call = stack[step.depth] = next_unfolded(call + 1);
                assert_true(is_of_lane(call, lane));
                assert_int_equal(program.calls[call].depth, step.depth);
                assert_int_equal(program.calls[call].start_ns, step.at_ns);
                assert_int_equal(step.call_index, index++);
            } else if (step.kind == GBXI_TRACE_STEP_NOTE) {
                assert_true(program.calls[stack[step.depth]].noted);
            } else {
                const reference_call *ended = &program.calls[stack[step.depth]];
                assert_int_equal(step.kind, GBXI_TRACE_STEP_EXIT);
                assert_int_equal(step.reason != NULL, ended->failed);
                assert_int_equal(site_of(step.frame), ended->site);
                assert_int_equal(step.at_ns, ended->end_ns);
                assert_int_equal(step.duration_ns, ended->end_ns - ended->start_ns);
                assert_int_equal(step.self_ns, reference_self_ns(&program, stack[step.depth]));
            }
        }
        assert_int_equal(walk.depth, 0);
        assert_false(is_of_lane(next_unfolded(call + 1), lane));
    }
    assert_int_equal(index, trace->call_count);
    gbxi_trace_walk_fini(&walk);
}

static void check_program(uint64_t seed, uint64_t min_duration_ns)
{
    gbx_capture *capture = reference_run(&program, seed, 1 + (int)(seed * 37 % STEPS_MAX));
    gbxi_trace_options options = {.min_duration_ns = min_duration_ns,
                                  .top_n = 1 + (uint32_t)seed % 15,
                                  .slowest_n = (uint32_t)seed % 13,
                                  .noted_n = (uint32_t)seed % 7,
                                  .failed_n = (uint32_t)seed % 11,
                                  .repeats = true,
                                  .unattributed = true};
    gbxi_trace *trace = gbxi_trace_new(capture, &options);

    assert_non_null(trace);
    reference_fold(&program, min_duration_ns);
    assert_int_equal(trace->facts.lane_count, program.lanes);
    assert_int_equal(trace->recorded_count, program.call_count);
    check_frames(trace);
    check_hotspots(trace);
    check_repeats(trace);
    check_all_picks(trace);
    check_walk(trace);
    assert_int_equal(trace->unattributed_ns, reference_unattributed_ns(&program, trace->facts.duration_ns));
    gbxi_trace_free(trace);
    gbx_capture_unref(capture);
}

static void random_programs_match_the_reference(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++)
        check_program(seed, 0);
}

static void folded_random_programs_match_the_reference(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= PROGRAMS; seed++)
        check_program(seed, 1 + seed * seed % 200);
}

static void long_programs_match_the_reference(void **state)
{
    (void)state;
    for (uint64_t seed = 1001; seed <= 1003; seed++) {
        gbx_capture *capture = reference_run(&program, seed, 4000);
        gbxi_trace *trace =
            gbxi_trace_new(capture, &(gbxi_trace_options){.top_n = 12, .repeats = true, .unattributed = true});
        assert_non_null(trace);
        reference_fold(&program, 0);
        check_frames(trace);
        check_hotspots(trace);
        check_repeats(trace);
        gbxi_trace_free(trace);
        gbx_capture_unref(capture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_programs_match_the_reference),
        cmocka_unit_test(folded_random_programs_match_the_reference),
        cmocka_unit_test(long_programs_match_the_reference),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
