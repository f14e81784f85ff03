/* SPDX-License-Identifier: MIT */
/* The summary: where the time went, in one screen. */
#include "export/facts.h"
#include "export/format.h"

typedef enum phase { PHASE_HEAD, PHASE_HOTSPOTS, PHASE_REPEATS, PHASE_DONE } phase;

typedef struct summary {
    const gbx__trace *trace;
    phase phase;
    uint32_t row; /* the next hotspot or repeat */
} summary;

static bool init(void *state, const gbx__trace *trace)
{
    summary *s = state;

    s->trace = trace;
    return true;
}

static void fini(void *state)
{
    (void)state;
}

static void write_head(summary *s, gbx_json_writer *writer)
{
    gbx_json_object_begin(writer);
    gbx__facts_write_identity(writer, s->trace);
    gbx_json_key(writer, "total_duration_ms");
    gbx_json_ms(writer, s->trace->facts.duration_ns);
    gbx_json_key(writer, "method_count");
    gbx_json_uint(writer, s->trace->frame_count);
    gbx_json_key(writer, "entry_count");
    gbx_json_uint(writer, (uint64_t)s->trace->call_count * 2);
    gbx_json_key(writer, "hotspots");
    gbx_json_array_begin(writer);
    s->phase = PHASE_HOTSPOTS;
}

static void write_hotspot(const gbx__trace *trace, gbx_json_writer *writer, const gbx__hotspot *hotspot)
{
    const gbx__frame *frame = &trace->frames.at[hotspot->frame];

    gbx_json_object_begin(writer);
    gbx_json_key(writer, "name");
    gbx_json_string_n(writer, frame->name, frame->name_length);
    gbx_json_key(writer, "file");
    gbx_json_string_z(writer, frame->file);
    gbx_json_key(writer, "line");
    gbx_json_uint(writer, frame->line);
    gbx_json_key(writer, "calls");
    gbx_json_uint(writer, frame->calls);
    gbx_json_key(writer, "self_ms");
    gbx_json_ms(writer, frame->self_ns);
    gbx_json_key(writer, "total_ms");
    gbx_json_ms(writer, frame->total_ns);
    gbx_json_key(writer, "avg_ms");
    gbx_json_ms(writer, gbx__frame_average_ns(frame));
    gbx_json_key(writer, "min_ms");
    gbx_json_ms(writer, frame->min_ns);
    gbx_json_key(writer, "max_ms");
    gbx_json_ms(writer, frame->max_ns);
    gbx_json_key(writer, "p95_ms");
    gbx_json_ms(writer, hotspot->p95_ns);
    gbx_json_key(writer, "percentage");
    gbx_json_real(writer, gbx__facts_percentage((double)frame->self_ns, (double)trace->self_ns));
    gbx_json_object_end(writer);
}

static void step_hotspots(summary *s, gbx_json_writer *writer)
{
    if (s->row < s->trace->hotspot_count) {
        write_hotspot(s->trace, writer, &s->trace->hotspots[s->row++]);
        return;
    }
    gbx_json_array_end(writer);
    gbx__facts_write_threads(writer, s->trace);
    gbx_json_key(writer, "unattributed_ms");
    gbx_json_ms(writer, s->trace->unattributed_ns);
    gbx_json_key(writer, "repeats");
    gbx_json_array_begin(writer);
    s->row = 0;
    s->phase = PHASE_REPEATS;
}

static void write_repeat(const gbx__trace *trace, gbx_json_writer *writer, const gbx__repeat *repeat)
{
    const gbx__frame *parent = &trace->frames.at[repeat->parent];
    const gbx__frame *child = &trace->frames.at[repeat->child];

    gbx_json_object_begin(writer);
    gbx_json_key(writer, "parent");
    gbx_json_string_n(writer, parent->name, parent->name_length);
    gbx_json_key(writer, "child");
    gbx_json_string_n(writer, child->name, child->name_length);
    gbx_json_key(writer, "count");
    gbx_json_uint(writer, repeat->count);
    gbx_json_key(writer, "total_ms");
    gbx_json_ms(writer, repeat->total_ns);
    gbx_json_object_end(writer);
}

static void write_error(const gbx__trace *trace, gbx_json_writer *writer)
{
    gbx_json_key(writer, "error");
    if (!trace->failed) {
        gbx_json_null(writer);
        return;
    }
    gbx_json_object_begin(writer);
    gbx_json_key(writer, "span");
    gbx_json_string_n(writer, trace->failure.span, trace->failure.span_length);
    gbx_json_key(writer, "reason");
    gbx_json_string_n(writer, trace->failure.reason, trace->failure.reason_length);
    gbx_json_object_end(writer);
}

static void step_repeats(summary *s, gbx_json_writer *writer)
{
    if (s->row < s->trace->repeats.row_count) {
        write_repeat(s->trace, writer, &s->trace->repeats.rows[s->row++]);
        return;
    }
    gbx_json_array_end(writer);
    write_error(s->trace, writer);
    gbx__facts_write_completeness(writer, s->trace);
    gbx_json_object_end(writer);
    s->phase = PHASE_DONE;
}

static gbx_err step(void *state, gbx_json_writer *writer, bool *done)
{
    summary *s = state;

    switch (s->phase) {
    case PHASE_HEAD:
        write_head(s, writer);
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

const gbx__export_format gbx__export_summary = {.wants_hotspots = true,
                                                .wants_repeats = true,
                                                .wants_unattributed = true,
                                                .state_bytes = sizeof(summary),
                                                .init = init,
                                                .step = step,
                                                .fini = fini};
