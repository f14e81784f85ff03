/* SPDX-License-Identifier: MIT */
/* The Trace Event Format, which Perfetto, chrome://tracing and speedscope read:
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU
 *
 * Each call is an event B and an event E, in microseconds since the capture's start with three decimals, so that no
 * nanosecond is lost. File and line are arguments of B; a failure and notes, which are known only at the end, of E.
 *
 * Events may have equal times, and readers sort. Perfetto keeps the order of the file. speedscope takes the ends before
 * the begins, unless the first of each have the same name and arguments, which it takes for a call without length.
 * Therefore B and E never have the same arguments, and a call without length is an instant, i. Its children are too. */
#include "export/facts.h"
#include "export/format.h"
#include "export/fragment.h"
#include "export/instants.h"
#include "export/told.h"
#include <glassbox/version.h>

#include <string.h>

/* The trace is that of a request, so the number of its process means nothing. The kernel's numbers of threads end
 * below THREAD_ID_END. */
enum { PROCESS_ID = 1, THREAD_ID_END = (1 << 22) + 1 };

typedef enum chrome_phase {
    CHROME_HEAD,
    CHROME_THREADS,
    CHROME_EVENTS,
    CHROME_NOTES,
    CHROME_DATA,
    CHROME_DONE
} chrome_phase;

typedef struct chrome {
    const gbxi_trace *trace;
    gbxi_trace_walk walk;
    gbxi_instants instants;
    gbxi_notes notes;
    chrome_phase phase;
    size_t thread;       /* the thread that is being written */
    uint32_t thread_id;  /* its number in the document */
    uint32_t note;       /* the next note to write */
    uint32_t note_first; /* the first note of the call */
} chrome;

static bool chrome_init(void *state, const gbxi_trace *trace, const gbx_export_options *options)
{
    chrome *c = state;

    (void)options;
    c->trace = trace;
    return gbxi_trace_walk_init(&c->walk, trace) && gbxi_instants_init(&c->instants, &c->walk);
}

static void chrome_fini(void *state)
{
    chrome *c = state;

    gbxi_notes_fini(&c->notes);
    gbxi_instants_fini(&c->instants);
    gbxi_trace_walk_fini(&c->walk);
}

/* A track of calls is found by its thread's number. Threads that had the same one, one after the other, need two. */
static uint32_t number_thread(const gbxi_trace *trace, size_t thread)
{
    uint32_t id = trace->threads[thread].facts.thread_id;

    for (size_t i = 0; i < thread; i++)
        if (trace->threads[i].facts.thread_id == id)
            return THREAD_ID_END + (uint32_t)thread;
    return id;
}

/* Begins an event about the process or a thread. Its arguments are left open. */
static void begin_metadata(gbxi_json_writer *writer, const char *name, uint32_t thread_id)
{
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "ph");
    gbxi_json_string_z(writer, "M");
    gbxi_json_key(writer, "pid");
    gbxi_json_uint(writer, PROCESS_ID);
    gbxi_json_key(writer, "tid");
    gbxi_json_uint(writer, thread_id);
    gbxi_json_key(writer, "name");
    gbxi_json_string_z(writer, name);
    gbxi_json_key(writer, "args");
    gbxi_json_object_begin(writer);
}

static void end_metadata(gbxi_json_writer *writer)
{
    gbxi_json_object_end(writer);
    gbxi_json_object_end(writer);
}

/* Perfetto knows the format by the first member. */
static void chrome_write_head(chrome *c, gbxi_json_writer *writer)
{
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "traceEvents");
    gbxi_json_array_begin(writer);
    begin_metadata(writer, "process_name", 0);
    gbxi_json_key(writer, "name");
    gbxi_json_string_z(writer, c->trace->facts.name);
    end_metadata(writer);
    c->phase = CHROME_THREADS;
}

/* Begins the next thread. */
static void step_threads(chrome *c, gbxi_json_writer *writer)
{
    if (c->thread == c->trace->facts.lane_count) {
        gbxi_json_array_end(writer);
        c->phase = CHROME_DATA;
        return;
    }
    c->thread_id = number_thread(c->trace, c->thread);
    gbxi_trace_walk_thread(&c->walk, c->thread);
    begin_metadata(writer, "thread_name", c->thread_id);
    gbxi_json_key(writer, "name");
    gbxi_json_string_z(writer, c->trace->threads[c->thread].facts.thread_name);
    end_metadata(writer);
    begin_metadata(writer, "thread_sort_index", c->thread_id);
    gbxi_json_key(writer, "sort_index");
    gbxi_json_uint(writer, c->thread);
    end_metadata(writer);
    c->phase = CHROME_EVENTS;
}

/* Begins an event of a call, after others. */
static void begin_event(const chrome *c, gbxi_json_writer *writer, const gbxi_trace_step *step, const char *kind,
                        size_t length)
{
    char *at;

    gbxi_json_literal(writer, kind, length);
    if ((at = gbxi_json_reserve(writer, GBXI_JSON_NEED_MAX)) == NULL)
        return;
    at = gbxi_put_uint(at, GBXI_FRAGMENT(",\"pid\":"), PROCESS_ID);
    gbxi_json_commit(writer, gbxi_put_uint(at, GBXI_FRAGMENT(",\"tid\":"), c->thread_id));
    if ((at = gbxi_json_reserve(writer, GBXI_JSON_NEED_MAX)) == NULL)
        return;
    at = gbxi_put_us(at, GBXI_FRAGMENT(",\"ts\":"), step->at_ns);
    gbxi_json_commit(writer, gbxi_put(at, GBXI_FRAGMENT(",\"name\":")));
    gbxi_json_quote(writer, step->frame->name, step->frame->name_length);
}

