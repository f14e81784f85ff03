/* SPDX-License-Identifier: MIT */
/* Writes the members about the capture as a whole, which all documents contain. */
#include "export/facts.h"
#include "export/identity.h"

#define ESTIMATE_LIMIT_NS 1e18
#define ROUNDING_LIMIT 1e12 /* percent; beyond it, four decimals exceed the precision of a double */

void gbxi_facts_write_identity(gbxi_json_writer *writer, const gbxi_trace *trace)
{
    char trace_id[GBXI_TRACE_ID_DIGITS], instant[GBXI_INSTANT_SIZE];

    gbxi_trace_id_format(trace->facts.trace_id, trace_id);
    gbxi_json_key(writer, "name");
    gbxi_json_string_z(writer, trace->facts.name);
    gbxi_json_key(writer, "trace_id");
    gbxi_json_string_n(writer, trace_id, sizeof(trace_id));
    gbxi_json_key(writer, "started_at");
    gbxi_json_string_n(writer, instant, gbxi_instant_format(trace->facts.start_unix_ns, instant));
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
