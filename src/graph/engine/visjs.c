/* SPDX-License-Identifier: MIT */
/* Owns the engine `visjs`: nodes, edges and options as vis-network takes them. */
#include "graph/engine/ids.h"
#include "graph/engine/members.h"
#include "graph/engine/visjs_options.h"
#include "graph/engine/walk.h"
#include "graph/registry.h"
#include "json/copy.h"
#include <glassbox/span.h>

/* What vis-network reads of nodes and edges: a request's value could be of the wrong type, hide the node, load a
 * picture, make HTML of a label. An edge's `id` would have to be unique; without one it gets one. */
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

static const gbx__member_names node_names = {node_said, node_reserved};
static const gbx__member_names edge_names = {edge_said, edge_reserved};

/* What is written. */
typedef struct drawing {
    gbx_json_writer *out;
    gbx__ids ids;
} drawing;

/* Groups are colours: of a cluster, of a kind of a page's nodes, or the request's own, which must be something that
 * vis-network takes. */
static void write_group(gbx_json_writer *out, const gbx__graph *graph, const gbx__node *node)
{
    const char *group = gbx__clusters_name(graph, node);
    gbx_json_value own;
    gbx_json_type type;

    if (group == NULL)
        group = gbx__members_kind(node);
    if (group != NULL) {
        gbx_json_key(out, "group");
        gbx_json_string_z(out, group);
        return;
    }
    own = gbx_json_member(gbx__members_node_value(graph, node), "group");
    type = gbx_json_typeof(own);
    if (type != GBX_JSON_STRING && type != GBX_JSON_INTEGER && type != GBX_JSON_DOUBLE)
        return;
    gbx_json_key(out, "group");
    gbx_json_copy(out, own);
}

static void write_node(void *engine, size_t i)
{
    const drawing *d = engine;
    const gbx__graph *graph = d->ids.graph;
    const gbx__node *node = &graph->nodes[i];

    gbx_json_object_begin(d->out);
    gbx_json_key(d->out, "id");
    gbx__ids_write_node(&d->ids, i, d->out);
    gbx__members_of_node(d->out, graph, node);
    write_group(d->out, graph, node);
    gbx__members_further(d->out, gbx__members_node_value(graph, node), &node_names);
    gbx_json_object_end(d->out);
}

static void write_edge(void *engine, size_t i)
{
    const drawing *d = engine;
    const gbx__graph *graph = d->ids.graph;
    const gbx__edge *edge = &graph->edges[i];

    gbx_json_object_begin(d->out);
    gbx_json_key(d->out, "from");
    gbx__ids_write_node(&d->ids, edge->source, d->out);
    gbx_json_key(d->out, "to");
    gbx__ids_write_node(&d->ids, edge->target, d->out);
    gbx__members_of_edge(d->out, graph, edge);
    gbx__members_further(d->out, gbx__members_edge_value(graph, edge), &edge_names);
    gbx_json_object_end(d->out);
}

static gbx_err render(const gbx__graph *graph, gbx_json_value given, gbx_json_writer *out)
{
    drawing d = {.out = out};
    GBX_SPAN_NAMED("graph.render.visjs");

    gbx__ids_init(&d.ids, graph, true);
    gbx_json_key(out, "nodes");
    gbx_json_array_begin(out);
    gbx__walk_nodes(graph, write_node, &d);
    gbx_json_array_end(out);
    gbx_json_key(out, "edges");
    gbx_json_array_begin(out);
    gbx__walk_edges(graph, write_edge, &d);
    gbx_json_array_end(out);
    gbx_json_key(out, "options");
    gbx_json_object_begin(out);
    gbx__options_write(gbx__visjs_options, given, out);
    gbx_json_object_end(out);
    return GBX_ERR_OK;
}

const gbx__engine gbx__engine_visjs = {
    {"visjs", "vis-network", "Nodes, edges and options for vis-network.", gbx__visjs_options},
    render,
};
