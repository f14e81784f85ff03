/* SPDX-License-Identifier: MIT */
/* The file format of speedscope: one evented profile per thread, in integer nanoseconds since the capture's start. */
#include "export/captions.h"
#include "export/facts.h"
#include "export/format.h"
#include "export/fragment.h"
#include "export/remark.h"
#include "trace/walk.h"
#include <glassbox/version.h>

#include <string.h>

#define SCHEMA_URL "https://www.speedscope.app/file-format-schema.json"

/* The longest event is ,{"type":"O","frame":4294967295,"at":18446744073709551615}. */
enum { EVENT_BYTES_MAX = GBXI_JSON_NEED_MAX, NS_PER_US = 1000, US_PER_MS = 1000, FRAME_ROOM_BYTES = 512 };

/* speedscope has one line for the name of a profile. */
enum { PROFILE_REMARK_BYTES = 80 };

typedef enum speedscope_phase {
    SPEEDSCOPE_HEAD,
    SPEEDSCOPE_FRAMES,
    SPEEDSCOPE_PROFILE,
    SPEEDSCOPE_EVENTS,
    SPEEDSCOPE_DONE
} speedscope_phase;

/* The caption around an open call. */
typedef struct open_caption {
    uint32_t depth; /* of the call */
    uint32_t caption;
} open_caption;

typedef struct speedscope {
    const gbxi_trace *trace;
    gbxi_trace_walk walk;
    speedscope_phase phase;
    uint32_t frame;   /* the next frame to write */
    const char *file; /* of the last frame: most have the same */
    size_t file_length;
    size_t thread;   /* the next thread, or the thread whose events are being written */
    size_t profiles; /* profiles written so far */
    bool comma;      /* the next event needs a comma before it */
    gbxi_captions captions;
    uint32_t caption;                     /* the next caption to write as a frame */
    const gbxi_captioned_call *captioned; /* the next call with a caption */
    uint32_t caption_depth;               /* of the call with the innermost open caption; UINT32_MAX: none is open */
    uint32_t open_count;                  /* captions that are open */
    open_caption open[GBXI_CAPTIONS_MAX]; /* the innermost last */
} speedscope;

static bool speedscope_init(void *state, const gbxi_trace *trace, const gbx_export_options *options)
{
    speedscope *s = state;

    (void)options;
    s->trace = trace;
    if (!gbxi_trace_walk_init(&s->walk, trace) || !gbxi_captions_init(&s->captions, trace))
        return false;
    s->captioned = s->captions.calls;
    s->caption_depth = UINT32_MAX;
    return true;
}

static void speedscope_fini(void *state)
{
    speedscope *s = state;

    gbxi_captions_fini(&s->captions);
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

static void remark_on_failure(gbxi_remark *remark, const char *reason, size_t length)
{
    gbxi_remark_add(remark, ",", 1);
    gbxi_remark_add_failure(remark, reason, length);
}

/* What was said of the trace itself: its first failure, the first one outside of spans, and its own notes. */
static void add_own_remark(gbxi_json_writer *writer, gbxi_json_text *text, const gbxi_trace *trace, size_t bytes_max)
{
    const gbxi_mark *own = gbxi_marks_of(&trace->own, 0);
    gbxi_remark remark;

    if (!trace->failed && trace->own.note_count == 0)
        return;
    gbxi_remark_begin(&remark, bytes_max);
    if (trace->failed)
        remark_on_failure(&remark, trace->failure.reason, trace->failure.reason_length);
    if (own != NULL && own->reason != NULL && trace->failure.span != NULL)
        remark_on_failure(&remark, own->reason, own->reason_length);
    gbxi_remark_add_notes(&remark, trace->own.notes, trace->own.note_count);
    gbxi_json_text_add(writer, text, remark.text, remark.length);
}

/* Writes the page's title: the capture's name, its duration, whether the trace is truncated, and what was said of it.
 */
static void speedscope_write_name(gbxi_json_writer *writer, const gbxi_trace *trace)
{
    const gbx_capture_facts *facts = &trace->facts;
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
    add_own_remark(writer, &text, trace, GBXI_REMARK_BYTES_MAX);
    gbxi_json_text_end(writer, &text);
}

static void speedscope_write_head(speedscope *s, gbxi_json_writer *writer)
{
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "$schema");
    gbxi_json_string_z(writer, SCHEMA_URL);
    gbxi_json_key(writer, "name");
    speedscope_write_name(writer, s->trace);
    gbxi_json_key(writer, "exporter");
    gbxi_json_string_z(writer, "glassbox@" GBX_VERSION);
    gbxi_json_key(writer, "activeProfileIndex");
    gbxi_json_uint(writer, 0);
    gbxi_json_key(writer, "shared");
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "frames");
    gbxi_json_array_begin(writer);
    s->phase = SPEEDSCOPE_FRAMES;
}

