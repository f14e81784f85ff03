/* SPDX-License-Identifier: MIT */
/* What every document says about the capture as a whole. */
#define _GNU_SOURCE
#include "export/facts.h"

#include <time.h>

enum { NS_PER_S = 1000000000 };

#define ESTIMATE_LIMIT_NS 1e18
#define ROUNDING_LIMIT 1e12 /* percent; past it four decimals mean nothing */

static void write_trace_id(gbx_json_writer *writer, const uint8_t id[16])
{
    static const char hex[] = "0123456789abcdef";
    char text[32];

    for (int i = 0; i < 16; ++i) {
        text[2 * i] = hex[id[i] >> 4];
        text[2 * i + 1] = hex[id[i] & 15];
    }
    gbx_json_string_n(writer, text, sizeof(text));
}

/* RFC 3339 in UTC, with all nine digits of the nanoseconds. */
static void write_instant(gbx_json_writer *writer, int64_t unix_ns)
{
    time_t seconds = (time_t)(unix_ns / NS_PER_S);
    int64_t below_s = unix_ns % NS_PER_S;
    char text[64];
    struct tm parts;
    size_t length;
    char *end;

    if (below_s < 0) {
        below_s += NS_PER_S;
        --seconds;
    }
    gmtime_r(&seconds, &parts);
    length = strftime(text, sizeof(text) / 2, "%Y-%m-%dT%H:%M:%S", &parts);
    /* The leading 1 keeps the fraction's zeros; the point takes its place. */
    end = gbx_json_digits(text + length, (uint64_t)(NS_PER_S + below_s));
    text[length] = '.';
    *end++ = 'Z';
    gbx_json_string_n(writer, text, (size_t)(end - text));
}

void gbx__facts_write_identity(gbx_json_writer *writer, const gbx__trace *trace)
{
    gbx_json_key(writer, "name");
    gbx_json_string_z(writer, trace->facts.name);
    gbx_json_key(writer, "trace_id");
    write_trace_id(writer, trace->facts.trace_id);
    gbx_json_key(writer, "started_at");
    write_instant(writer, trace->facts.start_unix_ns);
}

void gbx__facts_write_threads(gbx_json_writer *writer, const gbx__trace *trace)
{
    gbx_json_key(writer, "threads");
    gbx_json_array_begin(writer);
    for (size_t i = 0; i < trace->facts.lane_count; ++i) {
        const gbx__lane_facts *lane = &trace->threads[i].facts;
        gbx_json_object_begin(writer);
        gbx_json_key(writer, "name");
        gbx_json_string_z(writer, lane->thread_name);
        gbx_json_key(writer, "tid");
        gbx_json_uint(writer, lane->thread_id);
        gbx_json_key(writer, "busy_ms");
        gbx_json_ms(writer, lane->busy_ns);
        gbx_json_key(writer, "cpu_ms");
        gbx_json_ms(writer, lane->cpu_ns);
        gbx_json_object_end(writer);
    }
    gbx_json_array_end(writer);
}

void gbx__facts_write_completeness(gbx_json_writer *writer, const gbx__trace *trace)
{
    double estimated_ns = trace->facts.span_cost_ns * (double)trace->recorded_count;

    /* A clock of the host's own may claim any cost. */
    if (!(estimated_ns >= 0 && estimated_ns < ESTIMATE_LIMIT_NS))
        estimated_ns = 0;
    gbx_json_key(writer, "truncated");
    gbx_json_boolean(writer, trace->facts.truncated);
    gbx_json_key(writer, "dropped_spans");
    gbx_json_uint(writer, trace->facts.dropped_spans);
    gbx_json_key(writer, "overhead");
    gbx_json_object_begin(writer);
    gbx_json_key(writer, "ns_per_span");
    gbx_json_real(writer, trace->facts.span_cost_ns);
    gbx_json_key(writer, "estimated_ms");
    gbx_json_ms(writer, (uint64_t)(estimated_ns + 0.5));
    gbx_json_key(writer, "percentage");
    gbx_json_real(writer, gbx__facts_percentage(estimated_ns, (double)trace->facts.duration_ns));
    gbx_json_object_end(writer);
}

double gbx__facts_percentage(double part, double whole)
{
    double percentage = whole > 0 ? part / whole * 100 : 0;

    return percentage < ROUNDING_LIMIT ? (double)(uint64_t)(percentage * 1e4 + 0.5) / 1e4 : percentage;
}
