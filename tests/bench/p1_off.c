/* SPDX-License-Identifier: MIT */
/* P1: compares a span in a thread that is not captured with the same loop without the span, and with GBX_DISABLE. */
#include "bench.h"
#include "loops.h"

static double per_iteration(void (*loop)(size_t))
{
    size_t count = bench_scale(20000000);
    uint64_t begin = bench_now_ns();

    loop(count);
    return (double)(bench_now_ns() - begin) / (double)count;
}

static double run_empty(void *context)
{
    (void)context;
    return per_iteration(loop_empty);
}

static double run_span(void *context)
{
    (void)context;
    return per_iteration(loop_span);
}

static double run_disabled(void *context)
{
    (void)context;
    return per_iteration(loop_disabled);
}

int main(void)
{
    bench_begin("P1");
    bench_compare(&(bench_row){.what = "span, off",
                               .unit = "ns",
                               .subject_name = "loop with a span",
                               .reference_name = "empty loop",
                               .subject = run_span,
                               .reference = run_empty,
                               .limit_of = "difference",
                               .at_most = 0.5});
    bench_compare(&(bench_row){.what = "span, GBX_DISABLE",
                               .unit = "ns",
                               .subject_name = "loop with a disabled span",
                               .reference_name = "empty loop",
                               .subject = run_disabled,
                               .reference = run_empty});
    return bench_end();
}
