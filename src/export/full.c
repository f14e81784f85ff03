/* SPDX-License-Identifier: MIT */
/* The full document: every enter and exit, every method's timings, the call tree.
 *
 * Entries and tree go through the threads one after another, in the order in which they first entered. Times named
 * `timestamp_ns`, `start_time_ns` and `end_time_ns` are of the monotonic clock, `clock_ns` of the wall clock;
 * `start_ns` and `end_ns` in the tree count from the capture's start, as in the speedscope document. What is known only
 * at a call's end follows its `children`, so that no call is ever held in memory. */
#include "export/facts.h"
#include "export/format.h"
#include "export/notes.h"
#include "trace/walk.h"

typedef enum phase { PHASE_HEAD, PHASE_ENTRIES, PHASE_NOTES, PHASE_TIMINGS, PHASE_TREE, PHASE_DONE } phase;

typedef struct full {
    const gbx__trace *trace;
    gbx__walk walk;
    gbx__notes notes;
    phase phase;
    size_t thread;       /* the one the walk is in */
    uint32_t frame;      /* the next one to write */
    uint32_t note;       /* the next one to write */
    uint32_t note_first; /* the first of its call */
} full;

static void start_walk(full *f, phase during)
{
    f->phase = during;
    f->thread = 0;
    if (f->trace->facts.lane_count > 0)
        gbx__walk_thread(&f->walk, 0);
}

/* The next step over all threads; false after the last. */
static bool walk_on(full *f, gbx__step *step)
{
    while (f->thread < f->trace->facts.lane_count) {
        if (gbx__walk_next(&f->walk, step))
            return true;
        if (++f->thread < f->trace->facts.lane_count)
            gbx__walk_thread(&f->walk, f->thread);
    }
    return false;
}

static bool init(void *state, const gbx__trace *trace)
{
    full *f = state;

    f->trace = trace;
    return gbx__walk_init(&f->walk, trace);
}

static void fini(void *state)
{
    full *f = state;

    gbx__notes_fini(&f->notes);
    gbx__walk_fini(&f->walk);
}

static void write_uint(gbx_json_writer *writer, const char *key, uint64_t value)
{
    gbx_json_key(writer, key);
    gbx_json_uint(writer, value);
}

static void write_ms(gbx_json_writer *writer, const char *key, uint64_t ns)
{
    gbx_json_key(writer, key);
    gbx_json_ms(writer, ns);
}

static void write_name(gbx_json_writer *writer, const gbx__frame *frame)
{
    gbx_json_key(writer, "name");
    gbx_json_string_n(writer, frame->name, frame->name_length);
}

static void write_thread_id(full *f, gbx_json_writer *writer)
{
    write_uint(writer, "thread_id", f->trace->threads[f->thread].facts.thread_id);
}

static void write_head(full *f, gbx_json_writer *writer)
{
    const gbx__capture_facts *facts = &f->trace->facts;

    gbx_json_object_begin(writer);
    gbx_json_key(writer, "metadata");
    gbx_json_object_begin(writer);
    gbx__facts_write_identity(writer, f->trace);
    write_uint(writer, "total_duration_ns", facts->duration_ns);
    write_ms(writer, "total_duration_ms", facts->duration_ns);
    write_uint(writer, "entry_count", (uint64_t)f->trace->call_count * 2);
    write_uint(writer, "method_count", f->trace->frame_count);
    write_uint(writer, "start_time_ns", facts->start_ns);
    write_uint(writer, "end_time_ns", facts->start_ns + facts->duration_ns);
    gbx__facts_write_completeness(writer, f->trace);
    gbx__facts_write_threads(writer, f->trace);
    gbx_json_object_end(writer);
    gbx_json_key(writer, "entries");
    gbx_json_array_begin(writer);
    start_walk(f, PHASE_ENTRIES);
}

/* Leaves the entry's object open. */
static void begin_entry(full *f, gbx_json_writer *writer, const gbx__step *step)
{
    const gbx__capture_facts *facts = &f->trace->facts;

    gbx_json_object_begin(writer);
    write_name(writer, step->frame);
    gbx_json_key(writer, "event");
    gbx_json_string_z(writer, step->kind == GBX__STEP_ENTER ? "enter" : "exit");
    write_uint(writer, "timestamp_ns", facts->start_ns + step->at_ns);
    gbx_json_key(writer, "clock_ns");
    gbx_json_int(writer, (int64_t)((uint64_t)facts->start_unix_ns + step->at_ns));
    write_uint(writer, "depth", step->depth);
    write_thread_id(f, writer);
}

