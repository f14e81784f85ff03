/* SPDX-License-Identifier: MIT */
/* Owns the engine `tree`: the graph as an indented text, from its roots down. */
#include "graph/adjacency.h"
#include "graph/engine/clusters.h"
#include "graph/engine/label.h"
#include "graph/engine/output.h"
#include "graph/registry.h"
#include <glassbox/span.h>
#include <stdlib.h>

/* Lines deeper than this are not indented further but say how deep they are: else a page 10,000 levels deep would be
 * mostly indentation, which grows with the square of the depth. */
enum { INDENTED_LEVELS_MAX = 32 };

/* OPEN: on the path from the root to here. UNSHOWN: visited, but too deep to be shown. */
typedef enum state { UNSEEN, OPEN, DONE, UNSHOWN } state;

/* What lines are drawn with. */
typedef struct strokes {
    const char *through; /* a level that goes on below */
    const char *blank;   /* one that does not */
    const char *branch;  /* a node with a sibling below */
    const char *last;    /* one without */
    const char *dots;    /* levels left out */
    const char *arrow;   /* behind an edge's label */
    const char *more;    /* nodes left out below */
} strokes;

static const char *const branches[] = {"unicode", "ascii", NULL};
static const strokes strokes_of[] = {
    {"│   ", "    ", "├── ", "└── ", "··· ", " → ", " …"},
    {"|   ", "    ", "|-- ", "`-- ", "... ", " -> ", " ..."},
};
static const gbxi_option options[] = {
    GBXI_OPTION_INTEGER("max_depth", "0", 0, 1000000, "Levels shown below the roots; 0 is all."),
    GBXI_OPTION_BOOL("ids", "true", "Whether an id follows a label that is another text."),
    GBXI_OPTION_CHOICE("branches", "\"unicode\"", branches, "What branches are drawn with."),
    {0},
};

/* A node on the path, and the place in the adjacency of the edge to take next. */
typedef struct level {
    uint32_t node;
    uint32_t next;
} level;

typedef struct walk {
    const gbxi_graph *graph;
    gbxi_adjacency adjacency;
    unsigned char *states; /* of type state, one a node */
    level *path;           /* a node is on it once at most, so that node_count levels are enough */
    size_t depth;
    const strokes *strokes;
    size_t depth_max; /* deeper ones are visited, but not shown */
    bool ids;
    gbxi_engine_output output;
} walk;

/* What goes around a node's label, by kind. */
static const char *const before[GBXI_NODE_KIND_COUNT] = {"", "<", "@", "\""};
static const char *const after[GBXI_NODE_KIND_COUNT] = {"", ">", "", "\""};

static gbx_err tree_init(walk *w, const gbxi_graph *graph)
{
    gbx_err err;
    GBX_SPAN_NAMED("graph.render.tree.index");

    w->graph = graph;
    w->depth = 0;
    if ((err = gbxi_adjacency_init(&w->adjacency, graph, GBXI_ADJACENCY_OUT)) != GBX_ERR_OK)
        return err;
    w->states = calloc(graph->node_count + 1, 1);
    w->path = malloc((graph->node_count + 1) * sizeof(*w->path));
    return w->states != NULL && w->path != NULL ? GBX_ERR_OK : GBX_ERR_NO_MEMORY;
}

static void tree_fini(walk *w)
{
    gbxi_adjacency_fini(&w->adjacency);
    free(w->states);
    free(w->path);
}

static bool has_more_edges(const walk *w, const level *at)
{
    return at->next < w->adjacency.first[at->node + 1];
}

static void tree_add_indent(walk *w)
{
    size_t levels = w->depth < INDENTED_LEVELS_MAX ? w->depth : INDENTED_LEVELS_MAX;

    for (size_t i = 0; i + 1 < levels; i++)
        gbxi_engine_output_add_z(&w->output, has_more_edges(w, &w->path[i]) ? w->strokes->through : w->strokes->blank);
    if (w->depth > INDENTED_LEVELS_MAX) {
        gbxi_engine_output_add_z(&w->output, w->strokes->dots);
        gbxi_engine_output_add_uint(&w->output, w->depth);
        gbxi_engine_output_add_z(&w->output, ": ");
    } else if (levels > 0) {
        gbxi_engine_output_add_z(&w->output,
                                 has_more_edges(w, &w->path[levels - 1]) ? w->strokes->branch : w->strokes->last);
    }
}

/* A label that is not the id is followed by it, because labels need not be different. */
static void tree_add_name(walk *w, const gbxi_node *it)
{
    gbxi_label label;

    gbxi_label_of_node(&label, w->graph, it);
    gbxi_engine_output_add_z(&w->output, before[it->kind]);
    gbxi_engine_output_add(&w->output, label.bytes, label.length);
    gbxi_engine_output_add_z(&w->output, after[it->kind]);
    if (!w->ids || it->kind != GBXI_NODE_ITEM || it->value.length == 0)
        return;
    gbxi_label_of_text(&label, w->graph, it->name);
    gbxi_engine_output_add(&w->output, " [", 2);
    gbxi_engine_output_add(&w->output, label.bytes, label.length);
    gbxi_engine_output_add(&w->output, "]", 1);
}

