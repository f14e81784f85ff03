/* SPDX-License-Identifier: MIT */
/* Which frames are hotspots, and the percentiles of their calls. */
#include "recording.h"
#include "trace/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const gbx_site site_a = {"a", "a", "src/a.c", 10, {0}};
static const gbx_site site_b = {"b", "b", "src/b.c", 20, {0}};
static const gbx_site site_c = {"c", "c", "src/c.c", 30, {0}};

static const gbxi_trace_options ten = {.top_n = 10};

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

/* 1..n ns in a shuffled order, so that the p95 by nearest rank is ceil(0.95 n). */
static void check_p95(uint64_t n, uint64_t step, uint64_t expected)
{
    recording r;
    gbxi_trace *trace;

    recording_begin(&r, NULL);
    for (uint64_t i = 0; i < n; i++)
        recording_call(&r, &site_a, i * step % n + 1);
    trace = trace_of(&r, &ten);
    assert_int_equal(trace->hotspot_count, 1);
    assert_int_equal(trace->hotspots[0].p95_ns, expected);
    release(&r, trace);
}

static void p95_is_by_nearest_rank(void **state)
{
    (void)state;
    check_p95(1, 1, 1);
    check_p95(19, 7, 19);
    check_p95(20, 7, 19);
    check_p95(21, 5, 20);
    check_p95(100, 37, 95);
    check_p95(10007, 4099, 9507);
}

static void p95_holds_for_durations_far_apart(void **state)
{
    static const uint64_t durations[] = {3, 3, 3, 3, 3, 3, 3, 3, 3,           3,
                                         3, 3, 3, 3, 3, 3, 3, 3, 70000000123, UINT64_C(1) << 60};
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    for (size_t i = 0; i < sizeof(durations) / sizeof(durations[0]); i++)
        recording_call(&r, &site_a, durations[i]);
    trace = trace_of(&r, &ten);
    assert_int_equal(trace->hotspots[0].p95_ns, 70000000123);
    release(&r, trace);
}

static void hotspots_are_the_first_by_self_time(void **state)
{
    const gbxi_trace_options two = {.top_n = 2};
    recording r;
    gbxi_trace *trace;

    (void)state;
    recording_begin(&r, NULL);
    recording_enter(&r, &site_a);
    recording_pass(&r, 1);
    recording_call(&r, &site_b, 5);
    recording_call(&r, &site_c, 5);
    recording_exit(&r);
    trace = trace_of(&r, &two);
    assert_int_equal(trace->hotspot_count, 2);
    assert_int_equal(trace->frames.at[trace->hotspots[0].frame].line, site_b.line);
    assert_int_equal(trace->frames.at[trace->hotspots[1].frame].line, site_c.line);
    release(&r, trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p95_is_by_nearest_rank),
        cmocka_unit_test(p95_holds_for_durations_far_apart),
        cmocka_unit_test(hotspots_are_the_first_by_self_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
