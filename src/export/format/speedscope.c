/* SPDX-License-Identifier: MIT */
/* The file format of speedscope: one evented profile per thread, in integer nanoseconds since the capture's start. */
#include "export/facts.h"
#include "export/format.h"
#include "export/fragment.h"
#include "trace/walk.h"
#include <glassbox/version.h>

#include <string.h>

#define SCHEMA_URL "https://www.speedscope.app/file-format-schema.json"

/* The longest event is ,{"type":"O","frame":4294967295,"at":18446744073709551615}. */
enum { EVENT_BYTES_MAX = GBXI_JSON_NEED_MAX, NS_PER_US = 1000, US_PER_MS = 1000, FRAME_ROOM_BYTES = 512 };

typedef enum phase { PHASE_HEAD, PHASE_FRAMES, PHASE_PROFILE, PHASE_EVENTS, PHASE_DONE } phase;

typedef struct speedscope {
    const gbxi_trace *trace;
    gbxi_trace_walk walk;
    phase phase;
    uint32_t frame;   /* the next frame to write */
    const char *file; /* of the last frame: most have the same */
    size_t file_length;
    size_t thread;   /* the next thread, or the thread whose events are being written */
    size_t profiles; /* profiles written so far */
    bool comma;      /* the next event needs a comma before it */
} speedscope;

static bool speedscope_init(void *state, const gbxi_trace *trace, const gbx_export_options *options)
{
    speedscope *s = state;

    (void)options;
    s->trace = trace;
    return gbxi_trace_walk_init(&s->walk, trace);
}

static void speedscope_fini(void *state)
{
    speedscope *s = state;

    gbxi_trace_walk_fini(&s->walk);
}

static void add_text(gbxi_json_writer *writer, gbxi_json_text *text, const char *piece)
{
    gbxi_json_text_add(writer, text, piece, strlen(piece));
}

static void add_number(gbxi_json_writer *writer, gbxi_json_text *text, uint64_t value)
{
    char digits[GBXI_JSON_DIGITS_MAX];

    gbxi_json_text_add(writer, text, digits, (size_t)(gbxi_json_digits(digits, value) - digits));
}

/* Milliseconds with three decimals. */
static void add_ms(gbxi_json_writer *writer, gbxi_json_text *text, uint64_t ns)
{
    uint64_t us = ns / NS_PER_US;
    char fraction[GBXI_JSON_DIGITS_MAX];

    add_number(writer, text, us / US_PER_MS);
    /* The leading 1 keeps the fraction's zeros; the point takes its place. */
    gbxi_json_digits(fraction, US_PER_MS + us % US_PER_MS);
    fraction[0] = '.';
    gbxi_json_text_add(writer, text, fraction, 4);
}

/* Writes the page's title: the capture's name, its duration, and whether the trace is truncated. */
static void speedscope_write_name(gbxi_json_writer *writer, const gbx_capture_facts *facts)
{
    gbxi_json_text text;

    gbxi_json_text_begin(writer, &text);
    add_text(writer, &text, facts->name);
    add_text(writer, &text, " ");
    add_ms(writer, &text, facts->duration_ns);
    add_text(writer, &text, " ms");
    if (facts->truncated) {
        add_text(writer, &text, " (truncated, ");
        add_number(writer, &text, facts->dropped_spans);
        add_text(writer, &text, " spans dropped)");
    }
    gbxi_json_text_end(writer, &text);
}

static void speedscope_write_head(speedscope *s, gbxi_json_writer *writer)
{
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "$schema");
    gbxi_json_string_z(writer, SCHEMA_URL);
    gbxi_json_key(writer, "name");
    speedscope_write_name(writer, &s->trace->facts);
    gbxi_json_key(writer, "exporter");
    gbxi_json_string_z(writer, "glassbox@" GBX_VERSION);
    gbxi_json_key(writer, "activeProfileIndex");
    gbxi_json_uint(writer, 0);
    gbxi_json_key(writer, "shared");
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "frames");
    gbxi_json_array_begin(writer);
    s->phase = PHASE_FRAMES;
}

static void write_frame(speedscope *s, gbxi_json_writer *writer, const gbxi_frame *frame)
{
    static const char begin[] = ",{\"name\":";
    size_t skipped = frame->index > 0 ? 0 : 1;

    gbxi_json_literal(writer, begin + skipped, sizeof(begin) - 1 - skipped);
    gbxi_json_quote(writer, frame->name, frame->name_length);
    gbxi_json_literal(writer, GBXI_FRAGMENT(",\"file\":"));
    if (frame->file != s->file) {
        s->file = frame->file;
        s->file_length = strlen(frame->file);
    }
    gbxi_json_quote(writer, frame->file, s->file_length);
    gbxi_write_uint(writer, GBXI_FRAGMENT(",\"line\":"), frame->line);
    gbxi_json_literal(writer, GBXI_FRAGMENT("}"));
}

/* Writes as many frames as fit into a part of the room, or one. */
static void step_frames(speedscope *s, gbxi_json_writer *writer)
{
    const gbxi_frames *frames = &s->trace->frames;

    for (; s->frame < frames->count; s->frame++) {
        if (frames->at[s->frame].calls == 0)
            continue;
        write_frame(s, writer, &frames->at[s->frame]);
        if (writer->end - writer->at < FRAME_ROOM_BYTES) {
            ++s->frame;
            return;
        }
    }
    gbxi_json_array_end(writer);
    gbxi_json_object_end(writer);
    gbxi_json_key(writer, "profiles");
    gbxi_json_array_begin(writer);
    s->phase = PHASE_PROFILE;
}

