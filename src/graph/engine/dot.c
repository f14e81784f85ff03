/* SPDX-License-Identifier: MIT */
/* Owns the engine `dot`: a digraph in the language of Graphviz. */
#include "graph/engine/dot_options.h"
#include "graph/engine/label.h"
#include "graph/engine/output.h"
#include "graph/engine/walk.h"
#include "graph/registry.h"
#include "json/number.h"
#include <glassbox/span.h>

/* What is written, and how. */
typedef struct drawing {
    const gbx__graph *graph;
    const char *const *styles; /* by kind */
    gbx__output output;
} drawing;

static const char *const plain[GBX__NODE_KIND_COUNT] = {"", "", "", ""};
static const char *const styles[GBX__NODE_KIND_COUNT] = {
    [GBX__NODE_ITEM] = "",
    [GBX__NODE_ELEMENT] = ", shape=box",
    [GBX__NODE_ATTRIBUTE] = ", shape=note, fontsize=10",
    [GBX__NODE_TEXT] = ", shape=plaintext",
};

/* An id in quotes. Graphviz unescapes nothing in an id but the quote, so two different ids stay different when every
 * backslash is doubled: one at the end would take the closing quote along. A NUL byte, which would end the text for
 * Graphviz, becomes a backslash and a zero, which no other id can; a line break alone, which Graphviz 2.43 takes for
 * the empty id, becomes a backslash and an n. */
static void add_quoted_id(gbx__output *output, gbx_json_string id)
{
    size_t from = 0;

    if (id.length == 1 && id.at[0] == '\n') {
        gbx__output_add_z(output, "\"\\n\"");
        return;
    }
    gbx__output_add(output, "\"", 1);
    for (size_t i = 0; i < id.length; ++i) {
        char c = id.at[i];

        if (c != '"' && c != '\\' && c != '\0')
            continue;
        gbx__output_add(output, id.at + from, i - from);
        gbx__output_add_z(output, c == '"' ? "\\\"" : c == '\\' ? "\\\\" : "\\0");
        from = i + 1;
    }
    gbx__output_add(output, id.at + from, id.length - from);
    gbx__output_add(output, "\"", 1);
}

/* A label in quotes: backslashes start escapes there, and ampersands entities. */
static void add_label(gbx__output *output, const gbx__label *label)
{
    size_t from = 0;

    gbx__output_add_z(output, "label=\"");
    for (size_t i = 0; i < label->length; ++i) {
        char c = label->bytes[i];

        if (c != '"' && c != '\\' && c != '&')
            continue;
        gbx__output_add(output, label->bytes + from, i - from);
        gbx__output_add_z(output, c == '"' ? "\\\"" : c == '\\' ? "\\\\" : "&amp;");
        from = i + 1;
    }
    gbx__output_add(output, label->bytes + from, label->length - from);
    gbx__output_add(output, "\"", 1);
}

/* A page's ids are n and digits, which need no quotes. */
static void add_id(gbx__output *output, const gbx__graph *graph, size_t node)
{
    gbx__id_room room;
    gbx_json_string id = gbx__graph_node_id(graph, node, &room);

    if (graph->nodes[node].kind == GBX__NODE_ITEM)
        add_quoted_id(output, id);
    else
        gbx__output_add(output, id.at, id.length);
}

static void add_node(void *engine, size_t i)
{
    drawing *d = engine;
    gbx__output *output = &d->output;
    gbx__label label;

    gbx__output_add(output, "  ", 2);
    add_id(output, d->graph, i);
    gbx__output_add(output, " [", 2);
    gbx__label_of_node(&label, d->graph, &d->graph->nodes[i]);
    add_label(output, &label);
    gbx__output_add_z(output, d->styles[d->graph->nodes[i].kind]);
    gbx__output_add(output, "];\n", 3);
}

static void add_edge(void *engine, size_t i)
{
    drawing *d = engine;
    gbx__output *output = &d->output;
    const gbx__edge *edge = &d->graph->edges[i];
    gbx__label label;

    gbx__output_add(output, "  ", 2);
    add_id(output, d->graph, edge->source);
    gbx__output_add(output, " -> ", 4);
    add_id(output, d->graph, edge->target);
    if (edge->label.length > 0) {
        gbx__label_of_text(&label, d->graph, edge->label);
        gbx__output_add(output, " [", 2);
        add_label(output, &label);
        gbx__output_add(output, "]", 1);
    }
    gbx__output_add(output, ";\n", 2);
}

