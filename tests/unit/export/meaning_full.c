/* SPDX-License-Identifier: MIT */
/* Checks the full document by itself and against the speedscope document. */
#include "meaning_model.h"

static bool check_metadata(const model *m, gbxi_json_value metadata)
{
    REQUIRE(model_uint(metadata, "total_duration_ns") == m->duration_ns);
    REQUIRE(model_ms(metadata, "total_duration_ms") == m->duration_ns);
    REQUIRE(model_uint(metadata, "entry_count") == m->event_count);
    REQUIRE(model_uint(metadata, "method_count") == m->frame_count);
    REQUIRE(model_uint(metadata, "end_time_ns") - model_uint(metadata, "start_time_ns") == m->duration_ns);
    REQUIRE(model_string(metadata, "trace_id").length == 32);
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

/* Entries are the speedscope events, one for one. */
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
        if (gbxi_json_typeof(notes) != GBXI_JSON_ABSENT) {
            REQUIRE(!event->enter);
            if (!check_notes(notes))
                return false;
        }
    }
    REQUIRE(gbxi_json_count(gbxi_json_member(m->full, "entries")) == m->event_count);
    return true;
}

static bool check_timings(const model *m)
{
    gbxi_json_iterator each = gbxi_json_each(gbxi_json_member(m->full, "method_timings"));

    REQUIRE(gbxi_json_count(gbxi_json_member(m->full, "method_timings")) == m->frame_count);
    while (gbxi_json_next(&each)) {
        const model_frame *frame = &m->frames[each.index];
        REQUIRE(model_same(model_string(each.value, "name"), frame->name));
        REQUIRE(model_same(model_string(each.value, "file"), frame->file));
        REQUIRE(model_uint(each.value, "line") == frame->line);
        REQUIRE(model_uint(each.value, "call_count") == frame->calls);
        REQUIRE(model_uint(each.value, "total_ns") == frame->total_ns);
        REQUIRE(model_ms(each.value, "total_ms") == frame->total_ns);
        REQUIRE(model_uint(each.value, "self_ns") == frame->self_ns);
        REQUIRE(model_ms(each.value, "self_ms") == frame->self_ns);
        REQUIRE(model_ms(each.value, "avg_ms") == (frame->sum_ns + frame->calls / 2) / frame->calls);
        REQUIRE(model_uint(each.value, "min_ns") == frame->min_ns);
        REQUIRE(model_uint(each.value, "max_ns") == frame->max_ns);
    }
    return true;
}

/* A walk over the tree that goes along the events. */
typedef struct tree_walk {
    const model *m;
    size_t event;        /* the next one */
    uint64_t call_index; /* of the next node */
    uint64_t self_ns;
    gbxi_json_iterator levels[MODEL_DEPTH_MAX];
    gbxi_json_value nodes[MODEL_DEPTH_MAX];
    uint64_t children_ns[MODEL_DEPTH_MAX];
} tree_walk;

static bool begin_node(tree_walk *w, size_t depth)
{
    gbxi_json_value node = w->nodes[depth];
    const model_event *event = &w->m->events[w->event];

    REQUIRE(w->event < w->m->event_count && event->enter);
    REQUIRE(model_same(model_string(node, "name"), w->m->frames[event->frame].name));
    REQUIRE(model_uint(node, "start_ns") == event->at_ns);
    REQUIRE(model_uint(node, "depth") == depth);
    REQUIRE(model_uint(node, "call_index") == w->call_index++);
    REQUIRE(model_uint(node, "thread_id") <= UINT32_MAX);
    ++w->event;
    return true;
}

static bool end_node(tree_walk *w, size_t depth)
{
    gbxi_json_value node = w->nodes[depth];
    const model_event *event = &w->m->events[w->event];
    uint64_t duration_ns = model_uint(node, "duration_ns");
    uint64_t self_ns = model_uint(node, "self_ns");

    REQUIRE(w->event < w->m->event_count && !event->enter);
    REQUIRE(model_uint(node, "end_ns") == event->at_ns);
    REQUIRE(duration_ns == event->at_ns - model_uint(node, "start_ns"));
    REQUIRE(model_ms(node, "duration_ms") == duration_ns);
    REQUIRE(self_ns == duration_ns - w->children_ns[depth]);
    REQUIRE(model_ms(node, "self_ms") == self_ns);
    w->self_ns += self_ns;
    if (depth > 0)
        w->children_ns[depth - 1] += duration_ns;
    ++w->event;
    return true;
}

static bool check_tree(const model *m)
{
    static tree_walk w;
    size_t depth = 0;

    w.m = m;
    w.event = 0;
    w.call_index = w.self_ns = 0;
    w.levels[0] = gbxi_json_each(gbxi_json_member(m->full, "call_tree"));
    for (;;) {
        if (gbxi_json_next(&w.levels[depth])) {
            w.nodes[depth] = w.levels[depth].value;
            w.children_ns[depth] = 0;
            if (!begin_node(&w, depth))
                return false;
            REQUIRE(depth + 1 < MODEL_DEPTH_MAX);
            w.levels[depth + 1] = gbxi_json_each(gbxi_json_member(w.nodes[depth], "children"));
            ++depth;
        } else if (depth == 0) {
            break;
        } else if (!end_node(&w, --depth)) {
            return false;
        }
    }
    REQUIRE(w.event == m->event_count);
    REQUIRE(w.self_ns == m->self_ns);
    return true;
}

bool meaning_check_full(model *m)
{
    gbxi_json_value metadata = gbxi_json_member(m->full, "metadata");

    return check_metadata(m, metadata) && check_entries(m, metadata) && check_timings(m) && check_tree(m);
}
