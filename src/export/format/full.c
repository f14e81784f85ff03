/* SPDX-License-Identifier: MIT */
/* The full document: every enter and exit, the timings of every method, and the call tree.
 *
 * Entries and tree list the threads one after another: the main thread first, then the others in the order in which
 * they first entered. `timestamp_ns`, `start_time_ns` and `end_time_ns` are times of the monotonic clock, and
 * `clock_ns` is a time of the wall clock. `start_ns` and `end_ns` in the tree are relative to the capture's start, as
 * in the speedscope document. Members that are known only at the end of a call follow its `children`, so that no call
 * is kept in memory. */
#include "export/facts.h"
#include "export/format.h"
#include "export/notes.h"
#include "trace/walk.h"

typedef enum phase { PHASE_HEAD, PHASE_ENTRIES, PHASE_NOTES, PHASE_TIMINGS, PHASE_TREE, PHASE_DONE } phase;

typedef struct full {
    const gbxi_trace *trace;
    gbxi_trace_walk walk;
    gbxi_notes notes;
    phase phase;
    size_t thread;       /* the thread that the walk is in */
    uint32_t frame;      /* the next frame to write */
    uint32_t note;       /* the next note to write */
    uint32_t note_first; /* the first note of the call */
} full;

static void start_walk(full *f, phase during)
{
    f->phase = during;
    f->thread = 0;
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

static bool full_init(void *state, const gbxi_trace *trace)
{
    full *f = state;

    f->trace = trace;
    return gbxi_trace_walk_init(&f->walk, trace);
}

static void full_fini(void *state)
{
    full *f = state;

    gbxi_notes_fini(&f->notes);
    gbxi_trace_walk_fini(&f->walk);
}

static void write_uint(gbxi_json_writer *writer, const char *key, uint64_t value)
{
    gbxi_json_key(writer, key);
    gbxi_json_uint(writer, value);
}

static void write_ms(gbxi_json_writer *writer, const char *key, uint64_t ns)
{
    gbxi_json_key(writer, key);
    gbxi_json_ms(writer, ns);
}

static void full_write_name(gbxi_json_writer *writer, const gbxi_frame *frame)
{
    gbxi_json_key(writer, "name");
    gbxi_json_string_n(writer, frame->name, frame->name_length);
}

static void write_thread_id(full *f, gbxi_json_writer *writer)
{
    write_uint(writer, "thread_id", f->trace->threads[f->thread].facts.thread_id);
}

static void full_write_head(full *f, gbxi_json_writer *writer)
{
    const gbx_capture_facts *facts = &f->trace->facts;

    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "metadata");
    gbxi_json_object_begin(writer);
    gbxi_facts_write_identity(writer, f->trace);
    write_uint(writer, "total_duration_ns", facts->duration_ns);
    write_ms(writer, "total_duration_ms", facts->duration_ns);
    write_uint(writer, "entry_count", (uint64_t)f->trace->call_count * 2);
    write_uint(writer, "method_count", f->trace->frame_count);
    write_uint(writer, "start_time_ns", facts->start_ns);
    write_uint(writer, "end_time_ns", facts->start_ns + facts->duration_ns);
    gbxi_facts_write_completeness(writer, f->trace);
    gbxi_facts_write_threads(writer, f->trace);
    gbxi_json_object_end(writer);
    gbxi_json_key(writer, "entries");
    gbxi_json_array_begin(writer);
    start_walk(f, PHASE_ENTRIES);
}

/* Leaves the entry's object open. */
static void begin_entry(full *f, gbxi_json_writer *writer, const gbxi_trace_step *full_step)
{
    const gbx_capture_facts *facts = &f->trace->facts;

    gbxi_json_object_begin(writer);
    full_write_name(writer, full_step->frame);
    gbxi_json_key(writer, "event");
    gbxi_json_string_z(writer, full_step->kind == GBXI_TRACE_STEP_ENTER ? "enter" : "exit");
    write_uint(writer, "timestamp_ns", facts->start_ns + full_step->at_ns);
    gbxi_json_key(writer, "clock_ns");
    gbxi_json_int(writer, (int64_t)((uint64_t)facts->start_unix_ns + full_step->at_ns));
    write_uint(writer, "depth", full_step->depth);
    write_thread_id(f, writer);
}

/* Notes are written with the exit entry, because only then all of them are known. */
static void finish_entry(full *f, gbxi_json_writer *writer, const gbxi_trace_step *full_step)
{
    if (full_step->kind == GBXI_TRACE_STEP_EXIT) {
        f->note = f->note_first = gbxi_notes_first(&f->notes, full_step->depth);
        if (f->note < f->notes.count) {
            gbxi_json_key(writer, "notes");
            gbxi_json_object_begin(writer);
            f->phase = PHASE_NOTES;
            return;
        }
    }
    gbxi_json_object_end(writer);
}