/* Leaves the arguments open. */
static void begin_place(gbxi_json_writer *writer, const gbxi_frame *frame)
{
    gbxi_json_literal(writer, GBXI_FRAGMENT(",\"args\":{\"file\":"));
    gbxi_json_quote(writer, frame->file, strlen(frame->file));
    gbxi_write_uint(writer, GBXI_FRAGMENT(",\"line\":"), frame->line);
}

static void write_begin(const chrome *c, gbxi_json_writer *writer, const gbxi_trace_step *step)
{
    if (gbxi_instants_have(&c->instants, step->call_index))
        return; /* until its end, when its notes are known */
    begin_event(c, writer, step, GBXI_FRAGMENT(",{\"ph\":\"B\""));
    begin_place(writer, step->frame);
    gbxi_json_literal(writer, GBXI_FRAGMENT("}}"));
}

/* Writes a fragment that begins with a comma, without it if it is the first. */
static void write_member(gbxi_json_writer *writer, const char *text, size_t length, bool first)
{
    gbxi_json_literal(writer, text + first, length - first);
}

/* What is known at the end of a call, inside of its arguments. */
static void write_told(chrome *c, gbxi_json_writer *writer, const gbxi_trace_step *step, bool first)
{
    if (step->reason != NULL) {
        write_member(writer, GBXI_FRAGMENT(",\"error\":"), first);
        gbxi_json_quote(writer, step->reason, step->reason_length);
        first = false;
    }
    if (c->note < c->notes.count) {
        write_member(writer, GBXI_FRAGMENT(",\"notes\":{"), first);
        gbxi_json_opened(writer);
        c->phase = CHROME_NOTES;
    } else {
        gbxi_json_literal(writer, GBXI_FRAGMENT("}}"));
    }
}

static void write_end(chrome *c, gbxi_json_writer *writer, const gbxi_trace_step *step)
{
    c->note = c->note_first = gbxi_notes_first(&c->notes, step->depth);
    if (step->duration_ns == 0) {
        begin_event(c, writer, step, GBXI_FRAGMENT(",{\"ph\":\"i\",\"s\":\"t\""));
        begin_place(writer, step->frame);
        write_told(c, writer, step, false);
        return;
    }
    begin_event(c, writer, step, GBXI_FRAGMENT(",{\"ph\":\"E\""));
    if (step->reason == NULL && c->note == c->notes.count) {
        gbxi_json_literal(writer, GBXI_FRAGMENT("}"));
        return;
    }
    gbxi_json_literal(writer, GBXI_FRAGMENT(",\"args\":{"));
    write_told(c, writer, step, true);
}

static gbx_err step_call(chrome *c, gbxi_json_writer *writer)
{
    gbxi_trace_step step;
    gbxi_note note;

    if (!gbxi_trace_walk_next(&c->walk, &step)) {
        c->thread++;
        c->phase = CHROME_THREADS;
        return GBX_ERR_OK;
    }
    switch (step.kind) {
    case GBXI_TRACE_STEP_ENTER:
        write_begin(c, writer, &step);
        break;
    case GBXI_TRACE_STEP_EXIT:
        write_end(c, writer, &step);
        break;
    case GBXI_TRACE_STEP_NOTE:
        gbxi_note_set(&note, &c->walk.record);
        return gbxi_notes_put(&c->notes, step.depth, &note) ? GBX_ERR_OK : GBX_ERR_NO_MEMORY;
    }
    return GBX_ERR_OK;
}

static void step_note(chrome *c, gbxi_json_writer *writer)
{
    gbxi_note_write(&c->notes.at[c->note++].note, writer);
    if (c->note < c->notes.count)
        return;
    gbxi_notes_cut(&c->notes, c->note_first);
    gbxi_json_literal(writer, GBXI_FRAGMENT("}}}"));
    c->phase = CHROME_EVENTS;
}

/* What was said of the trace itself. */
static gbx_err chrome_write_data(chrome *c, gbxi_json_writer *writer)
{
    bool good;

    gbxi_json_key(writer, "displayTimeUnit");
    gbxi_json_string_z(writer, "ns");
    gbxi_json_key(writer, "otherData");
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "exporter");
    gbxi_json_string_z(writer, "glassbox@" GBX_VERSION);
    gbxi_facts_write_identity(writer, c->trace);
    gbxi_told_write_error(writer, c->trace);
    gbxi_told_write_own_error(writer, c->trace);
    good = gbxi_told_write_own_notes(writer, &c->notes, c->trace);
    gbxi_facts_write_completeness(writer, c->trace);
    gbxi_facts_write_threads(writer, c->trace);
    gbxi_json_object_end(writer);
    gbxi_json_object_end(writer);
    c->phase = CHROME_DONE;
    return good ? GBX_ERR_OK : GBX_ERR_NO_MEMORY;
}

static gbx_err chrome_step(void *state, gbxi_json_writer *writer, bool *done)
{
    chrome *c = state;

    switch (c->phase) {
    case CHROME_HEAD:
        chrome_write_head(c, writer);
        break;
    case CHROME_THREADS:
        step_threads(c, writer);
        break;
    case CHROME_EVENTS:
        return step_call(c, writer);
    case CHROME_NOTES:
        step_note(c, writer);
        break;
    case CHROME_DATA:
        return chrome_write_data(c, writer);
    case CHROME_DONE:
        *done = true;
        break;
    }
    return GBX_ERR_OK;
}

const gbxi_export_format gbxi_format_chrome = {.ending = "trace.json",
                                               .state_bytes = sizeof(chrome),
                                               .init = chrome_init,
                                               .step = chrome_step,
                                               .fini = chrome_fini};
