/* SPDX-License-Identifier: MIT */
/* Owns the engine `dot`, which writes a graph in Graphviz's DOT language. */
#include "graph/engine/diagram.h"
#include "graph/engine/dot_options.h"
#include "graph/engine/dot_quote.h"
#include "graph/engine/label.h"
#include "graph/registry.h"
#include "json/number.h"
#include <glassbox/span.h>
#include <string.h>

/* Attributes of nodes by kind. One of the two arrays is a diagram's style. */
static const char *const plain[GBXI_NODE_KIND_COUNT] = {"", "", "", ""};
static const char *const styles[GBXI_NODE_KIND_COUNT] = {
    [GBXI_NODE_ITEM] = "",
    [GBXI_NODE_ELEMENT] = ", shape=box",
    [GBXI_NODE_ATTRIBUTE] = ", shape=note, fontsize=10",
    [GBXI_NODE_TEXT] = ", shape=plaintext",
};

/* Writes a quoted label, in which backslashes start escapes and ampersands start entities. */
static void dot_add_label(gbxi_engine_output *output, const gbxi_label *label)
{
    size_t from = 0;

    gbxi_engine_output_add_z(output, "label=\"");
    for (size_t i = 0; i < label->length; i++) {
        char c = label->bytes[i];

        if (c != '"' && c != '\\' && c != '&')
            continue;
        gbxi_engine_output_add(output, label->bytes + from, i - from);
        gbxi_engine_output_add_z(output, c == '"' ? "\\\"" : c == '\\' ? "\\\\" : "&amp;");
        from = i + 1;
    }
    gbxi_engine_output_add(output, label->bytes + from, label->length - from);
    gbxi_engine_output_add(output, "\"", 1);
}

/* A page's ids are the letter n and digits, which need no quotes. */
static void dot_add_id(gbxi_engine_output *output, const gbxi_graph *graph, size_t node)
{
    gbxi_id_room room;
    gbxi_json_string id = gbxi_graph_node_id(graph, node, &room);

    if (graph->nodes[node].kind == GBXI_NODE_ITEM)
        gbxi_dot_add_quoted(output, id);
    else
        gbxi_engine_output_add(output, id.at, id.length);
}

static void dot_add_node(void *engine, size_t i)
{
    gbxi_diagram *d = engine;
    gbxi_engine_output *output = &d->output;
    const char *const *style = d->style;
    gbxi_label label;

    gbxi_engine_output_add(output, "  ", 2);
    dot_add_id(output, d->graph, i);
    gbxi_engine_output_add(output, " [", 2);
    gbxi_label_of_node(&label, d->graph, &d->graph->nodes[i]);
    dot_add_label(output, &label);
    gbxi_engine_output_add_z(output, style[d->graph->nodes[i].kind]);
    gbxi_engine_output_add(output, "];\n", 3);
}

static void dot_add_edge(void *engine, size_t i)
{
    gbxi_diagram *d = engine;
    gbxi_engine_output *output = &d->output;
    const gbxi_edge *edge = &d->graph->edges[i];
    gbxi_label label;

    gbxi_engine_output_add(output, "  ", 2);
    dot_add_id(output, d->graph, edge->source);
    gbxi_engine_output_add_z(output, d->graph->undirected ? " -- " : " -> ");
    dot_add_id(output, d->graph, edge->target);
    if (edge->label.length > 0) {
        gbxi_label_of_text(&label, d->graph, edge->label);
        gbxi_engine_output_add(output, " [", 2);
        dot_add_label(output, &label);
        gbxi_engine_output_add(output, "]", 1);
    }
    gbxi_engine_output_add(output, ";\n", 2);
}

/* Graphviz draws a box around any subgraph whose name begins with "cluster". */
static void dot_begin_box(void *engine, size_t cluster)
{
    gbxi_diagram *d = engine;
    const char *name = d->graph->clusters[cluster - 1];

    gbxi_engine_output_add_z(&d->output, "  subgraph cluster_");
    gbxi_engine_output_add_uint(&d->output, cluster);
    gbxi_engine_output_add_z(&d->output, " {\n  label=");
    gbxi_dot_add_quoted(&d->output, (gbxi_json_string){name, strlen(name)});
    gbxi_engine_output_add_z(&d->output, ";\n");
}

static void dot_end_box(void *engine, size_t cluster)
{
    gbxi_diagram *d = engine;

    (void)cluster;
    gbxi_engine_output_add_z(&d->output, "  }\n");
}

static void dot_add_value(gbxi_engine_output *output, gbxi_json_value value)
{
    char number[GBXI_JSON_REAL_MAX];
    gbxi_json_string text;
    double real;
    bool truth = false;

    if (gbxi_json_str(value, &text)) {
        gbxi_dot_add_quoted(output, text);
    } else if (gbxi_json_double(value, &real)) {
        gbxi_engine_output_add(output, "\"", 1);
        gbxi_engine_output_add(output, number, gbxi_json_real_text(real, number));
        gbxi_engine_output_add(output, "\"", 1);
    } else {
        gbxi_json_bool(value, &truth);
        gbxi_engine_output_add_z(output, truth ? "true" : "false");
    }
}

/* Writes the given options of a table, except groups, as one statement for the graph, all nodes or all edges. */
static void dot_add_attributes(gbxi_engine_output *output, const char *what, const gbxi_option *table,
                               gbxi_json_value given)
{
    bool first = true;

    for (const gbxi_option *row = table; row->name != NULL; row++) {
        gbxi_json_value value = gbxi_json_member(given, row->name);

        if (row->kind == GBXI_OPTION_KIND_GROUP || gbxi_json_typeof(value) == GBXI_JSON_ABSENT)
            continue;
        gbxi_engine_output_add_z(output, first ? "  " : ", ");
        if (first)
            gbxi_engine_output_add_z(output, what);
        gbxi_engine_output_add_z(output, first ? " [" : "");
        gbxi_engine_output_add_z(output, row->name);
        gbxi_engine_output_add(output, "=", 1);
        dot_add_value(output, value);
        first = false;
    }
    if (!first)
        gbxi_engine_output_add(output, "];\n", 3);
}

static void dot_add_head(gbxi_engine_output *output, const gbxi_graph *graph, gbxi_json_value given)
{
    gbxi_engine_output_add_z(output, graph->undirected ? "graph G {\n" : "digraph G {\n");
    dot_add_attributes(output, "graph", gbxi_dot_options, given);
    dot_add_attributes(output, "node", gbxi_dot_node, gbxi_json_member(given, "node"));
    dot_add_attributes(output, "edge", gbxi_dot_edge, gbxi_json_member(given, "edge"));
}

static const gbxi_diagram_language language = {
    .member = "dot",
    .size_member = "dot_size",
    .add_head = dot_add_head,
    .boxes = {dot_begin_box, dot_add_node, dot_end_box},
    .add_edge = dot_add_edge,
    .tail = "}\n",
};

static gbx_err dot_render(const gbxi_graph *graph, gbxi_json_value given, gbxi_json_writer *out)
{
    gbxi_json_type shape = gbxi_json_typeof(gbxi_json_member(gbxi_json_member(given, "node"), "shape"));
    GBX_SPAN_NAMED("graph.render.dot");

    return gbxi_diagram_write(&language, graph, given, shape == GBXI_JSON_ABSENT ? styles : plain, out);
}

const gbxi_engine gbxi_engine_dot = {
    {"dot", "Graphviz DOT", "A graph in the DOT language, for Graphviz and other tools that read it.",
     gbxi_dot_options},
    dot_render,
};
