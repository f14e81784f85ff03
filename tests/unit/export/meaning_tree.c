/* SPDX-License-Identifier: MIT */
/* Checks the call tree of the full document, in each of its forms, against the events of the speedscope document. */
#include "meaning_model.h"

/* A walk over the tree that goes along the events. */
typedef struct tree_walk {
    const model *m;
    uint64_t start_ns; /* of the trace */
    size_t event;      /* the next one */
    gbxi_json_iterator entries;
    uint64_t call_index; /* of the next node */
    uint64_t self_ns;
    gbxi_json_iterator levels[MODEL_DEPTH_MAX];
    gbxi_json_value nodes[MODEL_DEPTH_MAX];
    uint64_t children_ns[MODEL_DEPTH_MAX];
} tree_walk;

/* Whether a call of the tree tells the same failure as the entry of its exit. */
static bool has_same_error(gbxi_json_value call, gbxi_json_value exit)
{
    return gbxi_json_typeof(gbxi_json_member(call, "error")) == gbxi_json_typeof(gbxi_json_member(exit, "error")) &&
           model_same(model_string(call, "error"), model_string(exit, "error"));
}

static bool begin_node(tree_walk *w, size_t depth)
{
    gbxi_json_value node = w->nodes[depth];
    const model_event *event = &w->m->events[w->event];

    REQUIRE(w->event < w->m->event_count && event->enter && gbxi_json_next(&w->entries));
    REQUIRE(model_same(model_string(node, "name"), w->m->frames[event->frame].name));
    REQUIRE(model_uint(node, "start_ns") == w->start_ns + event->at_ns);
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

    REQUIRE(w->event < w->m->event_count && !event->enter && gbxi_json_next(&w->entries));
    REQUIRE(model_uint(node, "end_ns") == w->start_ns + event->at_ns);
    REQUIRE(duration_ns == w->start_ns + event->at_ns - model_uint(node, "start_ns"));
    REQUIRE(model_ms(node, "duration_ms") == duration_ns);
    REQUIRE(self_ns == duration_ns - w->children_ns[depth]);
    REQUIRE(model_ms(node, "self_ms") == self_ns);
    REQUIRE(has_same_error(node, w->entries.value));
    w->self_ns += self_ns;
    if (depth > 0)
        w->children_ns[depth - 1] += duration_ns;
    ++w->event;
    return true;
}

static bool check_nested(const model *m, uint64_t start_ns)
{
    static tree_walk w;
    size_t depth = 0;

    w.m = m;
    w.start_ns = start_ns;
    w.event = 0;
    w.call_index = w.self_ns = 0;
    w.entries = gbxi_json_each(gbxi_json_member(m->full, "entries"));
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

/* An open call of a flat tree. */
typedef struct open_row {
    gbxi_json_value row;
    uint64_t id;
    uint64_t children_ns;
} open_row;

static bool open_row_of(const model *m, uint64_t start_ns, const open_row *parent, size_t depth, open_row *opened,
                        const model_event *event)
{
    gbxi_json_value row = opened->row;
    gbxi_json_value parent_id = gbxi_json_member(row, "parent");

    REQUIRE(gbxi_json_count(row) == (gbxi_json_typeof(gbxi_json_member(row, "error")) != GBXI_JSON_ABSENT ? 13 : 12));
    REQUIRE(model_uint(row, "id") == opened->id && model_uint(row, "call_index") == opened->id);
    if (parent == NULL)
        REQUIRE(gbxi_json_typeof(parent_id) == GBXI_JSON_NULL);
    else
        REQUIRE(model_uint(row, "parent") == parent->id);
    REQUIRE(model_uint(row, "depth") == depth);
    REQUIRE(model_same(model_string(row, "name"), m->frames[event->frame].name));
    REQUIRE(model_uint(row, "start_ns") == start_ns + event->at_ns);
    REQUIRE(model_uint(row, "thread_id") <= UINT32_MAX);
    return true;
}

static bool close_row(uint64_t start_ns, const open_row *closed, const model_event *event, uint64_t *duration_ns)
{
    *duration_ns = model_uint(closed->row, "duration_ns");
    REQUIRE(model_uint(closed->row, "end_ns") == start_ns + event->at_ns);
    REQUIRE(model_uint(closed->row, "start_ns") + *duration_ns == start_ns + event->at_ns);
    REQUIRE(model_uint(closed->row, "self_ns") == *duration_ns - closed->children_ns);
    REQUIRE(model_ms(closed->row, "duration_ms") == *duration_ns);
    REQUIRE(model_ms(closed->row, "self_ms") == *duration_ns - closed->children_ns);
    return true;
}

/* Every enter of the events is the next row, and every exit is the end of the innermost open one. */
static bool check_flat(const model *m, uint64_t start_ns)
{
    static open_row open[MODEL_DEPTH_MAX];
    gbxi_json_iterator each = gbxi_json_each(gbxi_json_member(m->full, "call_tree"));
    gbxi_json_iterator entries = gbxi_json_each(gbxi_json_member(m->full, "entries"));
    size_t depth = 0;

    REQUIRE(gbxi_json_count(gbxi_json_member(m->full, "call_tree")) * 2 == m->event_count);
    for (size_t i = 0; i < m->event_count; i++) {
        const model_event *event = &m->events[i];
        REQUIRE(gbxi_json_next(&entries));
        if (event->enter) {
            REQUIRE(gbxi_json_next(&each));
            open[depth] = (open_row){.row = each.value, .id = each.index};
            if (!open_row_of(m, start_ns, depth > 0 ? &open[depth - 1] : NULL, depth, &open[depth], event))
                return false;
            ++depth;
        } else {
            uint64_t duration_ns;
            REQUIRE(has_same_error(open[depth - 1].row, entries.value));
            if (!close_row(start_ns, &open[--depth], event, &duration_ns))
                return false;
            if (depth > 0)
                open[depth - 1].children_ns += duration_ns;
        }
    }
    REQUIRE(!gbxi_json_next(&each));
    return true;
}

bool meaning_check_call_tree(const model *m, uint64_t start_ns)
{
    switch (m->call_tree) {
    case GBX_CALL_TREE_NESTED:
        return check_nested(m, start_ns);
    case GBX_CALL_TREE_FLAT:
        return check_flat(m, start_ns);
    case GBX_CALL_TREE_NONE:
        REQUIRE(gbxi_json_typeof(gbxi_json_member(m->full, "call_tree")) == GBXI_JSON_NULL);
        return true;
    }
    return meaning_complain(__FILE__, __LINE__, "a form of the call tree that there is not");
}
