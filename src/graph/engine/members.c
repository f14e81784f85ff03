/* SPDX-License-Identifier: MIT */
/* Owns how nodes and edges are told of in JSON, and where fields of the request go. */
#include "graph/engine/members.h"
#include "json/copy.h"
#include <string.h>

static const char *const kinds[GBX__NODE_KIND_COUNT] = {
    [GBX__NODE_ITEM] = NULL,
    [GBX__NODE_ELEMENT] = "element",
    [GBX__NODE_ATTRIBUTE] = "attribute",
    [GBX__NODE_TEXT] = "text",
};

const char *gbx__members_kind(const gbx__node *node)
{
    return kinds[node->kind];
}

static void write_label(gbx_json_writer *out, const gbx__label *label)
{
    gbx_json_key(out, "label");
    gbx_json_string_n(out, label->bytes, label->length);
}

static void write_merged(gbx_json_writer *out, uint32_t merged)
{
    if (merged == 0)
        return;
    gbx_json_key(out, "merged");
    gbx_json_uint(out, merged);
}

void gbx__members_of_node(gbx_json_writer *out, const gbx__graph *graph, const gbx__node *node)
{
    gbx__label label;

    gbx__label_of_node(&label, graph, node);
    write_label(out, &label);
    if (kinds[node->kind] != NULL) {
        gbx_json_key(out, "kind");
        gbx_json_string_z(out, kinds[node->kind]);
    }
    write_merged(out, node->merged);
}

void gbx__members_of_edge(gbx_json_writer *out, const gbx__graph *graph, const gbx__edge *edge)
{
    gbx__label label;

    if (edge->label.length > 0) {
        gbx__label_of_text(&label, graph, edge->label);
        write_label(out, &label);
    }
    write_merged(out, edge->merged);
}

gbx_json_value gbx__members_node_value(const gbx__graph *graph, const gbx__node *node)
{
    if (node->kind != GBX__NODE_ITEM || node->origin == GBX__GRAPH_NONE || node->origin >= graph->node_value_count)
        return (gbx_json_value){0};
    return graph->node_values[node->origin];
}

gbx_json_value gbx__members_edge_value(const gbx__graph *graph, const gbx__edge *edge)
{
    if (edge->origin == GBX__GRAPH_NONE || edge->origin >= graph->edge_value_count)
        return (gbx_json_value){0};
    return graph->edge_values[edge->origin];
}

typedef enum place { SAID, BESIDE, WITHIN } place;

/* The first byte tells most names apart. */
static bool is_among(gbx_json_string key, const char *const *names)
{
    for (; *names != NULL; ++names)
        if (key.length > 0 && **names == *key.at && strlen(*names) == key.length &&
            memcmp(*names, key.at, key.length) == 0)
            return true;
    return false;
}

static place place_of(const gbx_json_iterator *field, const gbx__member_names *names)
{
    static const char *const label[] = {"label", NULL}, *const own[] = {"label", "kind", "merged", "data", NULL};

    if (is_among(field->key, names->said))
        return SAID;
    if (is_among(field->key, label) && gbx_json_typeof(field->value) == GBX_JSON_STRING)
        return SAID;
    return is_among(field->key, own) || is_among(field->key, names->reserved) ? WITHIN : BESIDE;
}

/* Writes the fields that go to `where`; returns whether there are some for within. */
static bool write_fields(gbx_json_writer *out, gbx_json_value object, const gbx__member_names *names, place where)
{
    gbx_json_iterator each = gbx_json_each(object);
    bool within = false;

    while (gbx_json_next(&each)) {
        place it = place_of(&each, names);

        within |= it == WITHIN;
        if (it != where)
            continue;
        gbx_json_key_n(out, each.key.at, each.key.length);
        gbx_json_copy(out, each.value);
    }
    return within;
}

void gbx__members_further(gbx_json_writer *out, gbx_json_value object, const gbx__member_names *names)
{
    if (!write_fields(out, object, names, BESIDE))
        return;
    gbx_json_key(out, "data");
    gbx_json_object_begin(out);
    write_fields(out, object, names, WITHIN);
    gbx_json_object_end(out);
}
