/* SPDX-License-Identifier: MIT */
/* Owns the engine `dot`: a digraph in the language of Graphviz. */
#include "graph/label.h"
#include "graph/output.h"
#include "graph/registry.h"
#include <glassbox/span.h>

static const char *const styles[GBX__NODE_KIND_COUNT] = {
    [GBX__NODE_ITEM] = "",
    [GBX__NODE_ELEMENT] = ", shape=box",
    [GBX__NODE_ATTRIBUTE] = ", shape=note, fontsize=10",
    [GBX__NODE_TEXT] = ", shape=plaintext",
};

/* An id in quotes. Graphviz unescapes nothing in an id but the quote, so two different ids stay different when every
 * backslash is doubled: one at the end would take the closing quote along. A NUL byte, which would end the text for
 * Graphviz, becomes a backslash and a zero, which no other id can. */
static void add_quoted_id(gbx__output *output, gbx_json_string id)
{
    size_t from = 0;

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

static void add_nodes(gbx__output *output, const gbx__graph *graph, size_t begin, size_t end)
{
    gbx__label label;
    GBX_SPAN_NAMED("graph.render.dot.nodes");

    gbx_note_int("first", (int64_t)begin);
    gbx_note_int("count", (int64_t)(end - begin));
    for (size_t i = begin; i < end; ++i) {
        gbx__output_add(output, "  ", 2);
        add_id(output, graph, i);
        gbx__output_add(output, " [", 2);
        gbx__label_of_node(&label, graph, &graph->nodes[i]);
        add_label(output, &label);
        gbx__output_add_z(output, styles[graph->nodes[i].kind]);
        gbx__output_add(output, "];\n", 3);
    }
}

static void add_edges(gbx__output *output, const gbx__graph *graph, size_t begin, size_t end)
{
    gbx__label label;
    GBX_SPAN_NAMED("graph.render.dot.edges");

    gbx_note_int("first", (int64_t)begin);
    gbx_note_int("count", (int64_t)(end - begin));
    for (size_t i = begin; i < end; ++i) {
        const gbx__edge *edge = &graph->edges[i];

        gbx__output_add(output, "  ", 2);
        add_id(output, graph, edge->source);
        gbx__output_add(output, " -> ", 4);
        add_id(output, graph, edge->target);
        if (edge->label.length > 0) {
            gbx__label_of_text(&label, graph, edge->label);
            gbx__output_add(output, " [", 2);
            add_label(output, &label);
            gbx__output_add(output, "]", 1);
        }
        gbx__output_add(output, ";\n", 2);
    }
}

static gbx_err render(const gbx__graph *graph, gbx_json_value given, gbx_json_writer *out)
{
    size_t node_batch = gbx__graph_batch(graph->node_count), edge_batch = gbx__graph_batch(graph->edge_count);
    gbx__output output;
    uint64_t size;
    GBX_SPAN_NAMED("graph.render.dot");

    (void)given;
    gbx__output_begin(&output, out, "dot");
    gbx__output_add_z(&output, "digraph G {\n");
    for (size_t i = 0; i < graph->node_count; i += node_batch)
        add_nodes(&output, graph, i, graph->node_count - i < node_batch ? graph->node_count : i + node_batch);
    for (size_t i = 0; i < graph->edge_count; i += edge_batch)
        add_edges(&output, graph, i, graph->edge_count - i < edge_batch ? graph->edge_count : i + edge_batch);
    gbx__output_add_z(&output, "}\n");
    size = gbx__output_end(&output);
    gbx_json_key(out, "dot_size");
    gbx_json_uint(out, size);
    gbx_note_int("bytes", (int64_t)size);
    return GBX_ERR_OK;
}

const gbx__engine gbx__engine_dot = {
    {"dot", "Graphviz DOT", "A digraph in the DOT language, for Graphviz and the tools that read it.", NULL},
    render,
};
