/* SPDX-License-Identifier: MIT */
/* P9: compares the time per event of a million events with that of ten thousand, for recording and for every format. */
#include "bench.h"
#include "programs.h"
#include <stdio.h>

enum { SMALL_EVENTS = 10000, SMALL_REPEATS = 100, OPERATIONS = 4 };

static const char *const operation_names[OPERATIONS] = {"capture", "full", "summary", "speedscope"};

typedef struct measured {
    program shape;
    int operation;
} measured;

/* Time per event of one operation on one program. */
static double once(const measured *what)
{
    gbx_capture *capture = program_record(&what->shape);
    double events = 2 * (double)what->shape.spans, ns = program_record_ns();

    if (what->operation != 0) {
        uint64_t begin = bench_now_ns();
        program_export(capture, (gbx_format)(what->operation - 1));
        ns = (double)(bench_now_ns() - begin);
    }
    gbx_capture_unref(capture);
    return ns / events;
}

static double run_large(void *context)
{
    return once(context);
}

/* As many events of the small size as it takes to be measurable; their mean. */
static double run_small(void *context)
{
    measured small = *(measured *)context;
    size_t repeats = bench_scale(SMALL_REPEATS);
    double sum = 0;

    small.shape = (program){.spans = SMALL_EVENTS / 2, .depth = 8, .frames = 200};
    for (size_t i = 0; i != repeats; ++i)
        sum += once(&small);
    return sum / (double)repeats;
}

static void compare(const char *shape_name, program shape)
{
    shape.spans = bench_scale(shape.spans);
    for (int i = 0; i != OPERATIONS; ++i) {
        measured what = {shape, i};
        char name[96];
        snprintf(name, sizeof(name), "%s, %s", operation_names[i], shape_name);
        bench_compare(&(bench_row){.what = name,
                                   .unit = "ns per event",
                                   .subject_name = shape_name,
                                   .reference_name = "10 k events",
                                   .subject = run_large,
                                   .reference = run_small,
                                   .context = &what,
                                   .rounds = 7,
                                   .limit_of = "ratio",
                                   .at_most = 1.3});
    }
}

int main(void)
{
    bench_begin("P9");
    compare("1 M events", (program){.spans = 500000, .depth = 8, .frames = 200});
    compare("3 M events", (program){.spans = 1500000, .depth = 8, .frames = 200});
    compare("1 M events, 2,000 deep", (program){.spans = 500000, .depth = 2000, .frames = 200});
    compare("1 M events, 10,000 frames in one parent",
            (program){.spans = 500000, .depth = 1, .frames = 10000, .fan_out = 1});
    compare("1 M events, 64 lanes", (program){.spans = 500000, .depth = 8, .frames = 200, .lanes = 64});
    return bench_end();
}