/* Writes a name such as "POST /import: main thread 1234, 87 % busy, 1.204 ms CPU": the app's lists show the beginning
 * of names. `lane` is NULL if no thread entered the capture. */
static void write_profile_name(gbxi_json_writer *writer, const gbxi_trace *trace, const gbx_lane_facts *lane)
{
    uint64_t duration_ns = trace->facts.duration_ns;
    gbxi_json_text text;

    gbxi_json_text_begin(writer, &text);
    add_text(writer, &text, trace->facts.name);
    add_text(writer, &text, ": ");
    if (lane == NULL) {
        add_text(writer, &text, "no thread");
    } else {
        uint64_t busy_ns = lane->busy_ns < duration_ns ? lane->busy_ns : duration_ns;
        add_text(writer, &text, lane->thread_name);
        add_text(writer, &text, lane->thread_name[0] != '\0' ? " thread " : "thread ");
        add_number(writer, &text, lane->thread_id);
        add_text(writer, &text, ", ");
        add_number(writer, &text, (uint64_t)(gbxi_facts_percentage((double)busy_ns, (double)duration_ns) + 0.5));
        add_text(writer, &text, " % busy, ");
        add_ms(writer, &text, lane->cpu_ns);
        add_text(writer, &text, " ms CPU");
    }
    if (trace->facts.truncated)
        add_text(writer, &text, ", truncated");
    gbxi_json_text_end(writer, &text);
}

static void begin_profile(speedscope *s, gbxi_json_writer *writer, const gbx_lane_facts *lane)
{
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "type");
    gbxi_json_string_z(writer, "evented");
    gbxi_json_key(writer, "name");
    write_profile_name(writer, s->trace, lane);
    gbxi_json_key(writer, "unit");
    gbxi_json_string_z(writer, "nanoseconds");
    gbxi_json_key(writer, "startValue");
    gbxi_json_uint(writer, 0);
    gbxi_json_key(writer, "endValue");
    gbxi_json_uint(writer, s->trace->facts.duration_ns);
    gbxi_json_key(writer, "events");
    gbxi_json_array_begin(writer);
    ++s->profiles;
}

static void end_profile(gbxi_json_writer *writer)
{
    gbxi_json_array_end(writer);
    gbxi_json_object_end(writer);
}

/* Threads without calls are omitted unless all threads have none, because speedscope cannot open a file without
 * profiles.
 */
static void step_profile(speedscope *s, gbxi_json_writer *writer)
{
    const gbxi_trace *trace = s->trace;

    while (s->thread < trace->facts.lane_count && trace->threads[s->thread].call_count == 0 && trace->call_count > 0)
        ++s->thread;
    if (s->thread < trace->facts.lane_count) {
        begin_profile(s, writer, &trace->threads[s->thread].facts);
        gbxi_trace_walk_thread(&s->walk, s->thread);
        s->comma = false;
        s->phase = PHASE_EVENTS;
        return;
    }
    if (s->profiles == 0) {
        begin_profile(s, writer, NULL);
        end_profile(writer);
    }
    gbxi_json_array_end(writer);
    gbxi_json_object_end(writer);
    s->phase = PHASE_DONE;
}

static void write_event(speedscope *s, gbxi_json_writer *writer, const gbxi_trace_step *speedscope_step)
{
    enum { TYPE_AT = sizeof("{\"type\":\"") - 1 };
    char *at = gbxi_json_reserve(writer, EVENT_BYTES_MAX), *event;

    if (at == NULL)
        return;
    if (s->comma)
        *at++ = ',';
    s->comma = true;
    event = at;
    at = gbxi_put_uint(at, GBXI_FRAGMENT("{\"type\":\"O\",\"frame\":"), speedscope_step->frame->index);
    event[TYPE_AT] = speedscope_step->kind == GBXI_TRACE_STEP_ENTER ? 'O' : 'C';
    at = gbxi_put_uint(at, GBXI_FRAGMENT(",\"at\":"), speedscope_step->at_ns);
    *at++ = '}';
    gbxi_json_commit(writer, at);
}

/* Writes as many events as fit without calling the sink. */
static void step_events(speedscope *s, gbxi_json_writer *writer)
{
    gbxi_trace_step speedscope_step;

    do {
        if (!gbxi_trace_walk_next_call(&s->walk, &speedscope_step)) {
            end_profile(writer);
            ++s->thread;
            s->phase = PHASE_PROFILE;
            return;
        }
        write_event(s, writer, &speedscope_step);
    } while (writer->end - writer->at >= EVENT_BYTES_MAX);
}

static gbx_err speedscope_step(void *state, gbxi_json_writer *writer, bool *done)
{
    speedscope *s = state;

    switch (s->phase) {
    case PHASE_HEAD:
        speedscope_write_head(s, writer);
        break;
    case PHASE_FRAMES:
        step_frames(s, writer);
        break;
    case PHASE_PROFILE:
        step_profile(s, writer);
        break;
    case PHASE_EVENTS:
        step_events(s, writer);
        break;
    case PHASE_DONE:
        *done = true;
        break;
    }
    return GBX_ERR_OK;
}

const gbxi_export_format gbxi_format_speedscope = {
    .state_bytes = sizeof(speedscope), .init = speedscope_init, .step = speedscope_step, .fini = speedscope_fini};