/* A cluster is named where it begins: at a root, and where a node is in another one than its parent. */
static void tree_add_cluster(walk *w, const gbxi_node *it, const gbxi_edge *edge)
{
    const char *name = gbxi_clusters_name(w->graph, it);

    if (name == NULL || (edge != NULL && w->graph->nodes[edge->source].cluster == it->cluster))
        return;
    gbxi_engine_output_add(&w->output, " {", 2);
    gbxi_engine_output_add_z(&w->output, name);
    gbxi_engine_output_add(&w->output, "}", 1);
}

/* What is not said below a line: that it was, or that it is too deep. */
static void tree_add_rest(walk *w, uint32_t node)
{
    bool leaf = w->adjacency.first[node] == w->adjacency.first[node + 1];

    switch ((state)w->states[node]) {
    case OPEN:
        gbxi_engine_output_add_z(&w->output, " (cycle)");
        break;
    case DONE:
        gbxi_engine_output_add_z(&w->output, " (shown above)");
        break;
    case UNSHOWN:
        gbxi_engine_output_add_z(&w->output, leaf ? "" : w->strokes->more);
        break;
    case UNSEEN:
        gbxi_engine_output_add_z(&w->output, leaf || w->depth < w->depth_max ? "" : w->strokes->more);
        break;
    }
}

static void tree_add_line(walk *w, uint32_t node, const gbxi_edge *edge)
{
    const gbxi_node *it = &w->graph->nodes[node];
    gbxi_label label;

    if (w->depth > w->depth_max)
        return;
    tree_add_indent(w);
    if (edge != NULL && edge->label.length > 0) {
        gbxi_label_of_text(&label, w->graph, edge->label);
        gbxi_engine_output_add(&w->output, label.bytes, label.length);
        gbxi_engine_output_add_z(&w->output, w->strokes->arrow);
    }
    tree_add_name(w, it);
    tree_add_cluster(w, it, edge);
    tree_add_rest(w, node);
    gbxi_engine_output_add(&w->output, "\n", 1);
}

static void tree_enter(walk *w, uint32_t node)
{
    w->path[w->depth++] = (level){node, w->adjacency.first[node]};
    w->states[node] = OPEN;
}

/* One step of the walk: down the next edge of the innermost node, or back up. */
static void tree_step(walk *w)
{
    level *at = &w->path[w->depth - 1];
    const gbxi_edge *edge;
    bool seen;

    if (!has_more_edges(w, at)) {
        --w->depth;
        w->states[at->node] = w->depth <= w->depth_max ? DONE : UNSHOWN;
        return;
    }
    edge = &w->graph->edges[w->adjacency.edges[at->next++].edge];
    seen = w->states[edge->target] != UNSEEN;
    tree_add_line(w, edge->target, edge);
    if (!seen)
        tree_enter(w, edge->target);
}

/* One span's worth of the tree below the roots on the path. */
static void tree_walk_batch(walk *w, size_t steps)
{
    GBX_SPAN_NAMED("graph.render.tree.branch");

    gbx_note_int("depth", (int64_t)w->depth);
    for (; steps > 0 && w->depth > 0; steps--)
        tree_step(w);
}

static void tree_walk_from(walk *w, uint32_t root)
{
    if (w->states[root] != UNSEEN)
        return;
    tree_add_line(w, root, NULL);
    tree_enter(w, root);
    if (!has_more_edges(w, &w->path[0])) /* alone: not worth a span, and there may be a million of them */
        tree_step(w);
    while (w->depth > 0)
        tree_walk_batch(w, 2 * gbxi_graph_batch(w->graph->node_count + w->graph->edge_count));
}

/* Marks in `states` would be overwritten by the walk, so who has an edge coming in is told by an array of its own. */
static gbx_err tree_walk_all(walk *w)
{
    const gbxi_graph *graph = w->graph;
    unsigned char *entered = calloc(graph->node_count + 1, 1);

    if (entered == NULL)
        return GBX_ERR_NO_MEMORY;
    for (size_t i = 0; i < graph->edge_count; i++)
        entered[graph->edges[i].target] = 1;
    for (size_t v = 0; v < graph->node_count; v++)
        if (!entered[v])
            tree_walk_from(w, (uint32_t)v);
    for (size_t v = 0; v < graph->node_count; v++) /* what only cycles lead to */
        tree_walk_from(w, (uint32_t)v);
    free(entered);
    return GBX_ERR_OK;
}

static gbx_err tree_render(const gbxi_graph *graph, gbxi_json_value given, gbxi_json_writer *out)
{
    walk w = {0};
    uint64_t depth_max = gbxi_option_uint(options, given, "max_depth");
    gbx_err err;
    GBX_SPAN_NAMED("graph.render.tree");

    w.strokes = &strokes_of[gbxi_option_choice(options, given, "branches")];
    w.depth_max = depth_max > 0 ? (size_t)depth_max : SIZE_MAX;
    w.ids = gbxi_option_bool(options, given, "ids");
    if ((err = tree_init(&w, graph)) != GBX_ERR_OK)
        goto Exit;
    gbxi_engine_output_begin(&w.output, out, "tree");
    err = tree_walk_all(&w);
    (void)gbxi_engine_output_end(&w.output);
    gbxi_json_key(out, "output_format");
    gbxi_json_string_z(out, "text");
Exit:
    tree_fini(&w);
    return err;
}

const gbxi_engine gbxi_engine_tree = {
    {"tree", "Text tree", "An indented tree in plain text, from the roots down; cycles and repeats are marked.",
     options},
    tree_render,
};
