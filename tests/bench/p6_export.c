/* SPDX-License-Identifier: MIT */
/* P6: measures the export of one million events as speedscope, summary and full, from the capture to the last byte. */
#include "bench.h"
#include "programs.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS = 1000000 };

static size_t text_bytes;

static double run_ms(gbx_capture *capture, gbx_format format)
{
    uint64_t begin = bench_now_ns();

    text_bytes = program_export(capture, format);
    return (double)(bench_now_ns() - begin) / 1e6;
}

static double run_speedscope(void *capture)
{
    return run_ms(capture, GBX_FORMAT_SPEEDSCOPE);
}

static double run_summary(void *capture)
{
    return run_ms(capture, GBX_FORMAT_SUMMARY);
}

static double run_full(void *capture)
{
    return run_ms(capture, GBX_FORMAT_FULL);
}

/* What merely storing a text of that size in the same buffer costs. */
static double run_memset(void *context)
{
    static char buffer[65536];
    uint64_t begin = bench_now_ns();

    (void)context;
    for (size_t left = text_bytes; left > sizeof(buffer); left -= sizeof(buffer)) {
        memset(buffer, 'x', sizeof(buffer));
        __asm__ volatile("" : : "r"(buffer) : "memory");
    }
    return (double)(bench_now_ns() - begin) / 1e6;
}

static double run_gigabytes_per_second(void *capture)
{
    return (double)text_bytes / 1e6 / run_speedscope(capture);
}

int main(void)
{
    size_t events = bench_scale(EVENTS);
    gbx_capture *capture = program_record(&(program){.spans = events / 2, .depth = 8, .frames = 200});

    bench_begin("P6");
    bench_compare(&(bench_row){.what = "speedscope, 1 M events",
                               .unit = "ms",
                               .subject_name = "export",
                               .reference_name = "memset of as many bytes",
                               .subject = run_speedscope,
                               .reference = run_memset,
                               .context = capture,
                               .limit_of = "subject",
                               .at_most = 40});
    bench_compare(&(bench_row){.what = "speedscope, text per second",
                               .unit = "GB/s",
                               .subject_name = "export",
                               .subject = run_gigabytes_per_second,
                               .context = capture,
                               .limit_of = "subject",
                               .at_least = 1});
    bench_compare(&(bench_row){.what = "summary, 1 M events",
                               .unit = "ms",
                               .subject_name = "export",
                               .subject = run_summary,
                               .context = capture,
                               .limit_of = "subject",
                               .at_most = 30});
    bench_compare(&(bench_row){.what = "full, 1 M events",
                               .unit = "ms",
                               .subject_name = "export",
                               .reference_name = "memset of as many bytes",
                               .subject = run_full,
                               .reference = run_memset,
                               .context = capture});
    gbx_capture_unref(capture);
    return bench_end();
}
