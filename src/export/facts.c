/* SPDX-License-Identifier: MIT */
/* Writes the members about the capture as a whole, which all documents contain. */
#define _GNU_SOURCE
#include "export/facts.h"
#include "base/time.h"
#include <time.h>

#define ESTIMATE_LIMIT_NS 1e18
#define ROUNDING_LIMIT 1e12 /* percent; beyond it, four decimals exceed the precision of a double */

void gbxi_facts_trace_id(const gbxi_trace *trace, char text[GBXI_TRACE_ID_LENGTH])
{
    static const char hex[] = "0123456789abcdef";

    for (int i = 0; i < GBXI_TRACE_ID_LENGTH; i++)
        text[i] = hex[trace->facts.trace_id[i / 2] >> (i % 2 == 0 ? 4 : 0) & 15];
}

/* RFC 3339 in UTC, with all nine digits of the nanoseconds. */
static void write_instant(gbxi_json_writer *writer, int64_t unix_ns)
{
    time_t seconds = (time_t)(unix_ns / (int64_t)GBXI_NS_PER_S);
    int64_t below_s = unix_ns % (int64_t)GBXI_NS_PER_S;
    char text[64];
    struct tm parts;
    size_t length;
    char *end;

    if (below_s < 0) {
        below_s += (int64_t)GBXI_NS_PER_S;
        --seconds;
    }
    gmtime_r(&seconds, &parts);
    length = strftime(text, sizeof(text) / 2, "%Y-%m-%dT%H:%M:%S", &parts);
    /* The leading 1 keeps the fraction's zeros; the point takes its place. */
    end = gbxi_json_digits(text + length, GBXI_NS_PER_S + (uint64_t)below_s);
    text[length] = '.';
    *end++ = 'Z';
    gbxi_json_string_n(writer, text, (size_t)(end - text));
}

void gbxi_facts_write_identity(gbxi_json_writer *writer, const gbxi_trace *trace)
{
    char trace_id[GBXI_TRACE_ID_LENGTH];

    gbxi_facts_trace_id(trace, trace_id);
    gbxi_json_key(writer, "name");
    gbxi_json_string_z(writer, trace->facts.name);
    gbxi_json_key(writer, "trace_id");
    gbxi_json_string_n(writer, trace_id, sizeof(trace_id));
    gbxi_json_key(writer, "started_at");
    write_instant(writer, trace->facts.start_unix_ns);
}

void gbxi_facts_write_threads(gbxi_json_writer *writer, const gbxi_trace *trace)
{
    gbxi_json_key(writer, "threads");
    gbxi_json_array_begin(writer);
    for (size_t i = 0; i < trace->facts.lane_count; i++) {
        const gbx_lane_facts *lane = &trace->threads[i].facts;
        gbxi_json_object_begin(writer);
        gbxi_json_key(writer, "name");
        gbxi_json_string_z(writer, lane->thread_name);
        gbxi_json_key(writer, "tid");
        gbxi_json_uint(writer, lane->thread_id);
        gbxi_json_key(writer, "inside_ms");
        gbxi_json_ms(writer, lane->inside_ns);
        gbxi_json_key(writer, "cpu_ms");
        gbxi_json_ms(writer, lane->cpu_ns);
        gbxi_json_object_end(writer);
    }
    gbxi_json_array_end(writer);
}

void gbxi_facts_write_completeness(gbxi_json_writer *writer, const gbxi_trace *trace)
{
    double estimated_ns = trace->facts.span_cost_ns * (double)trace->recorded_count;

    /* A host's clock may state any cost. */
    if (!(estimated_ns >= 0 && estimated_ns < ESTIMATE_LIMIT_NS))
        estimated_ns = 0;
    gbxi_json_key(writer, "truncated");
    gbxi_json_boolean(writer, trace->facts.truncated);
    gbxi_json_key(writer, "dropped_spans");
    gbxi_json_uint(writer, trace->facts.dropped_spans);
    gbxi_json_key(writer, "overhead");
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "ns_per_span");
    gbxi_json_real(writer, trace->facts.span_cost_ns);
    gbxi_json_key(writer, "estimated_ms");
    gbxi_json_ms(writer, (uint64_t)(estimated_ns + 0.5));
    gbxi_json_key(writer, "percentage");
    gbxi_json_real(writer, gbxi_facts_percentage(estimated_ns, (double)trace->facts.duration_ns));
    gbxi_json_object_end(writer);
}

double gbxi_facts_percentage(double part, double whole)
{
    double percentage = whole > 0 ? part / whole * 100 : 0;

    return percentage < ROUNDING_LIMIT ? (double)(uint64_t)(percentage * 1e4 + 0.5) / 1e4 : percentage;
}
