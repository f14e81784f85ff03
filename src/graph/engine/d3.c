/* SPDX-License-Identifier: MIT */
/* Owns the engine `d3`, which writes nodes and links for d3-force, and the settings of its forces. */
#include "graph/engine/members.h"
#include "graph/engine/walk.h"
#include "graph/registry.h"
#include <glassbox/span.h>

static const gbxi_option link_options[] = {
    GBXI_OPTION_NUMBER("distance", "60", 0, 10000, "forceLink.distance: target length of links, in pixels."),
    GBXI_OPTION_NUMBER("strength", NULL, 0, 10,
                       "forceLink.strength. Default: 1 divided by the smaller degree of the two ends."),
    GBXI_OPTION_INTEGER("iterations", "1", 1, 100, "forceLink.iterations: higher values make links more rigid."),
    {0},
};
static const gbxi_option charge_options[] = {
    GBXI_OPTION_NUMBER("strength", "-180", -100000, 100000,
                       "forceManyBody.strength: negative values repel, positive values attract."),
    GBXI_OPTION_NUMBER("theta", "0.9", 0, 10, "forceManyBody.theta: higher values are faster and less accurate."),
    GBXI_OPTION_NUMBER("distanceMin", "1", 0, 100000,
                       "forceManyBody.distanceMin: minimum distance used to compute the force, in pixels."),
    GBXI_OPTION_NUMBER("distanceMax", "600", 0, 1000000,
                       "forceManyBody.distanceMax: distance beyond which the force is zero, in pixels."),
    {0},
};
static const gbxi_option center_options[] = {
    GBXI_OPTION_NUMBER("x", NULL, -100000, 100000, "forceCenter.x. Default: half the width."),
    GBXI_OPTION_NUMBER("y", NULL, -100000, 100000, "forceCenter.y. Default: half the height."),
    GBXI_OPTION_NUMBER("strength", "1", 0, 1,
                       "forceCenter.strength: how strongly the centre of all nodes is moved to (x, y)."),
    {0},
};
static const gbxi_option collide_options[] = {
    GBXI_OPTION_NUMBER("radius", "14", 0, 10000,
                       "forceCollide.radius: radius of the circle that a node occupies, in pixels."),
    GBXI_OPTION_NUMBER("strength", "1", 0, 1, "forceCollide.strength: how strongly overlapping nodes are moved apart."),
    GBXI_OPTION_INTEGER("iterations", "1", 1, 100, "forceCollide.iterations: higher values leave less overlap."),
    {0},
};
static const gbxi_option x_options[] = {
    GBXI_OPTION_NUMBER("x", NULL, -100000, 100000, "forceX.x. Default: half the width."),
    GBXI_OPTION_NUMBER("strength", "0.05", 0, 1,
                       "forceX.strength: how strongly nodes are pulled to x. Keeps unconnected components in view."),
    {0},
};
static const gbxi_option y_options[] = {
    GBXI_OPTION_NUMBER("y", NULL, -100000, 100000, "forceY.y. Default: half the height."),
    GBXI_OPTION_NUMBER("strength", "0.05", 0, 1,
                       "forceY.strength: how strongly nodes are pulled to y. Keeps unconnected components in view."),
    {0},
};
static const gbxi_option options[] = {
    GBXI_OPTION_NUMBER("width", "960", 1, 100000, "Width of the drawing, in pixels."),
    GBXI_OPTION_NUMBER("height", "600", 1, 100000, "Height of the drawing, in pixels."),
    GBXI_OPTION_NUMBER("alpha", "1", 0, 1, "simulation.alpha: initial heat of the simulation."),
    GBXI_OPTION_NUMBER("alphaMin", "0.001", 0, 1, "simulation.alphaMin: heat below which the simulation stops."),
    GBXI_OPTION_NUMBER("alphaDecay", "0.0228", 0, 1, "simulation.alphaDecay: rate at which the simulation cools."),
    GBXI_OPTION_NUMBER("alphaTarget", "0", 0, 1, "simulation.alphaTarget: heat that the simulation cools towards."),
    GBXI_OPTION_NUMBER("velocityDecay", "0.4", 0, 1, "simulation.velocityDecay: friction that slows nodes down."),
    GBXI_OPTION_GROUP("link", link_options, "d3.forceLink: keeps linked nodes at a given distance."),
    GBXI_OPTION_GROUP("charge", charge_options, "d3.forceManyBody: makes all nodes repel or attract each other."),
    GBXI_OPTION_GROUP("center", center_options, "d3.forceCenter: centres the drawing."),
    GBXI_OPTION_GROUP("collide", collide_options, "d3.forceCollide: keeps nodes from overlapping."),
    GBXI_OPTION_GROUP("x", x_options, "d3.forceX: pulls nodes to a horizontal position."),
    GBXI_OPTION_GROUP("y", y_options, "d3.forceY: pulls nodes to a vertical position."),
    {0},
};

