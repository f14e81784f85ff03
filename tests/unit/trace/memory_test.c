/* SPDX-License-Identifier: MIT */
/* Traces when memory runs out at every allocation in turn, and the memory that they use otherwise. */
#include "base/grow.h"
#include "recording.h"
#include "scarce_memory.h"
#include "trace/trace.h"
#include "trace/walk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SITES = 300, DEEP = 200, MANY_CALLS = 400000 };

/* The calls of record_leaves without the deep ones, and those of them that take 2 ns or more. */
enum { LEAVES = 40 * SITES + 1, LEAVES_OF_2 = 40 / 2 * SITES + 1 };

static const gbx_site root = {"root", "root", "src/root.c", 1, {0}};
static gbx_site sites[SITES];
static recording r;

static void fill_sites(void)
{
    for (uint32_t i = 0; i < SITES; i++)
        sites[i] = (gbx_site){"leaf", "leaf", "src/leaf.c", i + 1, {0}};
}

static void call_deep(recording *record, void *argument)
{
    (void)argument;
    for (int i = 0; i < DEEP; i++)
        recording_enter(record, &sites[i]);
    recording_pass(record, 5);
    for (int i = 0; i < DEEP; i++)
        recording_exit(record);
}

/* Enough for every table to grow. */
static gbx_capture *record_leaves(bool deep)
{
    fill_sites();
    recording_begin(&r, NULL);
    recording_enter(&r, &root);
    gbxi_note_int("rounds", 40);
    gbxi_span_fail("too many");
    for (int round = 0; round < 40; round++)
        for (int i = 0; i < SITES; i++)
            recording_call(&r, &sites[i], (uint64_t)(round % 2 + 1));
    recording_exit(&r);
    if (deep)
        recording_on_thread(&r, "worker", 7, 10, call_deep, NULL);
    return recording_finish(&r);
}

static void check_failing_allocations(bool deep, const gbxi_trace_options *options, uint32_t calls)
{
    gbx_capture *capture = record_leaves(deep);
    long blocks = scarce_memory_blocks();
    gbxi_trace *trace = NULL;
    size_t failures = 0;

    for (; trace == NULL; failures++) {
        scarce_memory_begin(failures);
        trace = gbxi_trace_new(capture, options);
        assert_int_equal(scarce_memory_end(), trace == NULL);
        if (trace == NULL)
            assert_int_equal(scarce_memory_blocks(), blocks);
    }
    assert_true(failures > 10);
    assert_int_equal(trace->call_count, calls);
    gbxi_trace_free(trace);
    assert_int_equal(scarce_memory_blocks(), blocks);
    gbx_capture_unref(capture);
}

/* Each case has another last allocation, so that the failure of a later one does not hide that it is ignored. */
static void every_failing_allocation_gives_no_trace_and_no_leak(void **state)
{
    (void)state;
    check_failing_allocations(true, &(gbxi_trace_options){0}, LEAVES + DEEP);
    check_failing_allocations(false, &(gbxi_trace_options){.min_duration_ns = 2}, LEAVES_OF_2);
    check_failing_allocations(false, &(gbxi_trace_options){.repeats = true}, LEAVES);
    check_failing_allocations(false, &(gbxi_trace_options){.slowest_n = 40, .noted_n = 5, .failed_n = 5}, LEAVES);
    check_failing_allocations(true, &(gbxi_trace_options){.unattributed = true}, LEAVES + DEEP);
    check_failing_allocations(
        true, &(gbxi_trace_options){.min_duration_ns = 2, .top_n = 1000, .repeats = true, .unattributed = true},
        LEAVES_OF_2 + DEEP);
}

static void a_walk_without_memory_says_so(void **state)
{
    gbx_capture *capture = record_leaves(true);
    gbxi_trace *trace = gbxi_trace_new(capture, &(gbxi_trace_options){0});
    gbxi_trace_walk walk;
    bool good;

    (void)state;
    assert_non_null(trace);
    scarce_memory_begin(0);
    good = gbxi_trace_walk_init(&walk, trace);
    scarce_memory_end();
    assert_false(good);
    gbxi_trace_walk_fini(&walk);
    gbxi_trace_free(trace);
    gbx_capture_unref(capture);
}

/* The list of newest tallies can grow, but the tallies cannot. */
static void a_child_that_cannot_be_counted_is_refused(void **state)
{
    gbxi_repeats repeats;
    bool counted;

    (void)state;
    gbxi_repeats_init(&repeats);
    for (uint32_t i = 0; i < GBXI_GROW_FIRST; i++)
        assert_true(gbxi_repeats_child(&repeats, 0, i, 1));
    scarce_memory_begin(1);
    counted = gbxi_repeats_child(&repeats, 0, GBXI_GROW_FIRST, 1);
    assert_true(scarce_memory_end());
    assert_false(counted);
    assert_int_equal(gbxi_repeats_mark(&repeats), GBXI_GROW_FIRST);
    assert_true(gbxi_repeats_child(&repeats, 0, GBXI_GROW_FIRST, 1));
    gbxi_repeats_fini(&repeats);
}

