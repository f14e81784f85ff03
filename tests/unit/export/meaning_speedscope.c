/* SPDX-License-Identifier: MIT */
/* Checks the speedscope document: the rules of its file format, and its numbers against those computed from its
 * events. */
#include "meaning_model.h"

#include <stdlib.h>
#include <string.h>

static bool read_frames(model *m)
{
    gbxi_json_value frames = gbxi_json_member(gbxi_json_member(m->speedscope, "shared"), "frames");
    gbxi_json_iterator each = gbxi_json_each(frames);

    REQUIRE(gbxi_json_typeof(frames) == GBXI_JSON_ARRAY);
    m->frames = calloc(gbxi_json_count(frames) + 1, sizeof(*m->frames));
    REQUIRE(m->frames != NULL);
    while (gbxi_json_next(&each)) {
        model_frame *frame = &m->frames[m->frame_count++];
        frame->name = model_string(each.value, "name");
        frame->file = model_string(each.value, "file");
        frame->line = model_uint(each.value, "line");
        frame->min_ns = UINT64_MAX;
        REQUIRE(gbxi_json_typeof(gbxi_json_member(each.value, "name")) == GBXI_JSON_STRING);
        REQUIRE(gbxi_json_typeof(gbxi_json_member(each.value, "file")) == GBXI_JSON_STRING);
        REQUIRE(frame->line <= UINT32_MAX);
        REQUIRE(gbxi_json_count(each.value) == 3);
    }
    return true;
}

static bool is_caption_of(const model_frame *caption, const model_frame *function)
{
    return caption->line == function->line && model_same(caption->file, function->file) &&
           (model_begins(caption->name, function->name, " failed: ") ||
            model_begins(caption->name, function->name, " {"));
}

static bool is_caption_of_any(const model *m, const model_frame *caption)
{
    for (size_t i = 0; i < m->frame_count; ++i)
        if (is_caption_of(caption, &m->frames[i]))
            return true;
    return false;
}

/* Captions follow the frames of the functions, of which the full document says how many there are. Each has the file
 * and the line of a function, and its name begins with that of the function. */
static bool read_captions(model *m)
{
    size_t all = m->frame_count;

    m->frame_count = model_uint(gbxi_json_member(m->full, "metadata"), "method_count");
    REQUIRE(m->frame_count <= all);
    m->caption_count = all - m->frame_count;
    m->captions = calloc(m->caption_count + 1, sizeof(*m->captions));
    REQUIRE(m->captions != NULL);
    for (size_t i = m->frame_count; i < all; ++i)
        REQUIRE(is_caption_of_any(m, &m->frames[i]));
    return true;
}

typedef struct open_call {
    size_t frame;
    uint64_t start_ns;
    uint64_t children_ns;
} open_call;

static void close_call(model *m, open_call *stack, size_t depth, uint64_t at_ns)
{
    model_frame *frame = &m->frames[stack[depth].frame];
    uint64_t duration_ns = at_ns - stack[depth].start_ns;

    ++frame->calls;
    frame->sum_ns += duration_ns;
    frame->self_ns += duration_ns - stack[depth].children_ns;
    frame->total_ns += --frame->open == 0 ? duration_ns : 0;
    frame->min_ns = duration_ns < frame->min_ns ? duration_ns : frame->min_ns;
    frame->max_ns = duration_ns > frame->max_ns ? duration_ns : frame->max_ns;
    if (depth > 0)
        stack[depth - 1].children_ns += duration_ns;
    else
        m->roots[m->root_count++] = (model_span){stack[depth].start_ns, at_ns};
}

static bool read_event(model *m, gbxi_json_value value, model_event *event)
{
    gbxi_json_string type = model_string(value, "type");

    event->enter = model_is(type, "O");
    event->frame = model_uint(value, "frame");
    event->at_ns = model_uint(value, "at");
    event->profile = m->profile_count;
    event->caption = NULL;
    REQUIRE(event->enter || model_is(type, "C"));
    REQUIRE(event->frame < m->frame_count + m->caption_count);
    REQUIRE(event->at_ns <= m->duration_ns);
    REQUIRE(gbxi_json_count(value) == 3);
    return true;
}

/* A caption opens right before its call, which takes its place among the events, at the same time. */
static bool read_caption_open(model *m, gbxi_json_iterator *each, model_event *event)
{
    const model_frame *frame = &m->frames[event->frame];
    model_caption *caption = &m->captions[event->frame - m->frame_count];
    uint64_t at_ns = event->at_ns;

    REQUIRE(gbxi_json_next(each));
    if (!read_event(m, each->value, event))
        return false;
    REQUIRE(event->enter && event->frame < m->frame_count && event->at_ns == at_ns);
    REQUIRE(is_caption_of(frame, &m->frames[event->frame]));
    caption->tells_failure = model_begins(frame->name, m->frames[event->frame].name, " failed: ");
    caption->is_cut = frame->name.length >= MODEL_CAPTION_BYTES;
    caption->ends_as_notes = frame->name.length > 0 && frame->name.at[frame->name.length - 1] == '}';
    event->caption = caption;
    return true;
}

