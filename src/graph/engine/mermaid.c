/* SPDX-License-Identifier: MIT */
/* Owns the engine `mermaid`: a flowchart in the language of Mermaid. */
#include "graph/engine/diagram.h"
#include "graph/engine/label.h"
#include "graph/registry.h"
#include <glassbox/span.h>
#include <string.h>

static const char *const directions[] = {"TD", "TB", "BT", "LR", "RL", NULL};
static const char *const themes[] = {"default", "neutral", "dark", "forest", "base", NULL};
static const char *const looks[] = {"classic", "handDrawn", NULL};
static const char *const curves[] = {"basis",     "bumpX",   "bumpY", "cardinal",  "catmullRom", "linear", "monotoneX",
                                     "monotoneY", "natural", "step",  "stepAfter", "stepBefore", NULL};

/* Configuration that has its place in a diagram: what a page that shows it must decide itself, such as security or how
 * many edges it takes, is not Mermaid's to read from there. */
static const gbxi_option flowchart_options[] = {
    GBXI_OPTION_CHOICE("curve", NULL, curves, "How edges run."),
    GBXI_OPTION_INTEGER("nodeSpacing", NULL, 0, 10000, "Between nodes of a level, in pixels."),
    GBXI_OPTION_INTEGER("rankSpacing", NULL, 0, 10000, "Between levels, in pixels."),
    GBXI_OPTION_INTEGER("diagramPadding", NULL, 0, 10000, "Around the diagram, in pixels."),
    GBXI_OPTION_INTEGER("padding", NULL, 0, 10000, "Around labels, in pixels."),
    GBXI_OPTION_INTEGER("wrappingWidth", NULL, 1, 10000, "After which a label gets another line, in pixels."),
    {0},
};
static const gbxi_option options[] = {
    GBXI_OPTION_CHOICE("direction", "\"TD\"", directions, "Where the flow goes."),
    GBXI_OPTION_CHOICE("theme", NULL, themes, "The colours."),
    GBXI_OPTION_CHOICE("look", NULL, looks, "Whether it looks drawn by hand."),
    GBXI_OPTION_GROUP("flowchart", flowchart_options, "Of flowcharts."),
    {0},
};

/* What goes around a node's label: its shape. */
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

/* Beside letters, digits and what is not ASCII, these mean themselves anywhere in a quoted label. Everything else may
 * start something: a directive (%%{), an icon (fa:), a formula ($$), a list (1. or -), emphasis, an entity, HTML. */
static bool mermaid_is_plain(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80 || c == ' ' ||
           c == ',' || c == '(' || c == ')' || c == '/' || c == '!' || c == '?' || c == '\'';
}

/* Labels are in quotes; what is not plain is an entity by its number. An empty label would be a syntax error. */
static void mermaid_add_text(gbxi_engine_output *output, const char *bytes, size_t length)
{
    size_t from = 0;

    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)bytes[i];

        if (mermaid_is_plain(c))
            continue;
        gbxi_engine_output_add(output, bytes + from, i - from);
        gbxi_engine_output_add(output, "#", 1);
        gbxi_engine_output_add_uint(output, c);
        gbxi_engine_output_add(output, ";", 1);
        from = i + 1;
    }
    gbxi_engine_output_add(output, bytes + from, length - from);
    if (length == 0)
        gbxi_engine_output_add(output, " ", 1);
}

static void mermaid_add_label(gbxi_engine_output *output, const gbxi_label *label)
{
    mermaid_add_text(output, label->bytes, label->length);
}

/* Ids of the diagram's own: Mermaid has no way to quote one, and words such as `end` would break it. */
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
    gbxi_engine_output_add_z(output, " -->");
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
    mermaid_add_text(&d->output, name, strlen(name));
    gbxi_engine_output_add_z(&d->output, "\"]\n");
}

static void mermaid_end_box(void *engine, size_t cluster)
{
    gbxi_diagram *d = engine;

    (void)cluster;
    gbxi_engine_output_add_z(&d->output, "    end\n");
}

/* The given ones of a table as lines of YAML; a choice and a whole number need no quotes. */
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
static void mermaid_add_head(gbxi_engine_output *output, gbxi_json_value given)
{
    gbxi_json_value flowchart = gbxi_json_member(given, "flowchart");
    gbxi_json_string direction = gbxi_option_text(options, given, "direction");
    bool directed = gbxi_json_typeof(gbxi_json_member(given, "direction")) != GBXI_JSON_ABSENT;

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

static const gbxi_diagram_language language = {
    .member = "mermaid",
    .size_member = "mermaid_size",
    .add_head = mermaid_add_head,
    .boxes = {mermaid_begin_box, mermaid_add_node, mermaid_end_box},
    .add_edge = mermaid_add_edge,
    .tail = "",
};

static gbx_err mermaid_render(const gbxi_graph *graph, gbxi_json_value given, gbxi_json_writer *out)
{
    GBX_SPAN_NAMED("graph.render.mermaid");

    return gbxi_diagram_write(&language, graph, given, NULL, out);
}

const gbxi_engine gbxi_engine_mermaid = {
    {"mermaid", "Mermaid flowchart", "A flowchart in Mermaid's language, for Markdown and Mermaid's own viewer.",
     options},
    mermaid_render,
};
