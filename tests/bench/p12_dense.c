/* SPDX-License-Identifier: MIT */
/* P12: measures the time from the last span of a trace to the last byte of its document, per span: 200 spans with as
 * many names, and 100,000 spans with 50. With FORMAT SPANS NAMES it does that once, for profilers. */
#include "bench.h"
#include "programs.h"
#include <stdio.h>
#include <stdlib.h>

enum { MANY_SPANS = 100000, FEW_SPANS = 200, SPANS_PER_SAMPLE = 300000 };

typedef struct dense {
    program shape;
    gbx_format format;
} dense;

/* The time from the last span to the last byte. */
static uint64_t finish_ns(const dense *what)
{
    gbx_capture *capture = program_play(&what->shape);
    uint64_t begin = bench_now_ns(), ns;

    gbx_capture_finish(capture);
    program_export(capture, what->format);
    ns = bench_now_ns() - begin;
    gbx_capture_unref(capture);
    return ns;
}

static int by_ns(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

/* The median of many short measurements: the odd one during which the thread did not run does not count. */
static double run_dense(void *context)
{
    const dense *what = context;
    size_t repeats = bench_scale(SPANS_PER_SAMPLE / what->shape.spans);
    static uint64_t ns[SPANS_PER_SAMPLE / FEW_SPANS];

    for (size_t i = 0; i != repeats; ++i)
        ns[i] = finish_ns(what);
    qsort(ns, repeats, sizeof(ns[0]), by_ns);
    return (double)ns[repeats / 2] / (double)what->shape.spans;
}

static void measure(const char *name, gbx_format format, const program *shape, double at_most)
{
    dense what = {*shape, format};

    bench_compare(&(bench_row){.what = name,
                               .unit = "ns per span",
                               .subject_name = "finish and export",
                               .subject = run_dense,
                               .context = &what,
                               .limit_of = at_most != 0 ? "subject" : NULL,
                               .at_most = at_most});
}

int main(int argc, char **argv)
{
    const program few = {.spans = FEW_SPANS, .depth = 1, .frames = FEW_SPANS, .fan_out = 1};
    const program formatted = {.spans = FEW_SPANS, .depth = 1, .frames = FEW_SPANS, .fan_out = 1, .formatted = true};
    const program many = {.spans = MANY_SPANS, .depth = 8, .frames = 50};

    if (argc == 4) {
        dense once = {
            {.spans = strtoul(argv[2], NULL, 10), .depth = 1, .frames = strtoul(argv[3], NULL, 10), .fan_out = 1},
            (gbx_format)strtoul(argv[1], NULL, 10)};
        return finish_ns(&once) > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    bench_begin("P12");
    measure("summary, 200 spans, 200 names", GBX_FORMAT_SUMMARY, &few, 40);
    measure("summary, 200 spans, 200 formatted names", GBX_FORMAT_SUMMARY, &formatted, 40);
    measure("summary, 100,000 spans, 50 names", GBX_FORMAT_SUMMARY, &many, 25);
    measure("speedscope, 200 spans, 200 names", GBX_FORMAT_SPEEDSCOPE, &few, 60);
    measure("speedscope, 200 spans, 200 formatted names", GBX_FORMAT_SPEEDSCOPE, &formatted, 60);
    measure("speedscope, 100,000 spans, 50 names", GBX_FORMAT_SPEEDSCOPE, &many, 60);
    measure("full, 200 spans, 200 formatted names", GBX_FORMAT_FULL, &formatted, 0);
    return bench_end();
}
