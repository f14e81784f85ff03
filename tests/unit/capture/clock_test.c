/* SPDX-License-Identifier: MIT */
/* Time: the counter and its fallback agree with CLOCK_MONOTONIC, and an injected clock is obeyed to the nanosecond. */
#define _GNU_SOURCE
#include "capture/clock.h"
#include "shape.h"
#include <fcntl.h>
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static uint64_t monotonic_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void spin_ns(uint64_t ns)
{
    uint64_t until = monotonic_ns() + ns;

    while (monotonic_ns() < until)
        ;
}

/* Must run first, because the kernel is asked only once. The lowest free descriptor is the same as before. */
static void asking_the_kernel_leaves_no_file_open(void **state)
{
    int lowest = open("/dev/null", O_RDONLY | O_CLOEXEC), again;

    (void)state;
    assert_true(lowest >= 0);
    close(lowest);
    (void)gbxi_counter_is_usable();
    again = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_int_equal(again, lowest);
    close(again);
}

static void counter_needs_both_flags(void **state)
{
    (void)state;
    assert_true(gbxi_counter_flags_suffice("flags\t\t: fpu constant_tsc rep_good nonstop_tsc cpuid\nbugs\t:"));
    assert_true(gbxi_counter_flags_suffice("flags : nonstop_tsc constant_tsc"));
    assert_false(gbxi_counter_flags_suffice("flags : constant_tsc"));
    assert_false(gbxi_counter_flags_suffice("flags : nonstop_tsc"));
    assert_false(gbxi_counter_flags_suffice("flags : constant_tscx nonstop_tsc"));
    assert_false(gbxi_counter_flags_suffice(""));
}

static void timebase_maps_both_ends_exactly(void **state)
{
    const gbxi_anchor start = {1000000, 5000}, end = {1000000 + 3000000000, 5000 + 1000000000};
    gbxi_timebase base = gbxi_timebase_between(start, end, NULL);

    (void)state;
    assert_int_equal(gbxi_timebase_ns(&base, start.ticks), 0);
    assert_in_range(gbxi_timebase_ns(&base, end.ticks), 999999999, 1000000000);
    assert_in_range(gbxi_timebase_ns(&base, start.ticks + 1500000000), 499999999, 500000000);
    assert_int_equal(gbxi_timebase_ns(&base, 0), 0);
    assert_in_range(gbxi_timebase_ns(&base, start.ticks + 3000000000 * (uint64_t)100000), 99999900000000,
                    100000000000000);
}

/* A span's duration lies between what the test saw just inside and just outside it. */
static void check_truth(const gbx_clock *clock, uint64_t work_ns)
{
    gbx_capture *capture = gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .clock = clock});
    gbx_scope scope = gbx_capture_enter(capture);
    uint64_t outside = monotonic_ns(), inside, start, slack;
    gbx_reader reader;
    gbx_record record;

    {
        GBX_SPAN_NAMED("work");
        inside = monotonic_ns();
        spin_ns(work_ns);
        inside = monotonic_ns() - inside;
    }
    outside = monotonic_ns() - outside;
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    gbx_reader_init(&reader, capture, 0);
    assert_true(gbx_reader_next(&reader, &record));
    start = record.at_ns;
    assert_true(gbx_reader_next(&reader, &record));
    slack = work_ns / 1000 + 100;
    assert_in_range(record.at_ns - start, inside - slack, outside + slack);
    assert_true(record.at_ns <= gbx_capture_duration_ns(capture));
    gbx_capture_unref(capture);
}

static void counter_tells_the_truth(void **state)
{
    (void)state;
    if (!gbxi_counter_is_usable())
        skip();
    for (uint64_t work_ns = 1000; work_ns <= 100000000; work_ns *= 10)
        check_truth(NULL, work_ns);
}

static void monotonic_fallback_tells_the_truth(void **state)
{
    (void)state;
    for (uint64_t work_ns = 1000; work_ns <= 100000000; work_ns *= 10)
        check_truth(gbx_clock_monotonic(), work_ns);
}

static uint64_t fake_ns = 777;
static int64_t wall_ns = 1700000000123456789;

static uint64_t fake_now(void *context)
{
    return *(uint64_t *)context;
}

static int64_t fake_unix(void *context)
{
    (void)context;
    return wall_ns;
}

