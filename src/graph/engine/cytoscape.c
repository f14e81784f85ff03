/* SPDX-License-Identifier: MIT */
/* Owns the engine `cytoscape`: elements, layout and style as Cytoscape.js takes them.
 *
 * Its nodes, edges and clusters are in one space of ids. Clusters are compound parents, with the class "cluster";
 * whoever counts nodes counts the childless ones. */
#include "graph/engine/clusters.h"
#include "graph/engine/cytoscape_options.h"
#include "graph/engine/ids.h"
#include "graph/engine/members.h"
#include "graph/registry.h"
#include <glassbox/span.h>

static const char *const node_said[] = {"id", NULL};
static const char *const node_reserved[] = {"parent", "source", "target", NULL};
static const char *const edge_said[] = {"source", "target", NULL};
static const char *const edge_reserved[] = {"id", "parent", NULL};

static const gbx__member_names node_names = {node_said, node_reserved};
static const gbx__member_names edge_names = {edge_said, edge_reserved};

enum { COSE_NODES_MAX = 1000 }; /* more take it minutes */

static void write_classes(gbx_json_writer *out, const char *classes)
{
    if (classes == NULL)
        return;
    gbx_json_key(out, "classes");
    gbx_json_string_z(out, classes);
}

static void write_node(gbx_json_writer *out, const gbx__ids *ids, size_t i)
{
    const gbx__graph *graph = ids->graph;
    const gbx__node *node = &graph->nodes[i];

    gbx_json_object_begin(out);
    gbx_json_key(out, "data");
    gbx_json_object_begin(out);
    gbx_json_key(out, "id");
    gbx__ids_write_node(ids, i, out);
    gbx__members_of_node(out, graph, node);
    if (gbx__clusters_name(graph, node) != NULL) {
        gbx_json_key(out, "parent");
        gbx__ids_write_own(ids, 'c', node->cluster, out);
    }
    gbx__members_further(out, gbx__members_node_value(graph, node), &node_names);
    gbx_json_object_end(out);
    write_classes(out, gbx__members_kind(node));
    gbx_json_object_end(out);
}

static void write_nodes(gbx_json_writer *out, const gbx__ids *ids, size_t begin, size_t end)
{
    GBX_SPAN_NAMED("graph.render.cytoscape.nodes");

    gbx_note_int("first", (int64_t)begin);
    gbx_note_int("count", (int64_t)(end - begin));
    for (size_t i = begin; i < end; ++i)
        write_node(out, ids, i);
}

static void write_edge(gbx_json_writer *out, const gbx__ids *ids, size_t i)
{
    const gbx__edge *edge = &ids->graph->edges[i];

    gbx_json_object_begin(out);
    gbx_json_key(out, "data");
    gbx_json_object_begin(out);
    gbx_json_key(out, "id");
    gbx__ids_write_own(ids, 'e', i, out);
    gbx_json_key(out, "source");
    gbx__ids_write_node(ids, edge->source, out);
    gbx_json_key(out, "target");
    gbx__ids_write_node(ids, edge->target, out);
    gbx__members_of_edge(out, ids->graph, edge);
    gbx__members_further(out, gbx__members_edge_value(ids->graph, edge), &edge_names);
    gbx_json_object_end(out);
    gbx_json_object_end(out);
}

static void write_edges(gbx_json_writer *out, const gbx__ids *ids, size_t begin, size_t end)
{
    GBX_SPAN_NAMED("graph.render.cytoscape.edges");

    gbx_note_int("first", (int64_t)begin);
    gbx_note_int("count", (int64_t)(end - begin));
    for (size_t i = begin; i < end; ++i) {
        gbx__graph_foresee(ids->graph, i);
        write_edge(out, ids, i);
    }
}

/* Only those with a node in them: a parent without children would be drawn, and counted, as a node. */
static void write_clusters(gbx_json_writer *out, const gbx__ids *ids)
{
    const gbx__graph *graph = ids->graph;
    bool used[GBX__CLUSTERS_MAX + 1] = {false};
    GBX_SPAN_NAMED("graph.render.cytoscape.clusters");

    for (size_t i = 0; i < graph->node_count; ++i)
        used[graph->nodes[i].cluster] = true;
    for (size_t c = 1; graph->clusters[c - 1] != NULL; ++c) {
        if (!used[c])
            continue;
        gbx_json_object_begin(out);
        gbx_json_key(out, "data");
        gbx_json_object_begin(out);
        gbx_json_key(out, "id");
        gbx__ids_write_own(ids, 'c', c, out);
        gbx_json_key(out, "label");
        gbx_json_string_z(out, graph->clusters[c - 1]);
        gbx_json_object_end(out);
        write_classes(out, "cluster");
        gbx_json_object_end(out);
    }
}

