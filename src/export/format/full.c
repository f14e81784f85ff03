/* SPDX-License-Identifier: MIT */
/* The full document: every enter and exit, the timings of every method, and the call tree.
 *
 * Entries and tree list the threads one after another: the main thread first, then the others in the order in which
 * they first entered. All points in time are those of the monotonic clock, except `clock_ns`, which is Unix time, and
 * `started_at`. In a nested tree, members that are known only at the end of a call follow its `children`, so that no
 * call is kept in memory. */
#include "export/call_rows.h"
#include "export/facts.h"
#include "export/format.h"
#include "export/fragment.h"
#include "export/identity.h"
#include "export/notes.h"
#include "export/told.h"
#include "trace/totals.h"
#include "trace/walk.h"

#include <stdlib.h>
#include <string.h>

enum { ROW_BYTES = 512 };

typedef enum full_phase {
    FULL_HEAD,
    FULL_ENTRIES,
    FULL_NOTES,
    FULL_TIMINGS,
    FULL_TREE,
    FULL_ROWS,
    FULL_DONE
} full_phase;

typedef struct full {
    const gbxi_trace *trace;
    gbxi_trace_walk walk;
    gbxi_notes notes;
    gbx_call_tree call_tree;
    uint32_t depth;      /* levels of the call tree */
    gbxi_total *totals;  /* the order of the timings */
    gbxi_call_rows rows; /* of a flat call tree */
    full_phase phase;
    size_t thread;       /* the thread that the walk is in */
    uint32_t timing;     /* the next timing to write */
    uint32_t note;       /* the next note to write */
    uint32_t note_first; /* the first note of the call */
    bool comma;          /* the next entry or call needs a comma before it */
    gbxi_long_number monotonic;
    gbxi_long_number clock;
} full;

static void start_walk(full *f, full_phase during)
{
    f->phase = during;
    f->thread = 0;
    f->comma = false;
    if (f->trace->facts.lane_count > 0)
        gbxi_trace_walk_thread(&f->walk, 0);
}

/* The next step over all threads; false after the last. */
static bool walk_on(full *f, gbxi_trace_step *full_step)
{
    while (f->thread < f->trace->facts.lane_count) {
        if (gbxi_trace_walk_next(&f->walk, full_step))
            return true;
        if (++f->thread < f->trace->facts.lane_count)
            gbxi_trace_walk_thread(&f->walk, f->thread);
    }
    return false;
}

static bool full_init(void *state, const gbxi_trace *trace, const gbx_export_options *options)
{
    full *f = state;

    f->trace = trace;
    f->call_tree = options->call_tree;
    f->totals = gbxi_totals_new(&trace->frames, trace->frame_count);
    if (f->totals == NULL || !gbxi_trace_walk_init(&f->walk, trace))
        return false;
    f->depth = gbxi_trace_walk_depth(&f->walk);
    return f->call_tree != GBX_CALL_TREE_FLAT || gbxi_call_rows_init(&f->rows, &f->walk);
}

static void full_fini(void *state)
{
    full *f = state;

    gbxi_notes_fini(&f->notes);
    gbxi_call_rows_fini(&f->rows);
    free(f->totals);
    gbxi_trace_walk_fini(&f->walk);
}

/* Always inline, because a key that is known at compile time needs no escaping. */
__attribute__((always_inline)) static inline void write_uint(gbxi_json_writer *writer, const char *key, uint64_t value)
{
    gbxi_json_key(writer, key);
    gbxi_json_uint(writer, value);
}

__attribute__((always_inline)) static inline void write_ms(gbxi_json_writer *writer, const char *key, uint64_t ns)
{
    gbxi_json_key(writer, key);
    gbxi_json_ms(writer, ns);
}

static uint32_t thread_id_of(const full *f)
{
    return f->trace->threads[f->thread].facts.thread_id;
}

/* Begins the object of an entry or a call. */
static void begin_row(full *f, gbxi_json_writer *writer, const gbxi_frame *frame)
{
    static const char begin[] = ",{\"name\":";
    size_t skipped = f->comma ? 0 : 1;

    gbxi_json_literal(writer, begin + skipped, sizeof(begin) - 1 - skipped);
    gbxi_json_quote(writer, frame->name, frame->name_length);
    f->comma = true;
}

