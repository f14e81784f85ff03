/* SPDX-License-Identifier: MIT */
/* Owns the engine `visjs`, which writes nodes, edges and options for vis-network. */
#include "graph/engine/ids.h"
#include "graph/engine/members.h"
#include "graph/engine/visjs_options.h"
#include "graph/engine/walk.h"
#include "graph/registry.h"
#include "json/copy.h"
#include <glassbox/span.h>

/* Names that vis-network reads from nodes and edges. A request's value could have the wrong type, hide the node, load
 * an image or turn a label into HTML. An edge's `id` would have to be unique; vis-network generates one if there is
 * none. */
static const char *const node_said[] = {"id", NULL};
static const char *const node_reserved[] = {"borderWidth",
                                            "borderWidthSelected",
                                            "brokenImage",
                                            "chosen",
                                            "cid",
                                            "color",
                                            "ctxRenderer",
                                            "fixed",
                                            "font",
                                            "group",
                                            "heightConstraint",
                                            "hidden",
                                            "icon",
                                            "image",
                                            "imagePadding",
                                            "labelHighlightBold",
                                            "level",
                                            "margin",
                                            "mass",
                                            "opacity",
                                            "physics",
                                            "scaling",
                                            "shadow",
                                            "shape",
                                            "shapeProperties",
                                            "size",
                                            "title",
                                            "value",
                                            "widthConstraint",
                                            "x",
                                            "y",
                                            NULL};
static const char *const edge_said[] = {"source", "target", NULL};
static const char *const edge_reserved[] = {"arrowStrikethrough",
                                            "arrows",
                                            "background",
                                            "chosen",
                                            "color",
                                            "dashes",
                                            "edgeType",
                                            "endPointOffset",
                                            "font",
                                            "from",
                                            "hidden",
                                            "hoverWidth",
                                            "id",
                                            "labelHighlightBold",
                                            "length",
                                            "physics",
                                            "scaling",
                                            "selectionWidth",
                                            "selfReference",
                                            "selfReferenceSize",
                                            "shadow",
                                            "smooth",
                                            "title",
                                            "to",
                                            "value",
                                            "width",
                                            "widthConstraint",
                                            NULL};

static const gbxi_member_names node_names = {node_said, node_reserved};
static const gbxi_member_names edge_names = {edge_said, edge_reserved};

typedef struct drawing {
    gbxi_json_writer *out;
    gbxi_ids ids;
} drawing;

/* A group determines the colour. It is the node's cluster, the kind of a page's node, or the request's own value if
 * vis-network accepts its type. */
static void visjs_write_group(gbxi_json_writer *out, const gbxi_graph *graph, const gbxi_node *node)
{
    const char *group = gbxi_clusters_name(graph, node);
    gbxi_json_value own;
    gbxi_json_type type;

    if (group == NULL)
        group = gbxi_members_kind(node);
    if (group != NULL) {
        gbxi_json_key(out, "group");
        gbxi_json_string_z(out, group);
        return;
    }
    own = gbxi_json_member(gbxi_members_node_value(graph, node), "group");
    type = gbxi_json_typeof(own);
    if (type != GBXI_JSON_STRING && type != GBXI_JSON_INTEGER && type != GBXI_JSON_DOUBLE)
        return;
    gbxi_json_key(out, "group");
    gbxi_json_copy(out, own);
}

static void visjs_write_node(void *engine, size_t i)
{
    const drawing *d = engine;
    const gbxi_graph *graph = d->ids.graph;
    const gbxi_node *node = &graph->nodes[i];

    gbxi_json_object_begin(d->out);
    gbxi_json_key(d->out, "id");
    gbxi_ids_write_node(&d->ids, i, d->out);
    gbxi_members_of_node(d->out, graph, node);
    visjs_write_group(d->out, graph, node);
    gbxi_members_further(d->out, gbxi_members_node_value(graph, node), &node_names);
    gbxi_json_object_end(d->out);
}

static void visjs_write_edge(void *engine, size_t i)
{
    const drawing *d = engine;
    const gbxi_graph *graph = d->ids.graph;
    const gbxi_edge *edge = &graph->edges[i];

    gbxi_json_object_begin(d->out);
    gbxi_json_key(d->out, "from");
    gbxi_ids_write_node(&d->ids, edge->source, d->out);
    gbxi_json_key(d->out, "to");
    gbxi_ids_write_node(&d->ids, edge->target, d->out);
    gbxi_members_of_edge(d->out, graph, edge);
    gbxi_members_further(d->out, gbxi_members_edge_value(graph, edge), &edge_names);
    gbxi_json_object_end(d->out);
}

/* Whether the label of a node of the given shape is on the page and not in a shape of its own colour. */
static bool label_is_outside(gbxi_json_value nodes)
{
    static const char *const inside[] = {"box", "circle", "database", "ellipse", NULL};
    gbxi_json_string shape;

    return gbxi_json_str(gbxi_json_member(nodes, "shape"), &shape) && !gbxi_view_is_among(shape, inside);
}

static bool is_absent(gbxi_json_value object, const char *group, const char *name)
{
    return gbxi_json_typeof(gbxi_json_member(gbxi_json_member(object, group), name)) == GBXI_JSON_ABSENT;
}

/* Defaults that depend on the graph and on other options. Dark letters need an outline on a dark page. vis-network
 * ignores `inherit` if there is a colour. */
static void visjs_write_options(const gbxi_graph *graph, gbxi_json_value given, gbxi_json_writer *out)
{
    gbxi_json_value nodes = gbxi_json_member(given, "nodes");
    gbxi_option_change changes[5] = {{0}};
    size_t count = 0;

    if (graph->undirected)
        changes[count++] = (gbxi_option_change){"edges.arrows.to.enabled", "false"};
    if (!is_absent(gbxi_json_member(given, "edges"), "color", "inherit"))
        changes[count++] = (gbxi_option_change){"edges.color.color", NULL};
    if (label_is_outside(nodes) && is_absent(nodes, "font", "color")) {
        changes[count++] = (gbxi_option_change){"nodes.font.strokeWidth", "3"};
        changes[count++] = (gbxi_option_change){"nodes.font.strokeColor", "\"#ffffff\""};
    }
    gbxi_options_write_but(gbxi_visjs_options, given, changes, out);
}

static gbx_err visjs_render(const gbxi_graph *graph, gbxi_json_value given, gbxi_json_writer *out)
{
    drawing d = {.out = out};
    GBX_SPAN_NAMED("graph.render.visjs");

    gbxi_ids_init(&d.ids, graph, true);
    gbxi_members_of_graph(out, graph);
    gbxi_graph_write_node_list(out, "nodes", graph, visjs_write_node, &d);
    gbxi_graph_write_edge_list(out, "edges", graph, visjs_write_edge, &d);
    gbxi_json_key(out, "options");
    gbxi_json_object_begin(out);
    visjs_write_options(graph, given, out);
    gbxi_json_object_end(out);
    return GBX_ERR_OK;
}

const gbxi_engine gbxi_engine_visjs = {
    {"visjs", "vis-network", "Nodes, edges and options for vis-network.", gbxi_visjs_options},
    visjs_render,
};