static uint64_t fake_cpu(void *context)
{
    return *(uint64_t *)context / 2;
}

static uint32_t fake_thread(void *context)
{
    (void)context;
    return 4242;
}

static void an_injected_clock_is_obeyed_and_a_stepped_wall_clock_changes_nothing(void **state)
{
    const gbx_clock clock = {sizeof(clock), fake_now, fake_unix, fake_cpu, fake_thread, 12.5, &fake_ns};
    gbx_capture *capture =
        gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .clock = &clock});
    gbx_scope scope = gbx_capture_enter(capture);
    gbx_capture_facts facts;
    gbx_lane_facts lane;
    gbx_reader reader;
    gbx_record record;

    (void)state;
    fake_ns += 23;
    wall_ns -= 3600 * (int64_t)1000000000; /* somebody sets the wall clock back by an hour */
    {
        GBX_SPAN_NAMED("x");
        fake_ns += 1000000000000007;
    }
    gbx_capture_leave(scope);
    fake_ns += 100;
    gbx_capture_finish(capture);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    gbx_lane_facts_get(capture, 0, &lane, sizeof(lane));
    assert_int_equal(facts.start_ns, 777);
    assert_int_equal(facts.start_unix_ns, 1700000000123456789);
    assert_int_equal(facts.duration_ns, 1000000000000130);
    assert_true(facts.span_cost_ns == 12.5);
    assert_int_equal(lane.thread_id, 4242);
    assert_int_equal(lane.span_count, 1);
    assert_int_equal(lane.inside_ns, 1000000000000030);
    assert_int_equal(lane.cpu_ns, 500000000000015);
    gbx_reader_init(&reader, capture, 0);
    assert_true(gbx_reader_next(&reader, &record));
    assert_int_equal(record.at_ns, 23);
    assert_true(gbx_reader_next(&reader, &record));
    assert_int_equal(record.at_ns, 1000000000000030);
    gbx_capture_unref(capture);
}

/* A thread that always runs, on a clock of which each reading takes 10 ns... */
static uint64_t slow_now(void *context)
{
    return *(uint64_t *)context += 10;
}

/* ... and that of the CPU time 10 ns more than the one before. */
static uint64_t slower_cpu(void *context)
{
    static uint64_t taken_ns;

    return *(uint64_t *)context += taken_ns += 10;
}

/* A clock that runs ten times as fast as that of the wall time. */
static uint64_t faster_cpu(void *context)
{
    return (*(uint64_t *)context += 10) * 10;
}

static gbx_lane_facts times_of_short_work(bool finish_inside, uint64_t (*cpu)(void *))
{
    const gbx_clock clock = {sizeof(clock), slow_now, fake_unix, cpu, fake_thread, 0, &fake_ns};
    gbx_capture *capture =
        gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .clock = &clock});
    gbx_lane_facts lane;

    {
        GBX_ENTER(capture);
        if (finish_inside)
            gbx_capture_finish(capture);
    }
    gbx_capture_finish(capture);
    gbx_lane_facts_get(capture, 0, &lane, sizeof(lane));
    assert_true(lane.cpu_ns > 0);
    gbx_capture_unref(capture);
    return lane;
}

static void a_thread_never_ran_longer_than_it_was_inside(void **state)
{
    gbx_lane_facts left = times_of_short_work(false, slower_cpu), finished = times_of_short_work(true, slower_cpu);
    gbx_lane_facts fast = times_of_short_work(false, faster_cpu);

    (void)state;
    assert_true(left.cpu_ns < left.inside_ns); /* inside is also what the readings take */
    assert_true(finished.cpu_ns <= finished.inside_ns);
    assert_int_equal(fast.cpu_ns, fast.inside_ns);
}

