/* SPDX-License-Identifier: MIT */
/* The summary: a short overview of where the time was spent. */
#include "export/facts.h"
#include "export/format.h"
#include "export/fragment.h"
#include "export/told.h"

#include <string.h>

enum { FAILED_CALLS_MAX = 100 };

typedef enum summary_phase {
    SUMMARY_HEAD,
    SUMMARY_HOTSPOTS,
    SUMMARY_SLOWEST,
    SUMMARY_FAILED,
    SUMMARY_REPEATS,
    SUMMARY_DONE
} summary_phase;

typedef struct summary {
    const gbxi_trace *trace;
    summary_phase phase;
    uint32_t row;     /* the next of the phase */
    gbxi_notes notes; /* of the call that is being written */
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
    summary *s = state;

    gbxi_notes_fini(&s->notes);
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
    s->phase = SUMMARY_HOTSPOTS;
}

/* Begins the object of a row with what says which method it is about. */
static void begin_summary_row(const summary *s, gbxi_json_writer *writer, const gbxi_frame *frame)
{
    static const char begin[] = ",{\"name\":";
    size_t skipped = s->row == 1 ? 1 : 0; /* the row is counted already */

    gbxi_json_literal(writer, begin + skipped, sizeof(begin) - 1 - skipped);
    gbxi_json_quote(writer, frame->name, frame->name_length);
    gbxi_json_literal(writer, GBXI_FRAGMENT(",\"file\":"));
    gbxi_json_quote(writer, frame->file, strlen(frame->file));
    gbxi_write_uint(writer, GBXI_FRAGMENT(",\"line\":"), frame->line);
}

static void write_hotspot(const summary *s, gbxi_json_writer *writer, const gbxi_hotspot *hotspot)
{
    const gbxi_frame *frame = &s->trace->frames.at[hotspot->frame];

    begin_summary_row(s, writer, frame);
    gbxi_write_uint(writer, GBXI_FRAGMENT(",\"calls\":"), frame->calls);
    gbxi_write_ms(writer, GBXI_FRAGMENT(",\"self_ms\":"), frame->self_ns);
    gbxi_write_ms(writer, GBXI_FRAGMENT(",\"total_ms\":"), frame->total_ns);
    gbxi_write_ms(writer, GBXI_FRAGMENT(",\"avg_ms\":"), gbxi_frame_average_ns(frame));
    gbxi_write_ms(writer, GBXI_FRAGMENT(",\"min_ms\":"), frame->min_ns);
    gbxi_write_ms(writer, GBXI_FRAGMENT(",\"max_ms\":"), frame->max_ns);
    gbxi_write_ms(writer, GBXI_FRAGMENT(",\"p95_ms\":"), hotspot->p95_ns);
    gbxi_json_literal(writer, GBXI_FRAGMENT(",\"percentage\":"));
    gbxi_json_opened(writer);
    gbxi_json_real(writer, gbxi_facts_percentage((double)frame->self_ns, (double)s->trace->self_ns));
    gbxi_json_literal(writer, GBXI_FRAGMENT("}"));
}

static void step_hotspots(summary *s, gbxi_json_writer *writer)
{
    if (s->row < s->trace->hotspot_count) {
        ++s->row;
        write_hotspot(s, writer, &s->trace->hotspots[s->row - 1]);
        return;
    }
    gbxi_json_array_end(writer);
    gbxi_json_key(writer, "slowest_calls");
    gbxi_json_array_begin(writer);
    s->row = 0;
    s->phase = SUMMARY_SLOWEST;
}

/* The usual case is one fragment. */
static bool write_call_marks(summary *s, gbxi_json_writer *writer, const gbxi_pick *call)
{
    bool good;

    if (call->note_count == 0 && call->reason == NULL) {
        gbxi_json_literal(writer, GBXI_FRAGMENT(",\"notes\":{},\"notes_omitted\":0,\"error\":null}"));
        return true;
    }
    gbxi_json_literal(writer, GBXI_FRAGMENT(","));
    gbxi_json_opened(writer);
    good = gbxi_told_write_notes(writer, &s->notes, call->notes, call->note_count, call->omitted_notes);
    gbxi_json_key(writer, "error");
    if (call->reason != NULL)
        gbxi_json_string_n(writer, call->reason, call->reason_length);
    else
        gbxi_json_null(writer);
    gbxi_json_literal(writer, GBXI_FRAGMENT("}"));
    return good;
}