/* The signed number of a wall clock. */
static char *put_clock(full *f, char *at, int64_t value)
{
    if (value < 0)
        *at++ = '-';
    return gbxi_put_long(&f->clock, at, value < 0 ? 0 - (uint64_t)value : (uint64_t)value);
}

/* The request's traceparent may name a span of another program. */
static void full_write_parent(gbxi_json_writer *writer, const gbx_capture_facts *facts)
{
    char digits[GBXI_SPAN_ID_DIGITS];

    if (!gbxi_trace_has_parent(facts))
        return;
    gbxi_span_id_format(facts->parent_span_id, digits);
    gbxi_json_key(writer, "parent_span_id");
    gbxi_json_string_n(writer, digits, sizeof(digits));
}

static gbx_err full_write_head(full *f, gbxi_json_writer *writer)
{
    const gbx_capture_facts *facts = &f->trace->facts;
    bool good;

    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "response_type");
    gbxi_json_string_z(writer, gbx_format_name(GBX_FORMAT_FULL));
    gbxi_json_key(writer, "metadata");
    gbxi_json_object_begin(writer);
    gbxi_facts_write_identity(writer, f->trace);
    full_write_parent(writer, facts);
    write_uint(writer, "total_duration_ns", facts->duration_ns);
    write_ms(writer, "total_duration_ms", facts->duration_ns);
    write_uint(writer, "entry_count", (uint64_t)f->trace->call_count * 2);
    write_uint(writer, "method_count", f->trace->frame_count);
    write_uint(writer, "max_depth", f->depth);
    write_uint(writer, "start_time_ns", facts->start_ns);
    write_uint(writer, "end_time_ns", facts->start_ns + facts->duration_ns);
    gbxi_told_write_error(writer, f->trace);
    gbxi_told_write_own_error(writer, f->trace);
    good = gbxi_told_write_own_notes(writer, &f->notes, f->trace);
    gbxi_facts_write_completeness(writer, f->trace);
    gbxi_facts_write_threads(writer, f->trace);
    gbxi_json_object_end(writer);
    gbxi_json_key(writer, "entries");
    gbxi_json_array_begin(writer);
    start_walk(f, FULL_ENTRIES);
    return good ? GBX_ERR_OK : GBX_ERR_NO_MEMORY;
}

/* A call that has failed has its reason in its exit and in the tree. */
static void write_reason(gbxi_json_writer *writer, const gbxi_trace_step *full_step)
{
    gbxi_json_literal(writer, GBXI_FRAGMENT(",\"error\":"));
    gbxi_json_quote(writer, full_step->reason, full_step->reason_length);
}

/* Leaves the entry's object open. */
static void begin_entry(full *f, gbxi_json_writer *writer, const gbxi_trace_step *full_step)
{
    const gbx_capture_facts *facts = &f->trace->facts;
    uint64_t at_ns = facts->start_ns + full_step->at_ns;
    char *at;

    begin_row(f, writer, full_step->frame);
    if ((at = gbxi_json_reserve(writer, GBXI_JSON_NEED_MAX)) == NULL)
        return;
    if (full_step->kind == GBXI_TRACE_STEP_ENTER)
        at = gbxi_put(at, GBXI_FRAGMENT(",\"event\":\"enter\",\"timestamp_ns\":"));
    else
        at = gbxi_put(at, GBXI_FRAGMENT(",\"event\":\"exit\",\"timestamp_ns\":"));
    gbxi_json_commit(writer, gbxi_put_long(&f->monotonic, at, at_ns));
    if ((at = gbxi_json_reserve(writer, GBXI_JSON_NEED_MAX)) == NULL)
        return;
    at = gbxi_put(at, GBXI_FRAGMENT(",\"clock_ns\":"));
    at = put_clock(f, at, (int64_t)((uint64_t)facts->start_unix_ns + full_step->at_ns));
    gbxi_json_commit(writer, gbxi_put_uint(at, GBXI_FRAGMENT(",\"depth\":"), full_step->depth));
    if ((at = gbxi_json_reserve(writer, GBXI_JSON_NEED_MAX)) != NULL)
        gbxi_json_commit(writer, gbxi_put_uint(at, GBXI_FRAGMENT(",\"thread_id\":"), thread_id_of(f)));
}