/* Graphviz takes any subgraph whose name begins with "cluster" for a box. */
static void begin_box(void *engine, size_t cluster)
{
    drawing *d = engine;
    const char *name = d->graph->clusters[cluster - 1];

    gbx__output_add_z(&d->output, "  subgraph cluster_");
    gbx__output_add_uint(&d->output, cluster);
    gbx__output_add_z(&d->output, " {\n  label=");
    add_quoted_id(&d->output, (gbx_json_string){name, strlen(name)});
    gbx__output_add_z(&d->output, ";\n");
}

static void end_box(void *engine, size_t cluster)
{
    drawing *d = engine;

    (void)cluster;
    gbx__output_add_z(&d->output, "  }\n");
}

static const gbx__box_writers boxes = {begin_box, add_node, end_box};

static void add_value(gbx__output *output, gbx_json_value value)
{
    char number[GBX__JSON_REAL_MAX];
    gbx_json_string text;
    double real;
    bool truth = false;

    if (gbx_json_str(value, &text)) {
        add_quoted_id(output, text);
    } else if (gbx_json_double(value, &real)) {
        gbx__output_add(output, "\"", 1);
        gbx__output_add(output, number, gbx__json_real_text(real, number));
        gbx__output_add(output, "\"", 1);
    } else {
        gbx_json_bool(value, &truth);
        gbx__output_add_z(output, truth ? "true" : "false");
    }
}

/* What is given of a table, groups left out, as a statement about all nodes, all edges or the graph. */
static void add_attributes(gbx__output *output, const char *what, const gbx__option *table, gbx_json_value given)
{
    bool first = true;

    for (const gbx__option *row = table; row->name != NULL; ++row) {
        gbx_json_value value = gbx_json_member(given, row->name);

        if (row->kind == GBX__OPTION_KIND_GROUP || gbx_json_typeof(value) == GBX_JSON_ABSENT)
            continue;
        gbx__output_add_z(output, first ? "  " : ", ");
        if (first)
            gbx__output_add_z(output, what);
        gbx__output_add_z(output, first ? " [" : "");
        gbx__output_add_z(output, row->name);
        gbx__output_add(output, "=", 1);
        add_value(output, value);
        first = false;
    }
    if (!first)
        gbx__output_add(output, "];\n", 3);
}

static gbx_err render(const gbx__graph *graph, gbx_json_value given, gbx_json_writer *out)
{
    gbx_json_value node = gbx_json_member(given, "node");
    gbx_json_type shape = gbx_json_typeof(gbx_json_member(node, "shape"));
    drawing d = {.graph = graph, .styles = shape == GBX_JSON_ABSENT ? styles : plain};
    gbx__clusters clusters;
    uint64_t size;
    gbx_err err;
    GBX_SPAN_NAMED("graph.render.dot");

    if ((err = gbx__clusters_init(&clusters, graph)) != GBX_ERR_OK)
        return err;
    gbx__output_begin(&d.output, out, "dot");
    gbx__output_add_z(&d.output, "digraph G {\n");
    add_attributes(&d.output, "graph", gbx__dot_options, given);
    add_attributes(&d.output, "node", gbx__dot_node, node);
    add_attributes(&d.output, "edge", gbx__dot_edge, gbx_json_member(given, "edge"));
    gbx__walk_clusters(graph, &clusters, &boxes, &d);
    gbx__walk_edges(graph, add_edge, &d);
    gbx__output_add_z(&d.output, "}\n");
    size = gbx__output_end(&d.output);
    gbx_json_key(out, "dot_size");
    gbx_json_uint(out, size);
    gbx__clusters_fini(&clusters);
    return GBX_ERR_OK;
}

const gbx__engine gbx__engine_dot = {
    {"dot", "Graphviz DOT", "A digraph in the DOT language, for Graphviz and the tools that read it.",
     gbx__dot_options},
    render,
};
