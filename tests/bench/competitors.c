/* SPDX-License-Identifier: MIT */
/* Measures a loop with one begin and one end per iteration in another tracer: LTTng-UST tracepoints (if its package
 * is installed), or calls of an empty function that uftrace patches. Prints one number: ns per iteration. */
#define _GNU_SOURCE
#include "bench.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef HAVE_LTTNG
#include "lttng_span.h"
#endif

__attribute__((noinline)) static void instrumented(void)
{
    __asm__ volatile("");
}

static void turn_calls(size_t count)
{
    for (size_t i = 0; i != count; ++i)
        instrumented();
}

#ifdef HAVE_LTTNG
static void turn_lttng(size_t count)
{
    for (size_t i = 0; i != count; ++i) {
        lttng_ust_tracepoint(glassbox_bench, span_begin);
        __asm__ volatile("");
        lttng_ust_tracepoint(glassbox_bench, span_end);
    }
}
#endif

int main(int argc, char **argv)
{
    size_t count = bench_scale(200000);
    void (*turn)(size_t) = NULL;
    uint64_t begin;

    if (argc == 2 && strcmp(argv[1], "calls") == 0)
        turn = turn_calls;
#ifdef HAVE_LTTNG
    if (argc == 2 && strcmp(argv[1], "lttng") == 0)
        turn = turn_lttng;
#endif
    if (turn == NULL) {
        fprintf(stderr, "usage: %s calls|lttng\n", argv[0]);
        return 2;
    }
    turn(count / 10);
    begin = bench_now_ns();
    turn(count);
    printf("%.3f\n", (double)(bench_now_ns() - begin) / (double)count);
    return EXIT_SUCCESS;
}