/* Notes belong on the exit entry: only then are all of them known. */
static void finish_entry(full *f, gbx_json_writer *writer, const gbx__step *step)
{
    if (step->kind == GBX__STEP_EXIT) {
        f->note = f->note_first = gbx__notes_first(&f->notes, step->depth);
        if (f->note < f->notes.count) {
            gbx_json_key(writer, "notes");
            gbx_json_object_begin(writer);
            f->phase = PHASE_NOTES;
            return;
        }
    }
    gbx_json_object_end(writer);
}

static gbx_err step_entries(full *f, gbx_json_writer *writer)
{
    gbx__step step;

    if (!walk_on(f, &step)) {
        gbx_json_array_end(writer);
        gbx_json_key(writer, "method_timings");
        gbx_json_array_begin(writer);
        f->phase = PHASE_TIMINGS;
        return GBX_ERR_OK;
    }
    if (step.kind == GBX__STEP_NOTE)
        return gbx__notes_put(&f->notes, step.depth, &f->walk.record) ? GBX_ERR_OK : GBX_ERR_NO_MEMORY;
    begin_entry(f, writer, &step);
    finish_entry(f, writer, &step);
    return GBX_ERR_OK;
}

static void step_notes(full *f, gbx_json_writer *writer)
{
    gbx__note_write(&f->notes.at[f->note++], writer);
    if (f->note < f->notes.count)
        return;
    gbx__notes_cut(&f->notes, f->note_first);
    gbx_json_object_end(writer);
    gbx_json_object_end(writer);
    f->phase = PHASE_ENTRIES;
}

static void write_timing(gbx_json_writer *writer, const gbx__frame *frame)
{
    gbx_json_object_begin(writer);
    write_name(writer, frame);
    gbx_json_key(writer, "file");
    gbx_json_string_z(writer, frame->file);
    write_uint(writer, "line", frame->line);
    write_uint(writer, "call_count", frame->calls);
    write_uint(writer, "total_ns", frame->total_ns);
    write_ms(writer, "total_ms", frame->total_ns);
    write_uint(writer, "self_ns", frame->self_ns);
    write_ms(writer, "self_ms", frame->self_ns);
    write_ms(writer, "avg_ms", gbx__frame_average_ns(frame));
    write_uint(writer, "min_ns", frame->min_ns);
    write_uint(writer, "max_ns", frame->max_ns);
    gbx_json_object_end(writer);
}

static void step_timings(full *f, gbx_json_writer *writer)
{
    const gbx__frames *frames = &f->trace->frames;

    while (f->frame < frames->count && frames->at[f->frame].calls == 0)
        ++f->frame;
    if (f->frame < frames->count) {
        write_timing(writer, &frames->at[f->frame++]);
        return;
    }
    gbx_json_array_end(writer);
    gbx_json_key(writer, "call_tree");
    gbx_json_array_begin(writer);
    start_walk(f, PHASE_TREE);
}

static void begin_call(full *f, gbx_json_writer *writer, const gbx__step *step)
{
    gbx_json_object_begin(writer);
    write_name(writer, step->frame);
    write_uint(writer, "start_ns", step->at_ns);
    write_uint(writer, "depth", step->depth);
    write_uint(writer, "call_index", step->call_index);
    write_thread_id(f, writer);
    gbx_json_key(writer, "children");
    gbx_json_array_begin(writer);
}

static void end_call(gbx_json_writer *writer, const gbx__step *step)
{
    gbx_json_array_end(writer);
    write_uint(writer, "end_ns", step->at_ns);
    write_uint(writer, "duration_ns", step->duration_ns);
    write_ms(writer, "duration_ms", step->duration_ns);
    write_uint(writer, "self_ns", step->self_ns);
    write_ms(writer, "self_ms", step->self_ns);
    gbx_json_object_end(writer);
}

static void step_tree(full *f, gbx_json_writer *writer)
{
    gbx__step step;

    if (!walk_on(f, &step)) {
        gbx_json_array_end(writer);
        gbx_json_object_end(writer);
        f->phase = PHASE_DONE;
    } else if (step.kind == GBX__STEP_ENTER) {
        begin_call(f, writer, &step);
    } else if (step.kind == GBX__STEP_EXIT) {
        end_call(writer, &step);
    }
}

static gbx_err step(void *state, gbx_json_writer *writer, bool *done)
{
    full *f = state;

    switch (f->phase) {
    case PHASE_HEAD:
        write_head(f, writer);
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

const gbx__export_format gbx__export_full = {.state_bytes = sizeof(full), .init = init, .step = step, .fini = fini};
