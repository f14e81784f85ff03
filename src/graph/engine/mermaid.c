/* SPDX-License-Identifier: MIT */
/* Owns the engine `mermaid`, which writes a flowchart in the Mermaid language. */
#include "graph/engine/diagram.h"
#include "graph/engine/label.h"
#include "graph/engine/mermaid_label.h"
#include "graph/registry.h"
#include <glassbox/span.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *const directions[] = {"TD", "TB", "BT", "LR", "RL", NULL};
static const char *const themes[] = {"default", "neutral", "dark", "forest", "base", NULL};
static const char *const looks[] = {"classic", "handDrawn", NULL};
static const char *const curves[] = {"basis",     "bumpX",   "bumpY", "cardinal",  "catmullRom", "linear", "monotoneX",
                                     "monotoneY", "natural", "step",  "stepAfter", "stepBefore", NULL};

/* Configuration that belongs in a diagram. Settings that the page showing it must decide, such as security or the
 * maximum number of edges, are left out; Mermaid ignores them in a diagram. The answer says when a limit is passed. */
static const gbxi_option flowchart_options[] = {
    GBXI_OPTION_CHOICE("curve", NULL, curves, "Curve type of edges."),
    GBXI_OPTION_INTEGER("nodeSpacing", NULL, 0, 10000, "Distance between nodes of the same level, in pixels."),
    GBXI_OPTION_INTEGER("rankSpacing", NULL, 0, 10000, "Distance between levels, in pixels."),
    GBXI_OPTION_INTEGER("diagramPadding", NULL, 0, 10000, "Space around the diagram, in pixels."),
    GBXI_OPTION_INTEGER("padding", NULL, 0, 10000, "Space between a label and the border of its node, in pixels."),
    GBXI_OPTION_INTEGER("wrappingWidth", NULL, 1, 10000, "Width at which a label wraps to a new line, in pixels."),
    {0},
};
static const gbxi_option options[] = {
    GBXI_OPTION_CHOICE(
        "direction", "\"TD\"", directions,
        "Direction of the flow: top down (TD, TB), bottom up (BT), left to right (LR), right to left (RL)."),
    GBXI_OPTION_CHOICE("theme", NULL, themes, "Colour theme."),
    GBXI_OPTION_CHOICE("look", NULL, looks, "Classic look, or a look as if drawn by hand."),
    GBXI_OPTION_GROUP("flowchart", flowchart_options, "Options of flowcharts."),
    {0},
};

/* The brackets around a node's label, which determine its shape. */
typedef struct shape {
    const char *open;
    const char *close;
} shape;

static const shape shapes[GBXI_NODE_KIND_COUNT] = {
    [GBXI_NODE_ITEM] = {"[\"", "\"]\n"},
    [GBXI_NODE_ELEMENT] = {"[\"", "\"]\n"},
    [GBXI_NODE_ATTRIBUTE] = {"(\"", "\")\n"},
    [GBXI_NODE_TEXT] = {"([\"", "\"])\n"},
};

static void mermaid_add_label(gbxi_engine_output *output, const gbxi_label *label)
{
    gbxi_mermaid_add_label(output, label->bytes, label->length);
}

/* Writes a generated id: Mermaid cannot quote ids, and words such as `end` are keywords. */
static void mermaid_add_id(gbxi_engine_output *output, size_t node)
{
    gbxi_engine_output_add(output, "n", 1);
    gbxi_engine_output_add_uint(output, node);
}

static void mermaid_add_node(void *engine, size_t i)
{
    gbxi_diagram *d = engine;
    gbxi_engine_output *output = &d->output;
    const shape *shape_of = &shapes[d->graph->nodes[i].kind];
    gbxi_label label;

    gbxi_engine_output_add(output, "    ", 4);
    mermaid_add_id(output, i);
    gbxi_engine_output_add_z(output, shape_of->open);
    gbxi_label_of_node(&label, d->graph, &d->graph->nodes[i]);
    mermaid_add_label(output, &label);
    gbxi_engine_output_add_z(output, shape_of->close);
}

static void mermaid_add_edge(void *engine, size_t i)
{
    gbxi_diagram *d = engine;
    gbxi_engine_output *output = &d->output;
    const gbxi_edge *edge = &d->graph->edges[i];
    gbxi_label label;

    gbxi_engine_output_add(output, "    ", 4);
    mermaid_add_id(output, edge->source);
    gbxi_engine_output_add_z(output, d->graph->undirected ? " ---" : " -->");
    if (edge->label.length > 0) {
        gbxi_label_of_text(&label, d->graph, edge->label);
        gbxi_engine_output_add(output, "|\"", 2);
        mermaid_add_label(output, &label);
        gbxi_engine_output_add(output, "\"|", 2);
    }
    gbxi_engine_output_add(output, " ", 1);
    mermaid_add_id(output, edge->target);
    gbxi_engine_output_add(output, "\n", 1);
}