/* Writes a frame, or a caption of it, under the given name. */
GBXI_INLINE void write_frame(speedscope *s, gbxi_json_writer *writer, const gbxi_frame *frame, const char *name,
                             size_t length, bool first)
{
    static const char begin[] = ",{\"name\":";
    size_t skipped = first ? 1 : 0;

    gbxi_json_literal(writer, begin + skipped, sizeof(begin) - 1 - skipped);
    gbxi_json_quote(writer, name, length);
    gbxi_json_literal(writer, GBXI_FRAGMENT(",\"file\":"));
    if (frame->file != s->file) {
        s->file = frame->file;
        s->file_length = strlen(frame->file);
    }
    gbxi_json_quote(writer, frame->file, s->file_length);
    gbxi_write_uint(writer, GBXI_FRAGMENT(",\"line\":"), frame->line);
    gbxi_json_literal(writer, GBXI_FRAGMENT("}"));
}

__attribute__((noinline)) static void write_next_caption(speedscope *s, gbxi_json_writer *writer)
{
    const gbxi_caption *caption = &s->captions.at[s->caption++];

    write_frame(s, writer, caption->frame, s->captions.bytes + caption->from, caption->length, false);
}

/* Writes as many frames as fit into a part of the room, or one. */
static void step_frames(speedscope *s, gbxi_json_writer *writer)
{
    const gbxi_frames *frames = &s->trace->frames;

    for (; s->frame < frames->count; s->frame++) {
        const gbxi_frame *frame = &frames->at[s->frame];
        if (frame->calls == 0)
            continue;
        write_frame(s, writer, frame, frame->name, frame->name_length, frame->index == 0);
        if (writer->end - writer->at < FRAME_ROOM_BYTES) {
            ++s->frame;
            return;
        }
    }
    while (s->caption < s->captions.count) {
        write_next_caption(s, writer);
        if (writer->end - writer->at < FRAME_ROOM_BYTES)
            return;
    }
    gbxi_json_array_end(writer);
    gbxi_json_object_end(writer);
    gbxi_json_key(writer, "profiles");
    gbxi_json_array_begin(writer);
    s->phase = SPEEDSCOPE_PROFILE;
}

/* Writes a name such as "POST /import: main thread 1234, 87 % inside, 1.204 ms CPU": the app's lists show the beginning
 * of names. `lane` is NULL if no thread entered the capture. The first profile's name, which the app shows above the
 * chart, also has what was said of the trace. */
static void write_profile_name(gbxi_json_writer *writer, const gbxi_trace *trace, const gbx_lane_facts *lane,
                               bool first)
{
    uint64_t duration_ns = trace->facts.duration_ns;
    gbxi_json_text text;

    gbxi_json_text_begin(writer, &text);
    add_text(writer, &text, trace->facts.name);
    add_text(writer, &text, ": ");
    if (lane == NULL) {
        add_text(writer, &text, "no thread");
    } else {
        uint64_t inside_ns = lane->inside_ns < duration_ns ? lane->inside_ns : duration_ns;
        add_text(writer, &text, lane->thread_name);
        add_text(writer, &text, lane->thread_name[0] != '\0' ? " thread " : "thread ");
        add_number(writer, &text, lane->thread_id);
        add_text(writer, &text, ", ");
        add_number(writer, &text, (uint64_t)(gbxi_facts_percentage((double)inside_ns, (double)duration_ns) + 0.5));
        add_text(writer, &text, " % inside, ");
        add_ms(writer, &text, lane->cpu_ns);
        add_text(writer, &text, " ms CPU");
    }
    if (trace->facts.truncated)
        add_text(writer, &text, ", truncated");
    if (first)
        add_own_remark(writer, &text, trace, PROFILE_REMARK_BYTES);
    gbxi_json_text_end(writer, &text);
}

