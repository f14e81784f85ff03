/* SPDX-License-Identifier: MIT */
/* Owns the engine `mermaid`: a flowchart in the language of Mermaid. */
#include "graph/label.h"
#include "graph/output.h"
#include "graph/registry.h"
#include <glassbox/span.h>

/* What goes around a node's label: its shape. */
typedef struct shape {
    const char *open;
    const char *close;
} shape;

static const shape shapes[GBX__NODE_KIND_COUNT] = {
    [GBX__NODE_ITEM] = {"[\"", "\"]\n"},
    [GBX__NODE_ELEMENT] = {"[\"", "\"]\n"},
    [GBX__NODE_ATTRIBUTE] = {"(\"", "\")\n"},
    [GBX__NODE_TEXT] = {"([\"", "\"])\n"},
};

/* Beside letters, digits and what is not ASCII, these mean themselves anywhere in a quoted label. Everything else may
 * start something: a directive (%%{), an icon (fa:), a formula ($$), a list (1. or -), emphasis, an entity, HTML. */
static bool is_plain(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80 || c == ' ' ||
           c == ',' || c == '(' || c == ')' || c == '/' || c == '!' || c == '?' || c == '\'';
}

/* Labels are in quotes; what is not plain is an entity by its number. An empty label would be a syntax error. */
static void add_label(gbx__output *output, const gbx__label *label)
{
    size_t from = 0;

    for (size_t i = 0; i < label->length; ++i) {
        unsigned char c = (unsigned char)label->bytes[i];

        if (is_plain(c))
            continue;
        gbx__output_add(output, label->bytes + from, i - from);
        gbx__output_add(output, "#", 1);
        gbx__output_add_uint(output, c);
        gbx__output_add(output, ";", 1);
        from = i + 1;
    }
    gbx__output_add(output, label->bytes + from, label->length - from);
    if (label->length == 0)
        gbx__output_add(output, " ", 1);
}

/* Ids of the diagram's own: Mermaid has no way to quote one, and words such as `end` would break it. */
static void add_id(gbx__output *output, size_t node)
{
    gbx__output_add(output, "n", 1);
    gbx__output_add_uint(output, node);
}

static void add_nodes(gbx__output *output, const gbx__graph *graph, size_t begin, size_t end)
{
    gbx__label label;
    GBX_SPAN_NAMED("graph.render.mermaid.nodes");

    gbx_note_int("first", (int64_t)begin);
    gbx_note_int("count", (int64_t)(end - begin));
    for (size_t i = begin; i < end; ++i) {
        const shape *shape_of = &shapes[graph->nodes[i].kind];

        gbx__output_add(output, "    ", 4);
        add_id(output, i);
        gbx__output_add_z(output, shape_of->open);
        gbx__label_of_node(&label, graph, &graph->nodes[i]);
        add_label(output, &label);
        gbx__output_add_z(output, shape_of->close);
    }
}

static void add_edges(gbx__output *output, const gbx__graph *graph, size_t begin, size_t end)
{
    gbx__label label;
    GBX_SPAN_NAMED("graph.render.mermaid.edges");

    gbx_note_int("first", (int64_t)begin);
    gbx_note_int("count", (int64_t)(end - begin));
    for (size_t i = begin; i < end; ++i) {
        const gbx__edge *edge = &graph->edges[i];

        gbx__output_add(output, "    ", 4);
        add_id(output, edge->source);
        gbx__output_add_z(output, " -->");
        if (edge->label.length > 0) {
            gbx__label_of_text(&label, graph, edge->label);
            gbx__output_add(output, "|\"", 2);
            add_label(output, &label);
            gbx__output_add(output, "\"|", 2);
        }
        gbx__output_add(output, " ", 1);
        add_id(output, edge->target);
        gbx__output_add(output, "\n", 1);
    }
}

static gbx_err render(const gbx__graph *graph, gbx_json_value given, gbx_json_writer *out)
{
    size_t node_batch = gbx__graph_batch(graph->node_count), edge_batch = gbx__graph_batch(graph->edge_count);
    gbx__output output;
    uint64_t size;
    GBX_SPAN_NAMED("graph.render.mermaid");

    (void)given;
    gbx__output_begin(&output, out, "mermaid");
    gbx__output_add_z(&output, "flowchart TD\n");
    for (size_t i = 0; i < graph->node_count; i += node_batch)
        add_nodes(&output, graph, i, graph->node_count - i < node_batch ? graph->node_count : i + node_batch);
    for (size_t i = 0; i < graph->edge_count; i += edge_batch)
        add_edges(&output, graph, i, graph->edge_count - i < edge_batch ? graph->edge_count : i + edge_batch);
    size = gbx__output_end(&output);
    gbx_json_key(out, "mermaid_size");
    gbx_json_uint(out, size);
    gbx_note_int("bytes", (int64_t)size);
    return GBX_ERR_OK;
}

const gbx__engine gbx__engine_mermaid = {
    {"mermaid", "Mermaid flowchart", "A flowchart in Mermaid's language, for Markdown and Mermaid's own viewer.", NULL},
    render,
};
