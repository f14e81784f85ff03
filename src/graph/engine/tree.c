/* SPDX-License-Identifier: MIT */
/* Owns the engine `tree`, which writes the graph as indented text, starting from the roots. */
#include "base/account.h"
#include "graph/adjacency.h"
#include "graph/engine/clusters.h"
#include "graph/engine/label.h"
#include "graph/engine/output.h"
#include "graph/registry.h"
#include <glassbox/span.h>

/* Deeper lines are not indented further but state their depth. Otherwise a page 10,000 levels deep would be mostly
 * indentation, whose size grows with the square of the depth. */
enum { INDENTED_LEVELS_MAX = 32 };

/* OPEN: on the current path. UNSHOWN: visited, but too deep to be shown. */
typedef enum state { UNSEEN, OPEN, DONE, UNSHOWN } state;

/* The strings that lines are drawn with. */
typedef struct strokes {
    const char *through; /* a level that continues below */
    const char *blank;   /* a level that does not */
    const char *branch;  /* a node with further siblings */
    const char *last;    /* the last sibling */
    const char *dots;    /* omitted levels */
    const char *arrow;   /* after an edge's label */
    const char *line;    /* the same in an undirected graph */
    const char *more;    /* omitted nodes below */
} strokes;

static const char *const branches[] = {"unicode", "ascii", NULL};
static const strokes strokes_of[] = {
    {"│   ", "    ", "├── ", "└── ", "··· ", " → ", " — ", " …"},
    {"|   ", "    ", "|-- ", "`-- ", "... ", " -> ", " -- ", " ..."},
};
static const gbxi_option options[] = {
    GBXI_OPTION_INTEGER("max_depth", "0", 0, 1000000, "Maximum number of levels below the roots. 0 means all."),
    GBXI_OPTION_BOOL("ids", "true", "Whether to append the id to a label that differs from it."),
    GBXI_OPTION_CHOICE("branches", "\"unicode\"", branches, "Characters that branches are drawn with."),
    {0},
};

/* A node on the path and the position in the adjacency of the edge to follow next. An undirected graph's edges are
 * those of both ends: the edge that led to the node is passed over, and one of the two entries of a loop. */
typedef struct level {
    uint32_t node;
    uint32_t next;
    uint32_t via; /* the edge that led to the node in an undirected graph; NONE: none */
} level;

typedef struct walk {
    const gbxi_graph *graph;
    gbxi_adjacency adjacency;
    unsigned char *states; /* one value of type state for each node */
    level *path;           /* has room for node_count levels, because a node is on the path at most once */
    size_t depth;
    const strokes *strokes;
    size_t depth_max; /* deeper nodes are visited but not shown */
    bool ids;
    gbxi_engine_output output;
} walk;

/* Text before and after a node's label, by kind. */
static const char *const before[GBXI_NODE_KIND_COUNT] = {"", "<", "@", "\""};
static const char *const after[GBXI_NODE_KIND_COUNT] = {"", ">", "", "\""};

static gbx_err tree_init(walk *w, const gbxi_graph *graph)
{
    gbx_err err;
    GBX_SPAN_NAMED("graph.render.tree.index");

    w->graph = graph;
    w->depth = 0;
    err = gbxi_adjacency_init(&w->adjacency, graph, graph->undirected ? GBXI_ADJACENCY_BOTH : GBXI_ADJACENCY_OUT);
    if (err != GBX_ERR_OK)
        return err;
    w->states = gbxi_account_calloc(graph->node_count + 1, 1);
    w->path = gbxi_account_malloc((graph->node_count + 1) * sizeof(*w->path));
    return w->states != NULL && w->path != NULL ? GBX_ERR_OK : GBX_ERR_NO_MEMORY;
}

static void tree_fini(walk *w)
{
    gbxi_adjacency_fini(&w->adjacency);
    gbxi_account_free(w->states);
    gbxi_account_free(w->path);
}

static bool has_more_edges(const walk *w, const level *at)
{
    return at->next < w->adjacency.first[at->node + 1];
}

/* Moves to the next edge to follow, from `next` on. */
static void pass_over(const walk *w, level *at)
{
    const gbxi_adjacent *edges = w->adjacency.edges;

    if (!w->graph->undirected)
        return;
    while (has_more_edges(w, at) &&
           (edges[at->next].edge == at->via ||
            (at->next > w->adjacency.first[at->node] && edges[at->next].edge == edges[at->next - 1].edge)))
        at->next++;
}

