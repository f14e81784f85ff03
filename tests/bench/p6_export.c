/* SPDX-License-Identifier: MIT */
/* P6: measures the export of one million events as speedscope, summary and full, and as OTLP, from the capture to the
 * last byte. */
#include "bench.h"
#include "otlp/body.h"
#include "programs.h"
#include "trace/trace.h"
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

/* All bodies of a trace, of 1 MiB each as they are sent. In ns for each span. */
static double run_otlp(gbx_capture *capture, gbxi_otlp_form form)
{
    const gbxi_otlp_request request = {"GET", "/", "/", 200, 1};
    gbxi_otlp_resource *resource = gbxi_otlp_resource_new("bench", NULL, NULL);
    gbxi_otlp_body *body = gbxi_otlp_body_new(form, resource);
    uint64_t begin = bench_now_ns(), end;
    gbxi_trace *trace = gbxi_trace_new(capture, &(gbxi_trace_options){0});
    size_t next = 0, length;
    const void *bytes;
    bool done = false;

    while (!done) {
        if (trace == NULL || body == NULL ||
            gbxi_otlp_body_add(body, trace, &request, 1 << 20, &next, &done, NULL) != GBX_ERR_OK ||
            gbxi_otlp_body_end(body, &bytes, &length, NULL) != GBX_ERR_OK)
            abort();
        gbxi_otlp_body_begin(body);
    }
    end = bench_now_ns();
    gbxi_trace_free(trace);
    gbxi_otlp_body_free(body);
    gbxi_otlp_resource_free(resource);
    return (double)(end - begin) / (double)next;
}

static double run_otlp_protobuf(void *capture)
{
    return run_otlp(capture, GBXI_OTLP_PROTOBUF);
}

static double run_otlp_json(void *capture)
{
    return run_otlp(capture, GBXI_OTLP_JSON);
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
    bench_compare(&(bench_row){.what = "OTLP, a span of 1 M events",
                               .unit = "ns",
                               .subject_name = "protobuf",
                               .reference_name = "JSON",
                               .subject = run_otlp_protobuf,
                               .reference = run_otlp_json,
                               .context = capture});
    gbx_capture_unref(capture);
    return bench_end();
}