/* All children are repeats; there is memory for the first rows and their table, which cannot grow. */
static void a_row_that_cannot_be_kept_is_reported(void **state)
{
    gbxi_repeats repeats;
    bool kept;

    (void)state;
    gbxi_repeats_init(&repeats);
    for (uint32_t i = 0; i < GBXI_GROW_FIRST * GBXI_REPEAT_MIN; i++)
        assert_true(gbxi_repeats_child(&repeats, 0, i % GBXI_GROW_FIRST, 1));
    scarce_memory_begin(2);
    kept = gbxi_repeats_harvest(&repeats, 0, 1);
    assert_true(scarce_memory_end());
    assert_false(kept);
    assert_int_equal(repeats.row_count, GBXI_TABLE_SLOTS_FIRST / 2);
    assert_int_equal(gbxi_repeats_mark(&repeats), 0);
    gbxi_repeats_fini(&repeats);
}

/* The frame exists, but the table of sites cannot grow. */
static void a_site_that_cannot_be_remembered_has_no_frame(void **state)
{
    enum { FIRST_SITES = GBXI_TABLE_SLOTS_FIRST / 2 };
    static gbx_site twins[FIRST_SITES + 1];
    gbx_record record = {.kind = GBX_RECORD_ENTER, .name = "twin"};
    gbxi_frames frames;
    uint32_t frame;

    (void)state;
    assert_true(gbxi_frames_init(&frames, 0));
    for (uint32_t i = 0; i <= FIRST_SITES; i++)
        twins[i] = (gbx_site){record.name, record.name, "src/twin.c", 1, {0}};
    for (record.site = twins; record.site < twins + FIRST_SITES; record.site++)
        assert_int_equal(gbxi_frames_intern(&frames, &record), 0);
    scarce_memory_begin(0);
    frame = gbxi_frames_intern(&frames, &record);
    assert_true(scarce_memory_end());
    assert_int_equal(frame, GBXI_FRAME_NONE);
    assert_int_equal(gbxi_frames_intern(&frames, &record), 0);
    assert_int_equal(gbxi_frames_intern(&frames, &record), 0);
    assert_int_equal(frames.count, 1);
    gbxi_frames_fini(&frames);
}

static void free_takes_null(void **state)
{
    (void)state;
    gbxi_trace_free(NULL);
}

/* Folding takes a bit a call, percentiles eight bytes a call while they are taken; nothing else grows with calls. */
static void memory_does_not_grow_with_calls(void **state)
{
    const gbxi_trace_options lean = {.repeats = true, .unattributed = true};
    const gbxi_trace_options folding = {.min_duration_ns = 2, .repeats = true, .unattributed = true};
    const gbxi_trace_options percentiles = {.top_n = 10, .repeats = true, .unattributed = true};
    const struct {
        const gbxi_trace_options *options;
        size_t allowed_bytes;
    } cases[] = {
        {&lean, 1 << 17}, {&folding, (1 << 17) + MANY_CALLS / 8 * 2}, {&percentiles, (1 << 17) + MANY_CALLS * 8}};
    gbx_capture *capture;

    (void)state;
    fill_sites();
    recording_begin(&r, NULL);
    recording_enter(&r, &root);
    for (int i = 0; i < MANY_CALLS; i++)
        recording_call(&r, &sites[i % 7], (uint64_t)(i % 3));
    recording_exit(&r);
    capture = recording_finish(&r);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t before = scarce_memory_bytes();
        gbxi_trace *trace;
        scarce_memory_reset_peak();
        trace = gbxi_trace_new(capture, cases[i].options);
        assert_non_null(trace);
        assert_in_range(scarce_memory_peak_bytes() - before, 1, cases[i].allowed_bytes);
        gbxi_trace_free(trace);
    }
    gbx_capture_unref(capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failing_allocation_gives_no_trace_and_no_leak),
        cmocka_unit_test(a_walk_without_memory_says_so),
        cmocka_unit_test(a_child_that_cannot_be_counted_is_refused),
        cmocka_unit_test(a_row_that_cannot_be_kept_is_reported),
        cmocka_unit_test(a_site_that_cannot_be_remembered_has_no_frame),
        cmocka_unit_test(free_takes_null),
        cmocka_unit_test(memory_does_not_grow_with_calls),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