/* Notes are written with the exit entry, because only then all of them are known. */
static void finish_entry(full *f, gbxi_json_writer *writer, const gbxi_trace_step *full_step)
{
    if (full_step->kind == GBXI_TRACE_STEP_EXIT) {
        if (full_step->reason != NULL)
            write_reason(writer, full_step);
        f->note = f->note_first = gbxi_notes_first(&f->notes, full_step->depth);
        if (f->note < f->notes.count) {
            gbxi_json_literal(writer, GBXI_FRAGMENT(",\"notes\":{"));
            gbxi_json_opened(writer);
            f->phase = FULL_NOTES;
            return;
        }
    }
    gbxi_json_literal(writer, GBXI_FRAGMENT("}"));
}

static gbx_err put_note(full *f, uint32_t depth)
{
    gbxi_note note;

    gbxi_note_set(&note, &f->walk.record);
    return gbxi_notes_put(&f->notes, depth, &note) ? GBX_ERR_OK : GBX_ERR_NO_MEMORY;
}

static gbx_err step_entries(full *f, gbxi_json_writer *writer)
{
    gbxi_trace_step full_step;

    if (!walk_on(f, &full_step)) {
        gbxi_json_array_end(writer);
        gbxi_json_key(writer, "method_timings");
        gbxi_json_array_begin(writer);
        f->phase = FULL_TIMINGS;
        f->comma = false;
        return GBX_ERR_OK;
    }
    if (full_step.kind == GBXI_TRACE_STEP_NOTE)
        return put_note(f, full_step.depth);
    begin_entry(f, writer, &full_step);
    finish_entry(f, writer, &full_step);
    return GBX_ERR_OK;
}

static void step_notes(full *f, gbxi_json_writer *writer)
{
    gbxi_note_write(&f->notes.at[f->note++].note, writer);
    if (f->note < f->notes.count)
        return;
    gbxi_notes_cut(&f->notes, f->note_first);
    gbxi_json_literal(writer, GBXI_FRAGMENT("}}"));
    f->phase = FULL_ENTRIES;
}

static void write_timing(full *f, gbxi_json_writer *writer, const gbxi_frame *frame)
{
    begin_row(f, writer, frame);
    gbxi_json_literal(writer, GBXI_FRAGMENT(",\"file\":"));
    gbxi_json_quote(writer, frame->file, strlen(frame->file));
    gbxi_write_uint(writer, GBXI_FRAGMENT(",\"line\":"), frame->line);
    gbxi_write_uint(writer, GBXI_FRAGMENT(",\"call_count\":"), frame->calls);
    gbxi_write_uint(writer, GBXI_FRAGMENT(",\"total_ns\":"), frame->total_ns);
    gbxi_write_ms(writer, GBXI_FRAGMENT(",\"total_ms\":"), frame->total_ns);
    gbxi_write_uint(writer, GBXI_FRAGMENT(",\"self_ns\":"), frame->self_ns);
    gbxi_write_ms(writer, GBXI_FRAGMENT(",\"self_ms\":"), frame->self_ns);
    gbxi_write_ms(writer, GBXI_FRAGMENT(",\"avg_ms\":"), gbxi_frame_average_ns(frame));
    gbxi_write_uint(writer, GBXI_FRAGMENT(",\"min_ns\":"), frame->min_ns);
    gbxi_write_uint(writer, GBXI_FRAGMENT(",\"max_ns\":"), frame->max_ns);
    gbxi_json_literal(writer, GBXI_FRAGMENT("}"));
}

static void end_document(full *f, gbxi_json_writer *writer)
{
    gbxi_json_object_end(writer);
    f->phase = FULL_DONE;
}

static void begin_tree(full *f, gbxi_json_writer *writer)
{
    gbxi_json_key(writer, "call_tree");
    if (f->call_tree == GBX_CALL_TREE_NONE) {
        gbxi_json_null(writer);
        end_document(f, writer);
        return;
    }
    gbxi_json_array_begin(writer);
    start_walk(f, f->call_tree == GBX_CALL_TREE_FLAT ? FULL_ROWS : FULL_TREE);
}

static void step_timings(full *f, gbxi_json_writer *writer)
{
    if (f->timing < f->trace->frame_count) {
        write_timing(f, writer, &f->trace->frames.at[f->totals[f->timing++].frame]);
        return;
    }
    gbxi_json_array_end(writer);
    begin_tree(f, writer);
}