static gbx_err step_entries(full *f, gbxi_json_writer *writer)
{
    gbxi_trace_step full_step;

    if (!walk_on(f, &full_step)) {
        gbxi_json_array_end(writer);
        gbxi_json_key(writer, "method_timings");
        gbxi_json_array_begin(writer);
        f->phase = PHASE_TIMINGS;
        return GBX_ERR_OK;
    }
    if (full_step.kind == GBXI_TRACE_STEP_NOTE)
        return gbxi_notes_put(&f->notes, full_step.depth, &f->walk.record) ? GBX_ERR_OK : GBX_ERR_NO_MEMORY;
    begin_entry(f, writer, &full_step);
    finish_entry(f, writer, &full_step);
    return GBX_ERR_OK;
}

static void step_notes(full *f, gbxi_json_writer *writer)
{
    gbxi_note_write(&f->notes.at[f->note++], writer);
    if (f->note < f->notes.count)
        return;
    gbxi_notes_cut(&f->notes, f->note_first);
    gbxi_json_object_end(writer);
    gbxi_json_object_end(writer);
    f->phase = PHASE_ENTRIES;
}

static void write_timing(gbxi_json_writer *writer, const gbxi_frame *frame)
{
    gbxi_json_object_begin(writer);
    full_write_name(writer, frame);
    gbxi_json_key(writer, "file");
    gbxi_json_string_z(writer, frame->file);
    write_uint(writer, "line", frame->line);
    write_uint(writer, "call_count", frame->calls);
    write_uint(writer, "total_ns", frame->total_ns);
    write_ms(writer, "total_ms", frame->total_ns);
    write_uint(writer, "self_ns", frame->self_ns);
    write_ms(writer, "self_ms", frame->self_ns);
    write_ms(writer, "avg_ms", gbxi_frame_average_ns(frame));
    write_uint(writer, "min_ns", frame->min_ns);
    write_uint(writer, "max_ns", frame->max_ns);
    gbxi_json_object_end(writer);
}

static void step_timings(full *f, gbxi_json_writer *writer)
{
    const gbxi_frames *frames = &f->trace->frames;

    while (f->frame < frames->count && frames->at[f->frame].calls == 0)
        ++f->frame;
    if (f->frame < frames->count) {
        write_timing(writer, &frames->at[f->frame++]);
        return;
    }
    gbxi_json_array_end(writer);
    gbxi_json_key(writer, "call_tree");
    gbxi_json_array_begin(writer);
    start_walk(f, PHASE_TREE);
}

static void begin_call(full *f, gbxi_json_writer *writer, const gbxi_trace_step *full_step)
{
    gbxi_json_object_begin(writer);
    full_write_name(writer, full_step->frame);
    write_uint(writer, "start_ns", full_step->at_ns);
    write_uint(writer, "depth", full_step->depth);
    write_uint(writer, "call_index", full_step->call_index);
    write_thread_id(f, writer);
    gbxi_json_key(writer, "children");
    gbxi_json_array_begin(writer);
}

static void end_call(gbxi_json_writer *writer, const gbxi_trace_step *full_step)
{
    gbxi_json_array_end(writer);
    write_uint(writer, "end_ns", full_step->at_ns);
    write_uint(writer, "duration_ns", full_step->duration_ns);
    write_ms(writer, "duration_ms", full_step->duration_ns);
    write_uint(writer, "self_ns", full_step->self_ns);
    write_ms(writer, "self_ms", full_step->self_ns);
    gbxi_json_object_end(writer);
}

static void step_tree(full *f, gbxi_json_writer *writer)
{
    gbxi_trace_step full_step;

    if (!walk_on(f, &full_step)) {
        gbxi_json_array_end(writer);
        gbxi_json_object_end(writer);
        f->phase = PHASE_DONE;
    } else if (full_step.kind == GBXI_TRACE_STEP_ENTER) {
        begin_call(f, writer, &full_step);
    } else if (full_step.kind == GBXI_TRACE_STEP_EXIT) {
        end_call(writer, &full_step);
    }
}

static gbx_err full_step(void *state, gbxi_json_writer *writer, bool *done)
{
    full *f = state;

    switch (f->phase) {
    case PHASE_HEAD:
        full_write_head(f, writer);
        break;
    case PHASE_ENTRIES:
        return step_entries(f, writer);
    case PHASE_NOTES:
        step_notes(f, writer);
        break;
    case PHASE_TIMINGS:
        step_timings(f, writer);
        break;
    case PHASE_TREE:
        step_tree(f, writer);
        break;
    case PHASE_DONE:
        *done = true;
        break;
    }
    return GBX_ERR_OK;
}

const gbxi_export_format gbxi_format_full = {
    .state_bytes = sizeof(full), .init = full_init, .step = full_step, .fini = full_fini};