static void write_elements(gbx_json_writer *out, const gbx__graph *graph)
{
    size_t node_count = graph->node_count, edge_count = graph->edge_count;
    gbx__ids ids;

    gbx__ids_init(&ids, graph, false);
    gbx_json_object_begin(out);
    gbx_json_key(out, "nodes");
    gbx_json_array_begin(out);
    if (graph->clusters != NULL)
        write_clusters(out, &ids);
    for (size_t i = 0, end; i < node_count; i = end) {
        end = gbx__graph_batch_end(node_count, i, node_count);
        write_nodes(out, &ids, i, end);
    }
    gbx_json_array_end(out);
    gbx_json_key(out, "edges");
    gbx_json_array_begin(out);
    for (size_t i = 0, end; i < edge_count; i = end) {
        end = gbx__graph_batch_end(edge_count, i, edge_count);
        write_edges(out, &ids, i, end);
    }
    gbx_json_array_end(out);
    gbx_json_object_end(out);
}

static void write_layout(gbx_json_writer *out, const gbx__graph *graph, gbx_json_value given)
{
    const char *name = graph->node_count > COSE_NODES_MAX ? "grid" : graph->is_page ? "breadthfirst" : "cose";

    gbx_json_object_begin(out);
    if (gbx_json_typeof(gbx_json_member(given, "name")) == GBX_JSON_ABSENT) {
        gbx_json_key(out, "name");
        gbx_json_string_z(out, name);
    }
    gbx__options_write(gbx__cytoscape_layout, given, out);
    gbx_json_object_end(out);
}

/* Opens a rule of the style for its properties; the first of them may be the label. */
static void begin_rule(gbx_json_writer *out, const char *selector, const char *label)
{
    gbx_json_object_begin(out);
    gbx_json_key(out, "selector");
    gbx_json_string_z(out, selector);
    gbx_json_key(out, "style");
    gbx_json_object_begin(out);
    if (label == NULL)
        return;
    gbx_json_key(out, "label");
    gbx_json_string_z(out, label);
}

static void end_rule(gbx_json_writer *out)
{
    gbx_json_object_end(out);
    gbx_json_object_end(out);
}

static void write_kind_rules(gbx_json_writer *out)
{
    static const char *const rules[][2] = {{".element", "#4e79a7"}, {".attribute", "#f28e2b"}, {".text", "#59a14f"}};

    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); ++i) {
        begin_rule(out, rules[i][0], NULL);
        gbx_json_key(out, "background-color");
        gbx_json_string_z(out, rules[i][1]);
        end_rule(out);
    }
}

static void write_style(gbx_json_writer *out, const gbx__graph *graph, gbx_json_value given)
{
    gbx_json_value node = gbx_json_member(given, "node");

    gbx_json_array_begin(out);
    begin_rule(out, "node", "data(label)");
    gbx__options_write(gbx__cytoscape_node_style, node, out);
    end_rule(out);
    if (graph->is_page && gbx_json_typeof(gbx_json_member(node, "background-color")) == GBX_JSON_ABSENT)
        write_kind_rules(out);
    begin_rule(out, "edge[label]", "data(label)"); /* most edges have none, which would be a warning each */
    end_rule(out);
    begin_rule(out, "edge", NULL);
    gbx__options_write(gbx__cytoscape_edge_style, gbx_json_member(given, "edge"), out);
    end_rule(out);
    begin_rule(out, ".cluster", NULL);
    gbx__options_write(gbx__cytoscape_cluster_style, gbx_json_member(given, "cluster"), out);
    end_rule(out);
    gbx_json_array_end(out);
}

static gbx_err render(const gbx__graph *graph, gbx_json_value given, gbx_json_writer *out)
{
    GBX_SPAN_NAMED("graph.render.cytoscape");

    gbx_json_key(out, "elements");
    write_elements(out, graph);
    gbx_json_key(out, "layout");
    write_layout(out, graph, gbx_json_member(given, "layout"));
    gbx_json_key(out, "style");
    write_style(out, graph, gbx_json_member(given, "style"));
    return GBX_ERR_OK;
}

const gbx__engine gbx__engine_cytoscape = {
    {"cytoscape", "Cytoscape.js", "Elements, layout and style for Cytoscape.js.", gbx__cytoscape_options},
    render,
};