static void begin_call(full *f, gbxi_json_writer *writer, const gbxi_trace_step *full_step)
{
    char *at;

    begin_row(f, writer, full_step->frame);
    if ((at = gbxi_json_reserve(writer, GBXI_JSON_NEED_MAX)) == NULL)
        return;
    at = gbxi_put(at, GBXI_FRAGMENT(",\"start_ns\":"));
    at = gbxi_put_long(&f->monotonic, at, f->trace->facts.start_ns + full_step->at_ns);
    gbxi_json_commit(writer, gbxi_put_uint(at, GBXI_FRAGMENT(",\"depth\":"), full_step->depth));
    if ((at = gbxi_json_reserve(writer, GBXI_JSON_NEED_MAX)) == NULL)
        return;
    at = gbxi_put_uint(at, GBXI_FRAGMENT(",\"call_index\":"), full_step->call_index);
    gbxi_json_commit(writer, gbxi_put_uint(at, GBXI_FRAGMENT(",\"thread_id\":"), thread_id_of(f)));
    gbxi_json_literal(writer, GBXI_FRAGMENT(",\"children\":["));
    f->comma = false;
}

static void end_call(full *f, gbxi_json_writer *writer, const gbxi_trace_step *full_step)
{
    char *at = gbxi_json_reserve(writer, GBXI_JSON_NEED_MAX);

    if (at == NULL)
        return;
    at = gbxi_put(at, GBXI_FRAGMENT("],\"end_ns\":"));
    gbxi_json_commit(writer, gbxi_put_long(&f->monotonic, at, f->trace->facts.start_ns + full_step->at_ns));
    gbxi_write_uint(writer, GBXI_FRAGMENT(",\"duration_ns\":"), full_step->duration_ns);
    gbxi_write_ms(writer, GBXI_FRAGMENT(",\"duration_ms\":"), full_step->duration_ns);
    gbxi_write_uint(writer, GBXI_FRAGMENT(",\"self_ns\":"), full_step->self_ns);
    gbxi_write_ms(writer, GBXI_FRAGMENT(",\"self_ms\":"), full_step->self_ns);
    if (full_step->reason != NULL)
        write_reason(writer, full_step);
    gbxi_json_literal(writer, GBXI_FRAGMENT("}"));
    f->comma = true;
}

static void step_tree(full *f, gbxi_json_writer *writer)
{
    gbxi_trace_step full_step;

    if (!walk_on(f, &full_step)) {
        gbxi_json_array_end(writer);
        end_document(f, writer);
    } else if (full_step.kind == GBXI_TRACE_STEP_ENTER) {
        begin_call(f, writer, &full_step);
    } else if (full_step.kind == GBXI_TRACE_STEP_EXIT) {
        end_call(f, writer, &full_step);
    }
}

static void step_rows(full *f, gbxi_json_writer *writer)
{
    gbxi_trace_step full_step;

    if (!walk_on(f, &full_step)) {
        gbxi_json_array_end(writer);
        end_document(f, writer);
    } else if (full_step.kind == GBXI_TRACE_STEP_ENTER) {
        gbxi_call_rows_write(&f->rows, writer, f->trace, &full_step, thread_id_of(f));
    }
}

/* One row, or whatever the phase has. */
static gbx_err write_some(full *f, gbxi_json_writer *writer, bool *done)
{
    switch (f->phase) {
    case FULL_HEAD:
        return full_write_head(f, writer);
    case FULL_ENTRIES:
        return step_entries(f, writer);
    case FULL_NOTES:
        step_notes(f, writer);
        break;
    case FULL_TIMINGS:
        step_timings(f, writer);
        break;
    case FULL_TREE:
        step_tree(f, writer);
        break;
    case FULL_ROWS:
        step_rows(f, writer);
        break;
    case FULL_DONE:
        *done = true;
        break;
    }
    return GBX_ERR_OK;
}

/* Writes rows while there is room for a usual one. */
static gbx_err full_step(void *state, gbxi_json_writer *writer, bool *done)
{
    gbx_err err;

    do
        err = write_some(state, writer, done);
    while (err == GBX_ERR_OK && !*done && writer->end - writer->at >= ROW_BYTES);
    return err;
}

const gbxi_export_format gbxi_format_full = {
    .ending = "full.json", .state_bytes = sizeof(full), .init = full_init, .step = full_step, .fini = full_fini};
