/* SPDX-License-Identifier: MIT */
/* Owns the JSON members of nodes and edges, and where the request's fields go. */
#include "graph/engine/members.h"
#include "json/copy.h"
#include <string.h>

static const char *const kinds[GBXI_NODE_KIND_COUNT] = {
    [GBXI_NODE_ITEM] = NULL,
    [GBXI_NODE_ELEMENT] = "element",
    [GBXI_NODE_ATTRIBUTE] = "attribute",
    [GBXI_NODE_TEXT] = "text",
};

const char *gbxi_members_kind(const gbxi_node *node)
{
    return kinds[node->kind];
}

static void write_label(gbxi_json_writer *out, const gbxi_label *label)
{
    gbxi_json_key(out, "label");
    gbxi_json_string_n(out, label->bytes, label->length);
}

static void write_merged(gbxi_json_writer *out, uint32_t merged)
{
    if (merged == 0)
        return;
    gbxi_json_key(out, "merged");
    gbxi_json_uint(out, merged);
}

void gbxi_members_of_node(gbxi_json_writer *out, const gbxi_graph *graph, const gbxi_node *node)
{
    gbxi_label label;

    gbxi_label_of_node(&label, graph, node);
    write_label(out, &label);
    if (kinds[node->kind] != NULL) {
        gbxi_json_key(out, "kind");
        gbxi_json_string_z(out, kinds[node->kind]);
    }
    write_merged(out, node->merged);
}

void gbxi_members_of_edge(gbxi_json_writer *out, const gbxi_graph *graph, const gbxi_edge *edge)
{
    gbxi_label label;

    if (edge->label.length > 0) {
        gbxi_label_of_text(&label, graph, edge->label);
        write_label(out, &label);
    }
    write_merged(out, edge->merged);
}

static void copy_given(gbxi_json_writer *out, const char *key, gbxi_json_value value)
{
    if (gbxi_json_typeof(value) == GBXI_JSON_ABSENT)
        return;
    gbxi_json_key_n(out, key, strlen(key));
    gbxi_json_copy(out, value);
}

void gbxi_members_of_graph(gbxi_json_writer *out, const gbxi_graph *graph)
{
    copy_given(out, "directed", graph->about.directed);
    copy_given(out, "multigraph", graph->about.multigraph);
    copy_given(out, "graph", graph->about.graph);
}

gbxi_json_value gbxi_members_node_value(const gbxi_graph *graph, const gbxi_node *node)
{
    if (node->kind != GBXI_NODE_ITEM || node->origin == GBXI_GRAPH_NONE || node->origin >= graph->node_value_count)
        return (gbxi_json_value){0};
    return graph->node_values[node->origin];
}

gbxi_json_value gbxi_members_edge_value(const gbxi_graph *graph, const gbxi_edge *edge)
{
    if (edge->origin == GBXI_GRAPH_NONE || edge->origin >= graph->edge_value_count)
        return (gbxi_json_value){0};
    return graph->edge_values[edge->origin];
}

typedef enum place { SAID, BESIDE, WITHIN } place;

static place place_of(const gbxi_json_iterator *field, const gbxi_member_names *names)
{
    static const char *const label[] = {"label", NULL}, *const own[] = {"label", "kind", "merged", "data", NULL};

    if (gbxi_view_is_among(field->key, names->said))
        return SAID;
    if (gbxi_view_is_among(field->key, label) && gbxi_json_typeof(field->value) == GBXI_JSON_STRING)
        return SAID;
    return gbxi_view_is_among(field->key, own) || gbxi_view_is_among(field->key, names->reserved) ? WITHIN : BESIDE;
}

/* Writes the fields whose place is `where`. Returns whether there are fields for `data`. */
static bool write_fields(gbxi_json_writer *out, gbxi_json_value object, const gbxi_member_names *names, place where)
{
    gbxi_json_iterator each = gbxi_json_each(object);
    bool within = false;

    while (gbxi_json_next(&each)) {
        place it = place_of(&each, names);

        within |= it == WITHIN;
        if (it != where)
            continue;
        gbxi_json_key_n(out, each.key.at, each.key.length);
        gbxi_json_copy(out, each.value);
    }
    return within;
}

void gbxi_members_further(gbxi_json_writer *out, gbxi_json_value object, const gbxi_member_names *names)
{
    if (!write_fields(out, object, names, BESIDE))
        return;
    gbxi_json_key(out, "data");
    gbxi_json_object_begin(out);
    write_fields(out, object, names, WITHIN);
    gbxi_json_object_end(out);
}
