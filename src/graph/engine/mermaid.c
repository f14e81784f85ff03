/* SPDX-License-Identifier: MIT */
/* Owns the engine `mermaid`: a flowchart in the language of Mermaid. */
#include "graph/engine/label.h"
#include "graph/engine/output.h"
#include "graph/engine/walk.h"
#include "graph/registry.h"
#include <glassbox/span.h>

static const char *const directions[] = {"TD", "TB", "BT", "LR", "RL", NULL};
static const char *const themes[] = {"default", "neutral", "dark", "forest", "base", NULL};
static const char *const looks[] = {"classic", "handDrawn", NULL};
static const char *const curves[] = {"basis",     "bumpX",   "bumpY", "cardinal",  "catmullRom", "linear", "monotoneX",
                                     "monotoneY", "natural", "step",  "stepAfter", "stepBefore", NULL};

/* Configuration that has its place in a diagram: what a page that shows it must decide itself, such as security or how
 * many edges it takes, is not Mermaid's to read from there. */
static const gbx__option flowchart_options[] = {
    GBX__OPTION_CHOICE("curve", NULL, curves, "How edges run."),
    GBX__OPTION_INTEGER("nodeSpacing", NULL, 0, 10000, "Between nodes of a level, in pixels."),
    GBX__OPTION_INTEGER("rankSpacing", NULL, 0, 10000, "Between levels, in pixels."),
    GBX__OPTION_INTEGER("diagramPadding", NULL, 0, 10000, "Around the diagram, in pixels."),
    GBX__OPTION_INTEGER("padding", NULL, 0, 10000, "Around labels, in pixels."),
    GBX__OPTION_INTEGER("wrappingWidth", NULL, 1, 10000, "After which a label gets another line, in pixels."),
    {0},
};
static const gbx__option options[] = {
    GBX__OPTION_CHOICE("direction", "\"TD\"", directions, "Where the flow goes."),
    GBX__OPTION_CHOICE("theme", NULL, themes, "The colours."),
    GBX__OPTION_CHOICE("look", NULL, looks, "Whether it looks drawn by hand."),
    GBX__OPTION_GROUP("flowchart", flowchart_options, "Of flowcharts."),
    {0},
};

/* What is written. */
typedef struct drawing {
    const gbx__graph *graph;
    gbx__output output;
} drawing;

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
static void add_text(gbx__output *output, const char *bytes, size_t length)
{
    size_t from = 0;

    for (size_t i = 0; i < length; ++i) {
        unsigned char c = (unsigned char)bytes[i];

        if (is_plain(c))
            continue;
        gbx__output_add(output, bytes + from, i - from);
        gbx__output_add(output, "#", 1);
        gbx__output_add_uint(output, c);
        gbx__output_add(output, ";", 1);
        from = i + 1;
    }
    gbx__output_add(output, bytes + from, length - from);
    if (length == 0)
        gbx__output_add(output, " ", 1);
}

static void add_label(gbx__output *output, const gbx__label *label)
{
    add_text(output, label->bytes, label->length);
}

/* Ids of the diagram's own: Mermaid has no way to quote one, and words such as `end` would break it. */
static void add_id(gbx__output *output, size_t node)
{
    gbx__output_add(output, "n", 1);
    gbx__output_add_uint(output, node);
}

static void add_node(void *engine, size_t i)
{
    drawing *d = engine;
    gbx__output *output = &d->output;
    const shape *shape_of = &shapes[d->graph->nodes[i].kind];
    gbx__label label;

    gbx__output_add(output, "    ", 4);
    add_id(output, i);
    gbx__output_add_z(output, shape_of->open);
    gbx__label_of_node(&label, d->graph, &d->graph->nodes[i]);
    add_label(output, &label);
    gbx__output_add_z(output, shape_of->close);
}