static void mermaid_begin_box(void *engine, size_t cluster)
{
    gbxi_diagram *d = engine;
    const char *name = d->graph->clusters[cluster - 1];

    gbxi_engine_output_add_z(&d->output, "    subgraph c");
    gbxi_engine_output_add_uint(&d->output, cluster);
    gbxi_engine_output_add_z(&d->output, "[\"");
    gbxi_mermaid_add_label(&d->output, name, strlen(name));
    gbxi_engine_output_add_z(&d->output, "\"]\n");
}

static void mermaid_end_box(void *engine, size_t cluster)
{
    gbxi_diagram *d = engine;

    (void)cluster;
    gbxi_engine_output_add_z(&d->output, "    end\n");
}

/* Writes the given options of a table as lines of YAML. Choices and whole numbers need no quotes. */
static void mermaid_add_settings(gbxi_engine_output *output, const gbxi_option *table, gbxi_json_value given,
                                 const char *indent)
{
    for (const gbxi_option *row = table; row->name != NULL; row++) {
        gbxi_json_value value = gbxi_json_member(given, row->name);
        gbxi_json_string text;
        uint64_t number;

        if (row->kind == GBXI_OPTION_KIND_GROUP || row->fallback != NULL || gbxi_json_typeof(value) == GBXI_JSON_ABSENT)
            continue;
        gbxi_engine_output_add_z(output, indent);
        gbxi_engine_output_add_z(output, row->name);
        gbxi_engine_output_add(output, ": ", 2);
        if (gbxi_json_str(value, &text))
            gbxi_engine_output_add(output, text.at, text.length);
        else if (gbxi_json_uint64(value, &number))
            gbxi_engine_output_add_uint(output, number);
        gbxi_engine_output_add(output, "\n", 1);
    }
}

/* Mermaid reads configuration from front matter. */
static void mermaid_add_head(gbxi_engine_output *output, const gbxi_graph *graph, gbxi_json_value given)
{
    gbxi_json_value flowchart = gbxi_json_member(given, "flowchart");
    gbxi_json_string direction = gbxi_option_text(options, given, "direction");
    bool directed = gbxi_json_typeof(gbxi_json_member(given, "direction")) != GBXI_JSON_ABSENT;

    (void)graph;
    if (gbxi_json_count(given) > (directed ? 1 : 0)) {
        gbxi_engine_output_add_z(output, "---\nconfig:\n");
        mermaid_add_settings(output, options, given, "  ");
        if (gbxi_json_count(flowchart) > 0)
            gbxi_engine_output_add_z(output, "  flowchart:\n");
        mermaid_add_settings(output, flowchart_options, flowchart, "    ");
        gbxi_engine_output_add_z(output, "---\n");
    }
    gbxi_engine_output_add_z(output, "flowchart ");
    gbxi_engine_output_add(output, direction.at, direction.length);
    gbxi_engine_output_add(output, "\n", 1);
}

/* One note: Mermaid's limit, the graph's number and the setting. */
static void mermaid_write_note(gbxi_json_writer *out, const char *what, unsigned limit, uint64_t number,
                               const char *setting)
{
    char text[256];

    snprintf(text, sizeof(text),
             "Mermaid draws at most %u %s unless it is told otherwise, and this diagram has %" PRIu64
             ". Call mermaid.initialize({%s: %" PRIu64 "}) first; a diagram cannot set it.",
             limit, what, number, setting, number);
    gbxi_json_string_z(out, text);
}

/* Mermaid counts characters where this counts bytes, so the note on the size may come too early, but never too late. */
static void mermaid_write_notes(const gbxi_graph *graph, uint64_t size, gbxi_json_writer *out)
{
    enum { EDGES_MAX = 500, TEXT_MAX = 50000 };

    if (graph->edge_count <= EDGES_MAX && size <= TEXT_MAX)
        return;
    gbxi_json_key(out, "notes");
    gbxi_json_array_begin(out);
    if (graph->edge_count > EDGES_MAX)
        mermaid_write_note(out, "edges", EDGES_MAX, graph->edge_count, "maxEdges");
    if (size > TEXT_MAX)
        mermaid_write_note(out, "characters", TEXT_MAX, size, "maxTextSize");
    gbxi_json_array_end(out);
}

static const gbxi_diagram_language language = {
    .member = "mermaid",
    .size_member = "mermaid_size",
    .add_head = mermaid_add_head,
    .boxes = {mermaid_begin_box, mermaid_add_node, mermaid_end_box},
    .add_edge = mermaid_add_edge,
    .tail = "",
    .write_notes = mermaid_write_notes,
};

static gbx_err mermaid_render(const gbxi_graph *graph, gbxi_json_value given, gbxi_json_writer *out)
{
    GBX_SPAN_NAMED("graph.render.mermaid");

    return gbxi_diagram_write(&language, graph, given, NULL, out);
}

const gbxi_engine gbxi_engine_mermaid = {
    {"mermaid", "Mermaid flowchart", "A flowchart in the Mermaid language, for Markdown and the Mermaid viewer.",
     options},
    mermaid_render,
};