static gbx_err write_single_call(summary *s, gbxi_json_writer *writer, const gbxi_pick *call)
{
    begin_summary_row(s, writer, &s->trace->frames.at[call->frame]);
    gbxi_write_uint(writer, GBXI_FRAGMENT(",\"thread_id\":"), s->trace->threads[call->thread].facts.thread_id);
    gbxi_write_ms(writer, GBXI_FRAGMENT(",\"start_ms\":"), call->start_ns);
    gbxi_write_ms(writer, GBXI_FRAGMENT(",\"duration_ms\":"), call->duration_ns);
    gbxi_write_ms(writer, GBXI_FRAGMENT(",\"self_ms\":"), call->self_ns);
    return write_call_marks(s, writer, call) ? GBX_ERR_OK : GBX_ERR_NO_MEMORY;
}

static gbx_err step_slowest(summary *s, gbxi_json_writer *writer)
{
    const gbxi_picks *picks = &s->trace->slowest;

    if (s->row < picks->count)
        return write_single_call(s, writer, &picks->at[s->row++]);
    gbxi_json_array_end(writer);
    gbxi_json_key(writer, "failed_calls");
    gbxi_json_array_begin(writer);
    s->row = 0;
    s->phase = SUMMARY_FAILED;
    return GBX_ERR_OK;
}

static gbx_err step_failed(summary *s, gbxi_json_writer *writer)
{
    const gbxi_picks *picks = &s->trace->failed_calls;

    if (s->row < picks->count)
        return write_single_call(s, writer, &picks->at[s->row++]);
    gbxi_json_array_end(writer);
    gbxi_json_key(writer, "failed_count");
    gbxi_json_uint(writer, picks->offered);
    gbxi_facts_write_threads(writer, s->trace);
    gbxi_json_key(writer, "unattributed_ms");
    gbxi_json_ms(writer, s->trace->unattributed_ns);
    gbxi_json_key(writer, "repeats");
    gbxi_json_array_begin(writer);
    s->row = 0;
    s->phase = SUMMARY_REPEATS;
    return GBX_ERR_OK;
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

static gbx_err step_repeats(summary *s, gbxi_json_writer *writer)
{
    bool good;

    if (s->row < s->trace->repeats.row_count) {
        write_repeat(s->trace, writer, &s->trace->repeats.rows[s->row++]);
        return GBX_ERR_OK;
    }
    gbxi_json_array_end(writer);
    gbxi_told_write_error(writer, s->trace);
    gbxi_told_write_own_error(writer, s->trace);
    good = gbxi_told_write_own_notes(writer, &s->notes, s->trace);
    gbxi_facts_write_completeness(writer, s->trace);
    gbxi_json_object_end(writer);
    s->phase = SUMMARY_DONE;
    return good ? GBX_ERR_OK : GBX_ERR_NO_MEMORY;
}

static gbx_err summary_step(void *state, gbxi_json_writer *writer, bool *done)
{
    summary *s = state;

    switch (s->phase) {
    case SUMMARY_HEAD:
        summary_write_head(s, writer);
        break;
    case SUMMARY_HOTSPOTS:
        step_hotspots(s, writer);
        break;
    case SUMMARY_SLOWEST:
        return step_slowest(s, writer);
    case SUMMARY_FAILED:
        return step_failed(s, writer);
    case SUMMARY_REPEATS:
        return step_repeats(s, writer);
    case SUMMARY_DONE:
        *done = true;
        break;
    }
    return GBX_ERR_OK;
}

const gbxi_export_format gbxi_format_summary = {.ending = "summary.json",
                                                .wants_hotspots = true,
                                                .wants_repeats = true,
                                                .wants_unattributed = true,
                                                .wants_slowest = true,
                                                .failed_max = FAILED_CALLS_MAX,
                                                .state_bytes = sizeof(summary),
                                                .init = summary_init,
                                                .step = summary_step,
                                                .fini = summary_fini};