/* The formatted span begins 5 ns after the start, and the capture is finished 7 ns later while the thread is inside. */
static void a_finish_inside_counts_the_time_until_then(void **state)
{
    const gbx_clock clock = {sizeof(clock), fake_now, fake_unix, fake_cpu, fake_thread, 0, &fake_ns};
    gbx_capture *capture;
    gbx_scope scope;
    gbx_lane_facts lane;
    gbx_reader reader;
    gbx_record record;

    (void)state;
    fake_ns = 1000;
    capture = gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .clock = &clock});
    fake_ns += 2;
    scope = gbx_capture_enter(capture);
    fake_ns += 3;
    {
        GBX_SPAN_FMT("%d", 1);
        fake_ns += 7;
        assert_int_equal(gbx_capture_duration_ns(capture), 12);
        gbx_capture_finish(capture);
        fake_ns += 100;
    }
    gbx_capture_leave(scope);
    assert_int_equal(gbx_capture_duration_ns(capture), 12);
    gbx_lane_facts_get(capture, 0, &lane, sizeof(lane));
    assert_int_equal(lane.inside_ns, 10);
    assert_int_equal(lane.cpu_ns, 5);
    gbx_reader_init(&reader, capture, 0);
    assert_true(gbx_reader_next(&reader, &record));
    assert_int_equal(record.at_ns, 5);
    assert_true(gbx_reader_next(&reader, &record));
    assert_int_equal(record.kind, GBX_RECORD_EXIT);
    assert_int_equal(record.at_ns, 12);
    gbx_capture_unref(capture);
}

static void a_span_left_open_ends_when_its_scope_is_left(void **state)
{
    static const gbx_site site = {"left open", "test", "clock_test.c", 1, {0}};
    const gbx_clock clock = {sizeof(clock), fake_now, fake_unix, fake_cpu, fake_thread, 0, &fake_ns};
    gbx_capture *capture;
    gbx_scope scope;
    gbx_reader reader;
    gbx_record record;
    gbx_span span;

    (void)state;
    fake_ns = 1000;
    capture = gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .clock = &clock});
    scope = gbx_capture_enter(capture);
    gbxi_span_begin(&span, &site);
    fake_ns += 7;
    gbx_capture_leave(scope);
    fake_ns += 100;
    gbx_capture_finish(capture);
    gbx_reader_init(&reader, capture, 0);
    assert_true(gbx_reader_next(&reader, &record));
    assert_true(gbx_reader_next(&reader, &record));
    assert_int_equal(record.kind, GBX_RECORD_EXIT);
    assert_int_equal(record.at_ns, 7);
    gbx_capture_unref(capture);
}

static bool begin_late;

/* Begins a span 50 ns after the time that it returns, as another thread can while the capture is being finished. */
static uint64_t now_before_a_span(void *context)
{
    static const gbx_site site = {"late", "now_before_a_span", "clock_test.c", 1, {0}};
    static gbx_span late;
    uint64_t now_ns = fake_now(context);

    if (begin_late) {
        begin_late = false;
        fake_ns += 50;
        gbxi_span_begin(&late, &site);
    }
    return now_ns;
}

static void a_span_that_begins_during_the_finish_is_not_after_it(void **state)
{
    const gbx_clock clock = {sizeof(clock), now_before_a_span, fake_unix, fake_cpu, fake_thread, 0, &fake_ns};
    gbx_capture *capture;
    gbx_scope scope;
    gbx_reader reader;
    gbx_record record;

    (void)state;
    fake_ns = 1000;
    capture = gbx_capture_new(&(gbx_capture_options){.size = sizeof(gbx_capture_options), .clock = &clock});
    scope = gbx_capture_enter(capture);
    fake_ns += 10;
    begin_late = true;
    gbx_capture_finish(capture);
    gbx_capture_leave(scope);
    assert_int_equal(gbx_capture_duration_ns(capture), 10);
    gbx_reader_init(&reader, capture, 0);
    assert_true(gbx_reader_next(&reader, &record));
    assert_string_equal(record.name, "late");
    assert_int_equal(record.at_ns, 10);
    assert_true(gbx_reader_next(&reader, &record));
    assert_int_equal(record.at_ns, 10);
    gbx_capture_unref(capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(asking_the_kernel_leaves_no_file_open),
        cmocka_unit_test(counter_needs_both_flags),
        cmocka_unit_test(timebase_maps_both_ends_exactly),
        cmocka_unit_test(counter_tells_the_truth),
        cmocka_unit_test(monotonic_fallback_tells_the_truth),
        cmocka_unit_test(an_injected_clock_is_obeyed_and_a_stepped_wall_clock_changes_nothing),
        cmocka_unit_test(a_thread_never_ran_longer_than_it_was_inside),
        cmocka_unit_test(a_finish_inside_counts_the_time_until_then),
        cmocka_unit_test(a_span_that_begins_during_the_finish_is_not_after_it),
        cmocka_unit_test(a_span_left_open_ends_when_its_scope_is_left),
    };
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
