/* SPDX-License-Identifier: MIT */
/* Owns the engine `cytoscape`, which writes elements, layout and style for Cytoscape.js.
 *
 * Nodes, edges and clusters share one space of ids. Clusters are compound parents with the class "cluster"; to count
 * nodes, count those without children. */
#include "base/account.h"
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

static const gbxi_member_names node_names = {node_said, node_reserved};
static const gbxi_member_names edge_names = {edge_said, edge_reserved};

enum { COSE_NODES_MAX = 1000 }; /* the layout cose takes minutes for more */

static void cytoscape_write_classes(gbxi_json_writer *out, const char *classes)
{
    if (classes == NULL)
        return;
    gbxi_json_key(out, "classes");
    gbxi_json_string_z(out, classes);
}

typedef struct drawing {
    gbxi_json_writer *out;
    gbxi_ids ids;
} drawing;

static void cytoscape_write_node(void *engine, size_t i)
{
    const drawing *d = engine;
    const gbxi_graph *graph = d->ids.graph;
    const gbxi_node *node = &graph->nodes[i];

    gbxi_json_object_begin(d->out);
    gbxi_json_key(d->out, "data");
    gbxi_json_object_begin(d->out);
    gbxi_json_key(d->out, "id");
    gbxi_ids_write_node(&d->ids, i, d->out);
    gbxi_members_of_node(d->out, graph, node);
    if (gbxi_clusters_name(graph, node) != NULL) {
        gbxi_json_key(d->out, "parent");
        gbxi_ids_write_own(&d->ids, 'c', node->cluster, d->out);
    }
    gbxi_members_further(d->out, gbxi_members_node_value(graph, node), &node_names);
    gbxi_json_object_end(d->out);
    cytoscape_write_classes(d->out, gbxi_members_kind(node));
    gbxi_json_object_end(d->out);
}

static void cytoscape_write_edge(void *engine, size_t i)
{
    const drawing *d = engine;
    const gbxi_graph *graph = d->ids.graph;
    const gbxi_edge *edge = &graph->edges[i];

    gbxi_json_object_begin(d->out);
    gbxi_json_key(d->out, "data");
    gbxi_json_object_begin(d->out);
    gbxi_json_key(d->out, "id");
    gbxi_ids_write_own(&d->ids, 'e', i, d->out);
    gbxi_json_key(d->out, "source");
    gbxi_ids_write_node(&d->ids, edge->source, d->out);
    gbxi_json_key(d->out, "target");
    gbxi_ids_write_node(&d->ids, edge->target, d->out);
    gbxi_members_of_edge(d->out, graph, edge);
    gbxi_members_further(d->out, gbxi_members_edge_value(graph, edge), &edge_names);
    gbxi_json_object_end(d->out);
    gbxi_json_object_end(d->out);
}

/* Writes only clusters that have nodes: Cytoscape.js would draw, and count, a parent without children as a node. */
static void cytoscape_write_clusters(gbxi_json_writer *out, const gbxi_ids *ids)
{
    const gbxi_graph *graph = ids->graph;
    bool used[GBXI_CLUSTERS_MAX + 1] = {false};
    GBX_SPAN_NAMED("graph.render.cytoscape.clusters");

    for (size_t i = 0; i < graph->node_count && gbxi_account_goes_on(i); i++)
        used[graph->nodes[i].cluster] = true;
    for (size_t c = 1; graph->clusters[c - 1] != NULL; c++) {
        if (!used[c])
            continue;
        gbxi_json_object_begin(out);
        gbxi_json_key(out, "data");
        gbxi_json_object_begin(out);
        gbxi_json_key(out, "id");
        gbxi_ids_write_own(ids, 'c', c, out);
        gbxi_json_key(out, "label");
        gbxi_json_string_z(out, graph->clusters[c - 1]);
        gbxi_json_object_end(out);
        cytoscape_write_classes(out, "cluster");
        gbxi_json_object_end(out);
    }
}

static void cytoscape_write_elements(gbxi_json_writer *out, const gbxi_graph *graph)
{
    drawing d = {.out = out};

    gbxi_ids_init(&d.ids, graph, false);
    gbxi_json_object_begin(out);
    gbxi_json_key(out, "nodes");
    gbxi_json_array_begin(out);
    if (graph->clusters != NULL)
        cytoscape_write_clusters(out, &d.ids);
    gbxi_graph_walk_nodes(graph, cytoscape_write_node, &d);
    gbxi_json_array_end(out);
    gbxi_graph_write_edge_list(out, "edges", graph, cytoscape_write_edge, &d);
    gbxi_json_object_end(out);
}

