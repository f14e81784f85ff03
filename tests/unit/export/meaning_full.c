/* SPDX-License-Identifier: MIT */
/* Checks the full document by itself and against the speedscope document. */
#include "meaning_model.h"

#include <stdlib.h>

static bool check_metadata(const model *m, gbxi_json_value metadata)
{
    REQUIRE(model_uint(metadata, "total_duration_ns") == m->duration_ns);
    REQUIRE(model_ms(metadata, "total_duration_ms") == m->duration_ns);
    REQUIRE(model_uint(metadata, "entry_count") == m->event_count);
    REQUIRE(model_uint(metadata, "method_count") == m->frame_count);
    REQUIRE(model_uint(metadata, "end_time_ns") - model_uint(metadata, "start_time_ns") == m->duration_ns);
    REQUIRE(model_string(metadata, "trace_id").length == 32);
    REQUIRE(model_uint(metadata, "max_depth") == m->depth);
    return true;
}

static bool check_notes(gbxi_json_value notes)
{
    gbxi_json_iterator outer = gbxi_json_each(notes);

    REQUIRE(gbxi_json_typeof(notes) == GBXI_JSON_OBJECT && gbxi_json_count(notes) > 0);
    while (gbxi_json_next(&outer)) {
        gbxi_json_iterator inner = gbxi_json_each(notes);
        size_t same = 0;
        while (gbxi_json_next(&inner))
            same += model_same(outer.key, inner.key);
        REQUIRE(same == 1);
    }
    return true;
}

static bool is_text(gbxi_json_value value)
{
    return gbxi_json_typeof(value) == GBXI_JSON_STRING;
}

/* Entries are the speedscope events, one for one. */
/* A caption tells what the exit of its call does. */
static bool check_caption(const model_caption *caption, gbxi_json_value leaving)
{
    bool has_notes = gbxi_json_count(gbxi_json_member(leaving, "notes")) > 0;

    REQUIRE(caption->tells_failure == is_text(gbxi_json_member(leaving, "error")));
    REQUIRE(caption->tells_failure || has_notes);
    REQUIRE(!has_notes || caption->is_cut || caption->ends_as_notes);
    return true;
}

static bool check_entries(const model *m, gbxi_json_value metadata)
{
    gbxi_json_iterator each = gbxi_json_each(gbxi_json_member(m->full, "entries"));
    uint64_t start_ns = model_uint(metadata, "start_time_ns");
    uint64_t wall_ns = 0;
    uint64_t depth = 0;

    while (gbxi_json_next(&each)) {
        const model_event *event = &m->events[each.index < m->event_count ? each.index : 0];
        gbxi_json_value notes = gbxi_json_member(each.value, "notes");
        REQUIRE(each.index < m->event_count);
        REQUIRE(model_is(model_string(each.value, "event"), event->enter ? "enter" : "exit"));
        REQUIRE(model_same(model_string(each.value, "name"), m->frames[event->frame].name));
        REQUIRE(model_uint(each.value, "timestamp_ns") == start_ns + event->at_ns);
        depth -= !event->enter;
        REQUIRE(model_uint(each.value, "depth") == depth);
        depth += event->enter;
        if (each.index == 0)
            wall_ns = model_uint(each.value, "clock_ns") - event->at_ns;
        REQUIRE(model_uint(each.value, "clock_ns") == wall_ns + event->at_ns);
        if (!event->enter && event->caption != NULL && !check_caption(event->caption, each.value))
            return false;
        if (gbxi_json_typeof(notes) != GBXI_JSON_ABSENT) {
            REQUIRE(!event->enter);
            if (!check_notes(notes))
                return false;
        }
    }
    REQUIRE(gbxi_json_count(gbxi_json_member(m->full, "entries")) == m->event_count);
    return true;
}

/* By total time, and on a tie in the order of the frames. */
static int by_total(const void *left, const void *right)
{
    const model_frame *a = *(const model_frame *const *)left;
    const model_frame *b = *(const model_frame *const *)right;

    if (a->total_ns != b->total_ns)
        return a->total_ns > b->total_ns ? -1 : 1;
    return (a > b) - (a < b);
}

static bool check_timing(const model_frame *frame, gbxi_json_value timing)
{
    REQUIRE(model_same(model_string(timing, "name"), frame->name));
    REQUIRE(model_same(model_string(timing, "file"), frame->file));
    REQUIRE(model_uint(timing, "line") == frame->line);
    REQUIRE(model_uint(timing, "call_count") == frame->calls);
    REQUIRE(model_uint(timing, "total_ns") == frame->total_ns);
    REQUIRE(model_ms(timing, "total_ms") == frame->total_ns);
    REQUIRE(model_uint(timing, "self_ns") == frame->self_ns);
    REQUIRE(model_ms(timing, "self_ms") == frame->self_ns);
    REQUIRE(model_ms(timing, "avg_ms") == (frame->sum_ns + frame->calls / 2) / frame->calls);
    REQUIRE(model_uint(timing, "min_ns") == frame->min_ns);
    REQUIRE(model_uint(timing, "max_ns") == frame->max_ns);
    return true;
}

static bool check_timings(const model *m)
{
    gbxi_json_value timings = gbxi_json_member(m->full, "method_timings");
    gbxi_json_iterator each = gbxi_json_each(timings);
    const model_frame **frames;
    bool good = true;

    REQUIRE(gbxi_json_count(timings) == m->frame_count);
    frames = calloc(m->frame_count + 1, sizeof(*frames));
    REQUIRE(frames != NULL);
    for (size_t i = 0; i < m->frame_count; i++)
        frames[i] = &m->frames[i];
    qsort(frames, m->frame_count, sizeof(*frames), by_total);
    while (good && gbxi_json_next(&each))
        good = check_timing(frames[each.index], each.value);
    free(frames);
    return good;
}

bool meaning_check_full(model *m)
{
    gbxi_json_value metadata = gbxi_json_member(m->full, "metadata");

    REQUIRE(model_is(model_string(m->full, "response_type"), "full"));
    return check_metadata(m, metadata) && check_entries(m, metadata) && check_timings(m) &&
           meaning_check_call_tree(m, model_uint(metadata, "start_time_ns"));
}