static void add_edge(void *engine, size_t i)
{
    drawing *d = engine;
    gbx__output *output = &d->output;
    const gbx__edge *edge = &d->graph->edges[i];
    gbx__label label;

    gbx__output_add(output, "    ", 4);
    add_id(output, edge->source);
    gbx__output_add_z(output, " -->");
    if (edge->label.length > 0) {
        gbx__label_of_text(&label, d->graph, edge->label);
        gbx__output_add(output, "|\"", 2);
        add_label(output, &label);
        gbx__output_add(output, "\"|", 2);
    }
    gbx__output_add(output, " ", 1);
    add_id(output, edge->target);
    gbx__output_add(output, "\n", 1);
}

static void begin_box(void *engine, size_t cluster)
{
    drawing *d = engine;
    const char *name = d->graph->clusters[cluster - 1];

    gbx__output_add_z(&d->output, "    subgraph c");
    gbx__output_add_uint(&d->output, cluster);
    gbx__output_add_z(&d->output, "[\"");
    add_text(&d->output, name, strlen(name));
    gbx__output_add_z(&d->output, "\"]\n");
}

static void end_box(void *engine, size_t cluster)
{
    drawing *d = engine;

    (void)cluster;
    gbx__output_add_z(&d->output, "    end\n");
}

static const gbx__box_writers boxes = {begin_box, add_node, end_box};

/* The given ones of a table as lines of YAML; a choice and a whole number need no quotes. */
static void add_settings(gbx__output *output, const gbx__option *table, gbx_json_value given, const char *indent)
{
    for (const gbx__option *row = table; row->name != NULL; ++row) {
        gbx_json_value value = gbx_json_member(given, row->name);
        gbx_json_string text;
        uint64_t number;

        if (row->kind == GBX__OPTION_KIND_GROUP || row->fallback != NULL || gbx_json_typeof(value) == GBX_JSON_ABSENT)
            continue;
        gbx__output_add_z(output, indent);
        gbx__output_add_z(output, row->name);
        gbx__output_add(output, ": ", 2);
        if (gbx_json_str(value, &text))
            gbx__output_add(output, text.at, text.length);
        else if (gbx_json_uint64(value, &number))
            gbx__output_add_uint(output, number);
        gbx__output_add(output, "\n", 1);
    }
}

/* Mermaid reads configuration from front matter. */
static void add_head(gbx__output *output, gbx_json_value given)
{
    gbx_json_value flowchart = gbx_json_member(given, "flowchart");
    gbx_json_string direction = gbx__option_text(options, given, "direction");
    bool directed = gbx_json_typeof(gbx_json_member(given, "direction")) != GBX_JSON_ABSENT;

    if (gbx_json_count(given) > (directed ? 1 : 0)) {
        gbx__output_add_z(output, "---\nconfig:\n");
        add_settings(output, options, given, "  ");
        if (gbx_json_count(flowchart) > 0)
            gbx__output_add_z(output, "  flowchart:\n");
        add_settings(output, flowchart_options, flowchart, "    ");
        gbx__output_add_z(output, "---\n");
    }
    gbx__output_add_z(output, "flowchart ");
    gbx__output_add(output, direction.at, direction.length);
    gbx__output_add(output, "\n", 1);
}

static gbx_err render(const gbx__graph *graph, gbx_json_value given, gbx_json_writer *out)
{
    drawing d = {.graph = graph};
    gbx__clusters clusters;
    uint64_t size;
    gbx_err err;
    GBX_SPAN_NAMED("graph.render.mermaid");

    if ((err = gbx__clusters_init(&clusters, graph)) != GBX_ERR_OK)
        return err;
    gbx__output_begin(&d.output, out, "mermaid");
    add_head(&d.output, given);
    gbx__walk_clusters(graph, &clusters, &boxes, &d);
    gbx__walk_edges(graph, add_edge, &d);
    size = gbx__output_end(&d.output);
    gbx_json_key(out, "mermaid_size");
    gbx_json_uint(out, size);
    gbx__clusters_fini(&clusters);
    return GBX_ERR_OK;
}

const gbx__engine gbx__engine_mermaid = {
    {"mermaid", "Mermaid flowchart", "A flowchart in Mermaid's language, for Markdown and Mermaid's own viewer.",
     options},
    render,
};