static void cytoscape_write_layout(gbxi_json_writer *out, const gbxi_graph *graph, gbxi_json_value given)
{
    static const gbxi_option_change undirected[] = {{"directed", "false"}, {0}};
    const char *name = graph->node_count > COSE_NODES_MAX ? "grid" : graph->is_page ? "breadthfirst" : "cose";

    gbxi_json_object_begin(out);
    if (gbxi_json_typeof(gbxi_json_member(given, "name")) == GBXI_JSON_ABSENT) {
        gbxi_json_key(out, "name");
        gbxi_json_string_z(out, name);
    }
    gbxi_options_write_but(gbxi_cytoscape_layout, given, graph->undirected ? undirected : NULL, out);
    gbxi_json_object_end(out);
}

/* Opens a style rule. Its first property is the label if one is given. */
static void cytoscape_begin_rule(gbxi_json_writer *out, const char *selector, const char *label)
{
    gbxi_json_object_begin(out);
    gbxi_json_key(out, "selector");
    gbxi_json_string_z(out, selector);
    gbxi_json_key(out, "style");
    gbxi_json_object_begin(out);
    if (label == NULL)
        return;
    gbxi_json_key(out, "label");
    gbxi_json_string_z(out, label);
}

static void cytoscape_end_rule(gbxi_json_writer *out)
{
    gbxi_json_object_end(out);
    gbxi_json_object_end(out);
}

/* The outline of the label belongs to the default colour of its letters: a light one would be unreadable in it. */
static void cytoscape_write_look(const gbxi_option *table, gbxi_json_value given, const gbxi_graph *graph,
                                 gbxi_json_writer *out)
{
    gbxi_option_change changes[4] = {{0}};
    size_t count = 0;

    if (graph->undirected)
        changes[count++] = (gbxi_option_change){"target-arrow-shape", "\"none\""};
    if (gbxi_json_typeof(gbxi_json_member(given, "color")) != GBXI_JSON_ABSENT) {
        changes[count++] = (gbxi_option_change){"text-outline-color", NULL};
        changes[count++] = (gbxi_option_change){"text-outline-width", NULL};
    }
    gbxi_options_write_but(table, given, changes, out);
}

static void cytoscape_write_kind_rules(gbxi_json_writer *out)
{
    static const char *const rules[][2] = {{".element", "#4e79a7"}, {".attribute", "#d9730d"}, {".text", "#59a14f"}};

    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        cytoscape_begin_rule(out, rules[i][0], NULL);
        gbxi_json_key(out, "background-color");
        gbxi_json_string_z(out, rules[i][1]);
        cytoscape_end_rule(out);
    }
}

static void cytoscape_write_style(gbxi_json_writer *out, const gbxi_graph *graph, gbxi_json_value given)
{
    gbxi_json_value node = gbxi_json_member(given, "node");

    gbxi_json_array_begin(out);
    cytoscape_begin_rule(out, "node", "data(label)");
    cytoscape_write_look(gbxi_cytoscape_node_style, node, graph, out);
    cytoscape_end_rule(out);
    if (graph->is_page && gbxi_json_typeof(gbxi_json_member(node, "background-color")) == GBXI_JSON_ABSENT)
        cytoscape_write_kind_rules(out);
    cytoscape_begin_rule(out, "edge[label]",
                         "data(label)"); /* for an edge without a label, Cytoscape.js would print a warning */
    cytoscape_end_rule(out);
    cytoscape_begin_rule(out, "edge", NULL);
    cytoscape_write_look(gbxi_cytoscape_edge_style, gbxi_json_member(given, "edge"), graph, out);
    cytoscape_end_rule(out);
    cytoscape_begin_rule(out, ".cluster", NULL);
    cytoscape_write_look(gbxi_cytoscape_cluster_style, gbxi_json_member(given, "cluster"), graph, out);
    cytoscape_end_rule(out);
    gbxi_json_array_end(out);
}

static gbx_err cytoscape_render(const gbxi_graph *graph, gbxi_json_value given, gbxi_json_writer *out)
{
    GBX_SPAN_NAMED("graph.render.cytoscape");

    gbxi_members_of_graph(out, graph);
    gbxi_json_key(out, "elements");
    cytoscape_write_elements(out, graph);
    gbxi_json_key(out, "layout");
    cytoscape_write_layout(out, graph, gbxi_json_member(given, "layout"));
    gbxi_json_key(out, "style");
    cytoscape_write_style(out, graph, gbxi_json_member(given, "style"));
    return GBX_ERR_OK;
}

const gbxi_engine gbxi_engine_cytoscape = {
    {"cytoscape", "Cytoscape.js", "Elements, layout and style for Cytoscape.js.", gbxi_cytoscape_options},
    cytoscape_render,
};
