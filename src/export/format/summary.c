/* SPDX-License-Identifier: MIT */
/* The summary: a short overview of where the time was spent. */
#include "export/facts.h"
#include "export/format.h"

typedef enum phase { PHASE_HEAD, PHASE_HOTSPOTS, PHASE_REPEATS, PHASE_DONE } phase;

typedef struct summary {
    const gbxi_trace *trace;
    phase phase;
    uint32_t row; /* the next hotspot or repeat */
} summary;

static bool summary_init(void *state, const gbxi_trace *trace, const gbx_export_options *options)
{
    summary *s = state;

    (void)options;
    s->trace = trace;
    return true;
}

static void summary_fini(void *state)
{
    (void)state;
}

static void summary_write_head(summary *s, gbxi_json_writer *writer)
{
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "response_type");
    gbxi_json_string_z(writer, gbx_format_name(GBX_FORMAT_SUMMARY));
    gbxi_facts_write_identity(writer, s->trace);
    gbxi_json_key(writer, "total_duration_ms");
    gbxi_json_ms(writer, s->trace->facts.duration_ns);
    gbxi_json_key(writer, "method_count");
    gbxi_json_uint(writer, s->trace->frame_count);
    gbxi_json_key(writer, "entry_count");
    gbxi_json_uint(writer, (uint64_t)s->trace->call_count * 2);
    gbxi_json_key(writer, "hotspots");
    gbxi_json_array_begin(writer);
    s->phase = PHASE_HOTSPOTS;
}

static void write_hotspot(const gbxi_trace *trace, gbxi_json_writer *writer, const gbxi_hotspot *hotspot)
{
    const gbxi_frame *frame = &trace->frames.at[hotspot->frame];

    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "name");
    gbxi_json_string_n(writer, frame->name, frame->name_length);
    gbxi_json_key(writer, "file");
    gbxi_json_string_z(writer, frame->file);
    gbxi_json_key(writer, "line");
    gbxi_json_uint(writer, frame->line);
    gbxi_json_key(writer, "calls");
    gbxi_json_uint(writer, frame->calls);
    gbxi_json_key(writer, "self_ms");
    gbxi_json_ms(writer, frame->self_ns);
    gbxi_json_key(writer, "total_ms");
    gbxi_json_ms(writer, frame->total_ns);
    gbxi_json_key(writer, "avg_ms");
    gbxi_json_ms(writer, gbxi_frame_average_ns(frame));
    gbxi_json_key(writer, "min_ms");
    gbxi_json_ms(writer, frame->min_ns);
    gbxi_json_key(writer, "max_ms");
    gbxi_json_ms(writer, frame->max_ns);
    gbxi_json_key(writer, "p95_ms");
    gbxi_json_ms(writer, hotspot->p95_ns);
    gbxi_json_key(writer, "percentage");
    gbxi_json_real(writer, gbxi_facts_percentage((double)frame->self_ns, (double)trace->self_ns));
    gbxi_json_object_end(writer);
}

static void step_hotspots(summary *s, gbxi_json_writer *writer)
{
    if (s->row < s->trace->hotspot_count) {
        write_hotspot(s->trace, writer, &s->trace->hotspots[s->row++]);
        return;
    }
    gbxi_json_array_end(writer);
    gbxi_facts_write_threads(writer, s->trace);
    gbxi_json_key(writer, "unattributed_ms");
    gbxi_json_ms(writer, s->trace->unattributed_ns);
    gbxi_json_key(writer, "repeats");
    gbxi_json_array_begin(writer);
    s->row = 0;
    s->phase = PHASE_REPEATS;
}

static void write_repeat(const gbxi_trace *trace, gbxi_json_writer *writer, const gbxi_repeat *repeat)
{
    const gbxi_frame *parent = &trace->frames.at[repeat->parent];
    const gbxi_frame *child = &trace->frames.at[repeat->child];

    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "parent");
    gbxi_json_string_n(writer, parent->name, parent->name_length);
    gbxi_json_key(writer, "child");
    gbxi_json_string_n(writer, child->name, child->name_length);
    gbxi_json_key(writer, "count");
    gbxi_json_uint(writer, repeat->count);
    gbxi_json_key(writer, "total_ms");
    gbxi_json_ms(writer, repeat->total_ns);
    gbxi_json_object_end(writer);
}

static void write_error(const gbxi_trace *trace, gbxi_json_writer *writer)
{
    gbxi_json_key(writer, "error");
    if (!trace->failed) {
        gbxi_json_null(writer);
        return;
    }
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "span");
    gbxi_json_string_n(writer, trace->failure.span, trace->failure.span_length);
    gbxi_json_key(writer, "reason");
    gbxi_json_string_n(writer, trace->failure.reason, trace->failure.reason_length);
    gbxi_json_object_end(writer);
}

static void step_repeats(summary *s, gbxi_json_writer *writer)
{
    if (s->row < s->trace->repeats.row_count) {
        write_repeat(s->trace, writer, &s->trace->repeats.rows[s->row++]);
        return;
    }
    gbxi_json_array_end(writer);
    write_error(s->trace, writer);
    gbxi_facts_write_completeness(writer, s->trace);
    gbxi_json_object_end(writer);
    s->phase = PHASE_DONE;
}

static gbx_err summary_step(void *state, gbxi_json_writer *writer, bool *done)
{
    summary *s = state;

    switch (s->phase) {
    case PHASE_HEAD:
        summary_write_head(s, writer);
        break;
    case PHASE_HOTSPOTS:
        step_hotspots(s, writer);
        break;
    case PHASE_REPEATS:
        step_repeats(s, writer);
        break;
    case PHASE_DONE:
        *done = true;
        break;
    }
    return GBX_ERR_OK;
}

const gbxi_export_format gbxi_format_summary = {.wants_hotspots = true,
                                                .wants_repeats = true,
                                                .wants_unattributed = true,
                                                .state_bytes = sizeof(summary),
                                                .init = summary_init,
                                                .step = summary_step,
                                                .fini = summary_fini};