/* Names that d3-force itself uses on nodes and links. The name `group`, common in D3's examples, is reserved only in a
 * graph with clusters. */
static const char *const node_said[] = {"id", NULL};
static const char *const node_reserved[] = {"index", "x", "y", "vx", "vy", "fx", "fy", NULL};
static const char *const clustered_reserved[] = {"index", "x", "y", "vx", "vy", "fx", "fy", "group", NULL};
static const char *const link_said[] = {"source", "target", NULL};
static const char *const link_reserved[] = {"index", NULL};

static const gbxi_member_names node_names = {node_said, node_reserved};
static const gbxi_member_names clustered_names = {node_said, clustered_reserved};
static const gbxi_member_names link_names = {link_said, link_reserved};

typedef struct drawing {
    gbxi_json_writer *out;
    const gbxi_graph *graph;
} drawing;

static void d3_write_id(const drawing *d, const char *key, size_t node)
{
    gbxi_id_room room;
    gbxi_json_string id = gbxi_graph_node_id(d->graph, node, &room);

    gbxi_json_key(d->out, key);
    gbxi_json_string_n(d->out, id.at, id.length);
}

static void d3_write_node(void *engine, size_t i)
{
    const drawing *d = engine;
    const gbxi_node *node = &d->graph->nodes[i];
    const char *group = gbxi_clusters_name(d->graph, node);

    gbxi_json_object_begin(d->out);
    d3_write_id(d, "id", i);
    gbxi_members_of_node(d->out, d->graph, node);
    if (group != NULL) {
        gbxi_json_key(d->out, "group");
        gbxi_json_string_z(d->out, group);
    }
    gbxi_members_further(d->out, gbxi_members_node_value(d->graph, node),
                         group != NULL ? &clustered_names : &node_names);
    gbxi_json_object_end(d->out);
}

static void d3_write_link(void *engine, size_t i)
{
    const drawing *d = engine;
    const gbxi_edge *edge = &d->graph->edges[i];

    gbxi_json_object_begin(d->out);
    d3_write_id(d, "source", edge->source);
    d3_write_id(d, "target", edge->target);
    gbxi_members_of_edge(d->out, d->graph, edge);
    gbxi_members_further(d->out, gbxi_members_edge_value(d->graph, edge), &link_names);
    gbxi_json_object_end(d->out);
}

static gbx_err d3_render(const gbxi_graph *graph, gbxi_json_value given, gbxi_json_writer *out)
{
    drawing d = {out, graph};
    GBX_SPAN_NAMED("graph.render.d3");

    gbxi_members_of_graph(out, graph);
    gbxi_graph_write_node_list(out, "nodes", graph, d3_write_node, &d);
    gbxi_graph_write_edge_list(out, "links", graph, d3_write_link, &d);
    gbxi_json_key(out, "config");
    gbxi_json_object_begin(out);
    gbxi_options_write(options, given, out);
    gbxi_json_object_end(out);
    return GBX_ERR_OK;
}

const gbxi_engine gbxi_engine_d3 = {
    {"d3", "D3 force graph", "Nodes and links for d3-force, with the settings of its forces.", options},
    d3_render,
};