/* It closes right after its call, at the same time. */
static bool read_caption_close(model *m, gbxi_json_iterator *each, model_event *event, const model_caption *caption)
{
    model_event close;

    event->caption = caption;
    REQUIRE(gbxi_json_next(each));
    if (!read_event(m, each->value, &close))
        return false;
    REQUIRE(!close.enter && close.frame == m->frame_count + (size_t)(caption - m->captions));
    REQUIRE(close.at_ns == event->at_ns);
    return true;
}

/* Closes match the innermost open call, everything closes, times never decrease. */
static bool read_events(model *m, gbxi_json_value events)
{
    static open_call stack[MODEL_DEPTH_MAX];
    static const model_caption *captions[MODEL_DEPTH_MAX];
    gbxi_json_iterator each = gbxi_json_each(events);
    uint64_t last_ns = 0;
    size_t depth = 0;

    while (gbxi_json_next(&each)) {
        model_event *event = &m->events[m->event_count++];
        if (!read_event(m, each.value, event))
            return false;
        REQUIRE(event->at_ns >= last_ns);
        last_ns = event->at_ns;
        if (event->frame >= m->frame_count && !read_caption_open(m, &each, event))
            return false;
        if (event->enter) {
            REQUIRE(depth < MODEL_DEPTH_MAX);
            captions[depth] = event->caption;
            stack[depth++] = (open_call){event->frame, event->at_ns, 0};
            ++m->frames[event->frame].open;
            m->depth = depth > m->depth ? depth : m->depth;
        } else {
            REQUIRE(depth > 0 && stack[depth - 1].frame == event->frame);
            close_call(m, stack, --depth, event->at_ns);
            if (captions[depth] != NULL && !read_caption_close(m, &each, event, captions[depth]))
                return false;
        }
    }
    REQUIRE(depth == 0);
    return true;
}

static size_t count_events(gbxi_json_value profiles)
{
    gbxi_json_iterator each = gbxi_json_each(profiles);
    size_t count = 0;

    while (gbxi_json_next(&each))
        count += gbxi_json_count(gbxi_json_member(each.value, "events"));
    return count;
}

static bool read_profiles(model *m)
{
    gbxi_json_value profiles = gbxi_json_member(m->speedscope, "profiles");
    gbxi_json_iterator each = gbxi_json_each(profiles);
    size_t events = count_events(profiles);

    m->events = calloc(events + 1, sizeof(*m->events));
    m->roots = calloc(events + 1, sizeof(*m->roots));
    REQUIRE(m->events != NULL && m->roots != NULL);
    while (gbxi_json_next(&each)) {
        REQUIRE(model_is(model_string(each.value, "type"), "evented"));
        REQUIRE(model_is(model_string(each.value, "unit"), "nanoseconds"));
        REQUIRE(model_string(each.value, "name").length > 0);
        REQUIRE(model_uint(each.value, "startValue") == 0);
        if (m->profile_count == 0)
            m->duration_ns = model_uint(each.value, "endValue");
        REQUIRE(model_uint(each.value, "endValue") == m->duration_ns);
        REQUIRE(events == 0 || gbxi_json_count(gbxi_json_member(each.value, "events")) > 0);
        if (!read_events(m, gbxi_json_member(each.value, "events")))
            return false;
        ++m->profile_count;
    }
    REQUIRE(m->profile_count > 0);
    return true;
}

bool meaning_read_speedscope(model *m)
{
    uint64_t roots_ns = 0;

    REQUIRE(model_is(model_string(m->speedscope, "$schema"), "https://www.speedscope.app/file-format-schema.json"));
    REQUIRE(model_string(m->speedscope, "name").length > 0);
    REQUIRE(memcmp(model_string(m->speedscope, "exporter").at, "glassbox@", 9) == 0);
    REQUIRE(model_uint(m->speedscope, "activeProfileIndex") == 0);
    if (!read_frames(m) || !read_captions(m) || !read_profiles(m))
        return false;
    for (size_t i = 0; i < m->frame_count; ++i) {
        REQUIRE(m->frames[i].calls > 0);
        m->self_ns += m->frames[i].self_ns;
    }
    for (size_t i = 0; i < m->root_count; ++i)
        roots_ns += m->roots[i].end_ns - m->roots[i].start_ns;
    REQUIRE(m->self_ns == roots_ns);
    return true;
}
