/* SPDX-License-Identifier: MIT */
/* P10: compares the times of spans with CLOCK_MONOTONIC, for work of 1 us to 1 s, and the reported span cost with
 * the measured one. */
#define _GNU_SOURCE
#include "bench.h"
#include "loops.h"
#include <glassbox/read.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

static void spin_ns(uint64_t ns)
{
    uint64_t until = bench_now_ns() + ns;

    while (bench_now_ns() < until)
        ;
}

/* One span around `work_ns` of work; returns by how much it lies outside what was seen inside and outside it, as a
 * share of what P10 allows: 1 % or 100 ns, whichever is more. */
static double error_share(uint64_t work_ns)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(capture);
    uint64_t outside = bench_now_ns(), inside, reported;
    gbx_reader reader;
    gbx_record record;
    double allowed, error = 0;

    {
        GBX_SPAN_NAMED("work");
        inside = bench_now_ns();
        spin_ns(work_ns);
        inside = bench_now_ns() - inside;
    }
    outside = bench_now_ns() - outside;
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    gbx_reader_init(&reader, capture, 0);
    gbx_reader_next(&reader, &record);
    reported = record.at_ns;
    gbx_reader_next(&reader, &record);
    reported = record.at_ns - reported;
    gbx_capture_unref(capture);
    allowed = fmax((double)work_ns / 100, 100);
    if (reported < inside)
        error = (double)(inside - reported);
    if (reported > outside)
        error = (double)(reported - outside);
    return error / allowed;
}

static double run_truth(void *context)
{
    return error_share(*(uint64_t *)context);
}

/* What a trace says that recording a span costs. */
static double stated_cost_ns(void)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_capture_facts facts;

    gbx_capture_finish(capture);
    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    gbx_capture_unref(capture);
    return facts.span_cost_ns;
}

static double measured_cost_ns(void)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(capture);
    uint64_t begin = bench_now_ns();
    double ns;

    loop_span(100000);
    ns = (double)(bench_now_ns() - begin) / 100000;
    gbx_capture_leave(scope);
    gbx_capture_unref(capture);
    return ns;
}

static double run_price_tag(void *context)
{
    (void)context;
    return fabs(stated_cost_ns() / measured_cost_ns() - 1) * 100;
}

/* CPU time of a captured thread against CLOCK_THREAD_CPUTIME_ID read by the thread itself, off by how many percent. */
static double run_cpu_time(void *context)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(capture);
    uint64_t measured = gbx_clock_monotonic()->cpu_ns(NULL);
    gbx_lane_facts lane;

    spin_ns(*(uint64_t *)context);
    measured = gbx_clock_monotonic()->cpu_ns(NULL) - measured;
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    gbx_lane_facts_get(capture, 0, &lane, sizeof(lane));
    gbx_capture_unref(capture);
    return fabs((double)lane.cpu_ns / (double)measured - 1) * 100;
}

static void compare_durations(const char *machine)
{
    static const char *const names[] = {"1 us", "10 us", "100 us", "1 ms", "10 ms", "100 ms", "1 s"};
    uint64_t work_ns = 1000;

    for (size_t i = 0; i != sizeof(names) / sizeof(names[0]); ++i, work_ns *= 10) {
        char what[96];
        snprintf(what, sizeof(what), "error of a span around %s of work, %s machine", names[i], machine);
        bench_compare(&(bench_row){.what = what,
                                   .unit = "of 1 % or 100 ns",
                                   .subject_name = "reported against CLOCK_MONOTONIC",
                                   .subject = run_truth,
                                   .context = &work_ns,
                                   .rounds = work_ns > 10000000 ? 3 : 51,
                                   .limit_of = "subject",
                                   .at_most = 1,
                                   .every_round = true});
    }
}

static atomic_bool stop;

static void *burn(void *unused)
{
    while (!atomic_load_explicit(&stop, memory_order_relaxed))
        ;
    return unused;
}

/* Twice as many spinning threads as processors, so that the measuring one is interrupted all the time. */
static void compare_on_busy_machine(void)
{
    enum { MOST = 256 };
    static pthread_t threads[MOST];
    long wanted = 2 * sysconf(_SC_NPROCESSORS_ONLN);
    int count = 0;

    while (count < MOST && count < wanted && pthread_create(&threads[count], NULL, burn, NULL) == 0)
        ++count;
    compare_durations("busy");
    atomic_store(&stop, true);
    while (count != 0)
        pthread_join(threads[--count], NULL);
}

int main(void)
{
    uint64_t ten_ms = 10000000;

    bench_begin("P10");
    compare_durations("idle");
    compare_on_busy_machine();
    bench_compare(&(bench_row){.what = "CPU time of a thread, 10 ms of work",
                               .unit = "% off",
                               .subject_name = "reported against CLOCK_THREAD_CPUTIME_ID",
                               .subject = run_cpu_time,
                               .context = &ten_ms,
                               .limit_of = "subject",
                               .at_most = 1});
    bench_compare(&(bench_row){.what = "overhead.ns_per_span, stated against measured",
                               .unit = "% off",
                               .subject_name = "stated",
                               .subject = run_price_tag,
                               .limit_of = "subject",
                               .at_most = 25});
    return bench_end();
}