static level level_of(const walk *w, uint32_t node, uint32_t via)
{
    level it = {node, w->adjacency.first[node], via};

    pass_over(w, &it);
    return it;
}

static uint32_t via_of(const walk *w, const gbxi_edge *edge)
{
    return w->graph->undirected && edge != NULL ? (uint32_t)(edge - w->graph->edges) : GBXI_GRAPH_NONE;
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

/* The id follows a label that is not the id, because several nodes may have the same label. */
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

/* The cluster's name is shown at roots and at nodes whose cluster differs from their parent's. */
static void tree_add_cluster(walk *w, const gbxi_node *it)
{
    const char *name = gbxi_clusters_name(w->graph, it);

    if (name == NULL || (w->depth > 0 && w->graph->nodes[w->path[w->depth - 1].node].cluster == it->cluster))
        return;
    gbxi_engine_output_add(&w->output, " {", 2);
    gbxi_engine_output_add_z(&w->output, name);
    gbxi_engine_output_add(&w->output, "}", 1);
}

/* Marks a node whose subtree does not follow: it was shown before, or it is too deep. */
static void tree_add_rest(walk *w, uint32_t node, uint32_t via)
{
    level below = level_of(w, node, via);
    bool leaf = !has_more_edges(w, &below);

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
        gbxi_engine_output_add_z(&w->output, w->graph->undirected ? w->strokes->line : w->strokes->arrow);
    }
    tree_add_name(w, it);
    tree_add_cluster(w, it);
    tree_add_rest(w, node, via_of(w, edge));
    gbxi_engine_output_add(&w->output, "\n", 1);
}

static void tree_enter(walk *w, uint32_t node, uint32_t via)
{
    w->path[w->depth++] = level_of(w, node, via);
    w->states[node] = OPEN;
}

/* One step of the walk: follow the next edge of the innermost node, or go back up. */
static void tree_step(walk *w)
{
    level *at = &w->path[w->depth - 1];
    const gbxi_adjacent *next;
    const gbxi_edge *edge;
    bool seen;

    if (!has_more_edges(w, at)) {
        --w->depth;
        w->states[at->node] = w->depth <= w->depth_max ? DONE : UNSHOWN;
        return;
    }
    next = &w->adjacency.edges[at->next++];
    pass_over(w, at);
    edge = &w->graph->edges[next->edge];
    seen = w->states[next->node] != UNSEEN;
    tree_add_line(w, next->node, edge);
    if (!seen)
        tree_enter(w, next->node, via_of(w, edge));
}

/* Walks up to `steps` steps below the current path, in one span. */
static void tree_walk_batch(walk *w, size_t steps)
{
    GBX_SPAN_NAMED("graph.render.tree.branch");

    gbx_note_int("depth", (int64_t)w->depth);
    for (; steps > 0 && w->depth > 0 && gbxi_account_goes_on(steps); steps--)
        tree_step(w);
}

static void tree_walk_from(walk *w, uint32_t root)
{
    if (w->states[root] != UNSEEN)
        return;
    tree_add_line(w, root, NULL);
    tree_enter(w, root, GBXI_GRAPH_NONE);
    if (!has_more_edges(w, &w->path[0])) /* no span for a root without edges: there may be a million of them */
        tree_step(w);
    while (w->depth > 0 && !gbxi_account_is_stopped())
        tree_walk_batch(w, 2 * gbxi_graph_batch(w->graph->node_count + w->graph->edge_count));
}

/* Needs its own array of nodes with incoming edges, because the walk overwrites `states`. */
static gbx_err tree_walk_all(walk *w)
{
    const gbxi_graph *graph = w->graph;
    unsigned char *entered = gbxi_account_calloc(graph->node_count + 1, 1);

    if (entered == NULL)
        return GBX_ERR_NO_MEMORY;
    for (size_t i = 0; i < graph->edge_count && !graph->undirected && gbxi_account_goes_on(i); i++)
        entered[graph->edges[i].target] = 1;
    for (size_t v = 0; v < graph->node_count && gbxi_account_goes_on(v); v++)
        if (!entered[v])
            tree_walk_from(w, (uint32_t)v);
    for (size_t v = 0; v < graph->node_count && gbxi_account_goes_on(v); v++) /* nodes reached only through cycles */
        tree_walk_from(w, (uint32_t)v);
    gbxi_account_free(entered);
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
    {"tree", "Text tree",
     "An indented tree in plain text, starting from the roots. Cycles and repeated nodes are marked.", options},
    tree_render,
};