static void begin_profile(speedscope *s, gbxi_json_writer *writer, const gbx_lane_facts *lane)
{
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "type");
    gbxi_json_string_z(writer, "evented");
    gbxi_json_key(writer, "name");
    write_profile_name(writer, s->trace, lane, s->profiles == 0);
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
        s->phase = SPEEDSCOPE_EVENTS;
        return;
    }
    if (s->profiles == 0) {
        begin_profile(s, writer, NULL);
        end_profile(writer);
    }
    gbxi_json_array_end(writer);
    gbxi_json_object_end(writer);
    s->phase = SPEEDSCOPE_DONE;
}

GBXI_INLINE void write_event(speedscope *s, gbxi_json_writer *writer, char type, uint32_t frame, uint64_t at_ns)
{
    enum { TYPE_AT = sizeof("{\"type\":\"") - 1 };
    char *at = gbxi_json_reserve(writer, EVENT_BYTES_MAX), *event;

    if (at == NULL)
        return;
    if (s->comma)
        *at++ = ',';
    s->comma = true;
    event = at;
    at = gbxi_put_uint(at, GBXI_FRAGMENT("{\"type\":\"O\",\"frame\":"), frame);
    event[TYPE_AT] = type;
    at = gbxi_put_uint(at, GBXI_FRAGMENT(",\"at\":"), at_ns);
    *at++ = '}';
    gbxi_json_commit(writer, at);
}

/* Before the call that is entered. */
__attribute__((noinline)) static void open_next_caption(speedscope *s, gbxi_json_writer *writer,
                                                        const gbxi_trace_step *speedscope_step)
{
    uint32_t caption = s->captioned++->caption;

    s->caption_depth = speedscope_step->depth;
    s->open[s->open_count++] = (open_caption){speedscope_step->depth, caption};
    write_event(s, writer, 'O', s->trace->frame_count + caption, speedscope_step->at_ns);
}

/* After the call that was left. */
__attribute__((noinline)) static void close_caption(speedscope *s, gbxi_json_writer *writer, uint64_t at_ns)
{
    uint32_t caption = s->open[--s->open_count].caption;

    s->caption_depth = s->open_count > 0 ? s->open[s->open_count - 1].depth : UINT32_MAX;
    write_event(s, writer, 'C', s->trace->frame_count + caption, at_ns);
}

/* Always inline, as it is called once. */
GBXI_INLINE void write_call_event(speedscope *s, gbxi_json_writer *writer, const gbxi_trace_step *speedscope_step)
{
    bool enter = speedscope_step->kind == GBXI_TRACE_STEP_ENTER;

    if (enter && s->walk.recorded - 1 == s->captioned->recorded)
        open_next_caption(s, writer, speedscope_step);
    write_event(s, writer, enter ? 'O' : 'C', speedscope_step->frame->index, speedscope_step->at_ns);
    if (!enter && s->caption_depth == speedscope_step->depth)
        close_caption(s, writer, speedscope_step->at_ns);
}

/* Writes as many events as fit without calling the sink. */
static void step_events(speedscope *s, gbxi_json_writer *writer)
{
    gbxi_trace_step speedscope_step;

    do {
        if (!gbxi_trace_walk_next_call(&s->walk, &speedscope_step)) {
            end_profile(writer);
            ++s->thread;
            s->phase = SPEEDSCOPE_PROFILE;
            return;
        }
        write_call_event(s, writer, &speedscope_step);
    } while (writer->end - writer->at >= EVENT_BYTES_MAX);
}

static gbx_err speedscope_step(void *state, gbxi_json_writer *writer, bool *done)
{
    speedscope *s = state;

    switch (s->phase) {
    case SPEEDSCOPE_HEAD:
        speedscope_write_head(s, writer);
        break;
    case SPEEDSCOPE_FRAMES:
        step_frames(s, writer);
        break;
    case SPEEDSCOPE_PROFILE:
        step_profile(s, writer);
        break;
    case SPEEDSCOPE_EVENTS:
        step_events(s, writer);
        break;
    case SPEEDSCOPE_DONE:
        *done = true;
        break;
    }
    return GBX_ERR_OK;
}

const gbxi_export_format gbxi_format_speedscope = {.ending = "speedscope.json",
                                                   .noted_max = GBXI_CAPTIONS_NOTED_MAX,
                                                   .failed_max = GBXI_CAPTIONS_FAILED_MAX,
                                                   .state_bytes = sizeof(speedscope),
                                                   .init = speedscope_init,
                                                   .step = speedscope_step,
                                                   .fini = speedscope_fini};
