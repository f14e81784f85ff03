/* SPDX-License-Identifier: MIT */
/* Owns the engine `cytoscape`: elements, layout and style as Cytoscape.js takes them.
 *
 * Its nodes, edges and clusters are in one space of ids. Clusters are compound parents, with the class "cluster";
 * whoever counts nodes counts the childless ones. */
#include "graph/engine/cytoscape_options.h"
#include "graph/engine/ids.h"
#include "graph/engine/members.h"
#include "graph/engine/walk.h"
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

/* What is written. */
typedef struct drawing {
    gbx_json_writer *out;
    gbx__ids ids;
} drawing;

static void write_node(void *engine, size_t i)
{
    const drawing *d = engine;
    const gbx__graph *graph = d->ids.graph;
    const gbx__node *node = &graph->nodes[i];

    gbx_json_object_begin(d->out);
    gbx_json_key(d->out, "data");
    gbx_json_object_begin(d->out);
    gbx_json_key(d->out, "id");
    gbx__ids_write_node(&d->ids, i, d->out);
    gbx__members_of_node(d->out, graph, node);
    if (gbx__clusters_name(graph, node) != NULL) {
        gbx_json_key(d->out, "parent");
        gbx__ids_write_own(&d->ids, 'c', node->cluster, d->out);
    }
    gbx__members_further(d->out, gbx__members_node_value(graph, node), &node_names);
    gbx_json_object_end(d->out);
    write_classes(d->out, gbx__members_kind(node));
    gbx_json_object_end(d->out);
}

static void write_edge(void *engine, size_t i)
{
    const drawing *d = engine;
    const gbx__graph *graph = d->ids.graph;
    const gbx__edge *edge = &graph->edges[i];

    gbx_json_object_begin(d->out);
    gbx_json_key(d->out, "data");
    gbx_json_object_begin(d->out);
    gbx_json_key(d->out, "id");
    gbx__ids_write_own(&d->ids, 'e', i, d->out);
    gbx_json_key(d->out, "source");
    gbx__ids_write_node(&d->ids, edge->source, d->out);
    gbx_json_key(d->out, "target");
    gbx__ids_write_node(&d->ids, edge->target, d->out);
    gbx__members_of_edge(d->out, graph, edge);
    gbx__members_further(d->out, gbx__members_edge_value(graph, edge), &edge_names);
    gbx_json_object_end(d->out);
    gbx_json_object_end(d->out);
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
    drawing d = {.out = out};

    gbx__ids_init(&d.ids, graph, false);
    gbx_json_object_begin(out);
    gbx_json_key(out, "nodes");
    gbx_json_array_begin(out);
    if (graph->clusters != NULL)
        write_clusters(out, &d.ids);
    gbx__walk_nodes(graph, write_node, &d);
    gbx_json_array_end(out);
    gbx_json_key(out, "edges");
    gbx_json_array_begin(out);
    gbx__walk_edges(graph, write_edge, &d);
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
