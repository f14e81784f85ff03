/* SPDX-License-Identifier: MIT */
/* P2: compares a captured span with two reads of the counter, on one thread and on two threads at the same time. */
#define _GNU_SOURCE
#include "bench.h"
#include "capture/clock.h"
#include "loops.h"
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { SPANS = 100000 };

static double per_span(uint64_t begin, size_t count)
{
    return (double)(bench_now_ns() - begin) / (double)count;
}

/* In a capture of its own, so that memory is what the one before gave back. */
static double run_span(void *context)
{
    size_t count = bench_scale(SPANS);
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(capture);
    uint64_t begin = bench_now_ns();
    double ns;

    (void)context;
    loop_span(count);
    ns = per_span(begin, count);
    gbx_capture_leave(scope);
    gbx_capture_unref(capture);
    return ns;
}

static double run_counter(void *context)
{
    size_t count = bench_scale(SPANS);
    uint64_t begin = bench_now_ns();

    (void)context;
    for (size_t i = 0; i != count; ++i) {
        (void)gbxi_counter_read();
        __asm__ volatile("");
        (void)gbxi_counter_read();
    }
    return per_span(begin, count);
}

typedef struct racer {
    bench_run run;
    pthread_barrier_t *start;
    double ns;
} racer;

static void *race(void *memory)
{
    racer *self = memory;

    self->run(NULL);
    pthread_barrier_wait(self->start);
    self->ns = self->run(NULL);
    return NULL;
}

/* Two threads at the same time; the slower one counts. */
static double run_on_two(bench_run run)
{
    pthread_barrier_t start;
    pthread_t thread;
    racer racers[2] = {{run, &start, 0}, {run, &start, 0}};

    pthread_barrier_init(&start, NULL, 2);
    if (pthread_create(&thread, NULL, race, &racers[1]) != 0) {
        fprintf(stderr, "p2_on: no second thread\n");
        exit(EXIT_FAILURE);
    }
    race(&racers[0]);
    pthread_join(thread, NULL);
    pthread_barrier_destroy(&start);
    return racers[0].ns > racers[1].ns ? racers[0].ns : racers[1].ns;
}

static double run_two_spans(void *context)
{
    (void)context;
    return run_on_two(run_span);
}

static double run_two_counters(void *context)
{
    (void)context;
    return run_on_two(run_counter);
}

int main(void)
{
    bench_begin("P2");
    bench_compare(&(bench_row){.what = "span, on",
                               .unit = "ns",
                               .subject_name = "span",
                               .reference_name = "two counter reads",
                               .subject = run_span,
                               .reference = run_counter,
                               .rounds = 51,
                               .limit_of = "ratio",
                               .at_most = 1.10});
    bench_compare(&(bench_row){.what = "span, on, 2 threads at once",
                               .unit = "ns",
                               .subject_name = "span, the slower thread",
                               .reference_name = "two counter reads, the slower thread",
                               .subject = run_two_spans,
                               .reference = run_two_counters,
                               .rounds = 51,
                               .limit_of = "ratio",
                               .at_most = 1.10});
    return bench_end();
}
