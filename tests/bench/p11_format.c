/* SPDX-License-Identifier: MIT */
/* P11: compares a captured span whose name is formatted with one whose name is a literal. */
#include "bench.h"
#include "loops.h"
#include <glassbox/capture.h>
#include <stdlib.h>

/* So few spans fit into a capture's first block, so that none waits for memory. */
enum { SPANS = 200, CAPTURES = 301 };

static int compare_times(const void *a, const void *b)
{
    uint64_t first = *(const uint64_t *)a, second = *(const uint64_t *)b;

    return (first > second) - (first < second);
}

static uint64_t capture_ns(void (*loop)(size_t))
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(capture);
    uint64_t begin = bench_now_ns(), end;

    loop(SPANS);
    end = bench_now_ns();
    gbx_capture_leave(scope);
    gbx_capture_unref(capture);
    return end - begin;
}

/* The median of many captures, because some are interrupted. */
static double run_captured(void (*loop)(size_t))
{
    static uint64_t times[CAPTURES];
    size_t captures = bench_scale(CAPTURES);

    for (size_t i = 0; i != captures; ++i)
        times[i] = capture_ns(loop);
    qsort(times, captures, sizeof(times[0]), compare_times);
    return (double)times[captures / 2] / SPANS;
}

static double run_span(void *context)
{
    (void)context;
    return run_captured(loop_span);
}

static double run_number(void *context)
{
    (void)context;
    return run_captured(loop_format_number);
}

static double run_text(void *context)
{
    (void)context;
    return run_captured(loop_format_text);
}

static double run_words(void *context)
{
    (void)context;
    return run_captured(loop_format_words);
}

static double run_variable(void *context)
{
    (void)context;
    return run_captured(loop_format_variable);
}

/* Without a limit the row is for information. */
static void compare_with_span(const char *what, const char *name, bench_run run, double at_most)
{
    bench_compare(&(bench_row){.what = what,
                               .unit = "ns",
                               .subject_name = name,
                               .reference_name = "GBX_SPAN_NAMED",
                               .subject = run,
                               .reference = run_span,
                               .rounds = 51,
                               .limit_of = at_most != 0 ? "ratio" : NULL,
                               .at_most = at_most});
}

int main(void)
{
    bench_begin("P11");
    compare_with_span("formatted name, a number", "GBX_SPAN_FMT(\"%d\")", run_number, 2);
    compare_with_span("formatted name, a text", "GBX_SPAN_FMT(\"%s\")", run_text, 2);
    compare_with_span("formatted name, a text between words", "GBX_SPAN_FMT(\"link(%s)\")", run_words, 2);
    compare_with_span("the same, formatted at once", "GBX_SPAN_FMT(format)", run_variable, 0);
    return bench_end();
}
