/* SPDX-License-Identifier: MIT */
/* Owns the transformation `reachable`, which keeps the nodes that a breadth-first search from given nodes reaches. */
#include "base/account.h"
#include "graph/adjacency.h"
#include "graph/fields.h"
#include "graph/node_id.h"
#include "graph/registry.h"
#include <glassbox/span.h>

enum { ROOTS_MAX = 100000 };

/* In the same order as `kinds`. */
static const char *const directions[] = {"out", "in", "both", NULL};
static const gbxi_adjacency_kind kinds[] = {GBXI_ADJACENCY_OUT, GBXI_ADJACENCY_IN, GBXI_ADJACENCY_BOTH};

static const gbxi_option options[] = {
    GBXI_OPTION_IDS(
        "roots", 1, ROOTS_MAX,
        "Required: ids of the nodes to start from. The ids of a page's nodes are n0, n1, ... in document order."),
    GBXI_OPTION_INTEGER("depth", NULL, 0, UINT32_MAX, "Maximum number of steps from the roots. Default: no limit."),
    GBXI_OPTION_CHOICE(
        "direction", "\"out\"", directions,
        "Direction in which to follow edges: forwards (out), backwards (in) or both. In an undirected graph "
        "always both."),
    {0},
};

typedef struct walk {
    gbxi_graph *graph;
    gbxi_adjacency adjacency;
    uint32_t *queue; /* holds every node at most once */
    size_t queued;
    unsigned char *marks;
} walk;

static gbx_err reachable_init(walk *w, gbxi_graph *graph, gbxi_json_value config)
{
    gbxi_adjacency_kind kind = kinds[gbxi_option_choice(options, config, "direction")];
    gbx_err err;
    GBX_SPAN_NAMED("graph.transform.reachable.index");

    *w = (walk){.graph = graph};
    err = gbxi_adjacency_init(&w->adjacency, graph, graph->undirected ? GBXI_ADJACENCY_BOTH : kind);
    if (err != GBX_ERR_OK)
        return err;
    w->queue = gbxi_account_malloc((graph->node_count + 1) * sizeof(*w->queue));
    w->marks = gbxi_account_calloc(graph->node_count + 1, 1);
    return w->queue != NULL && w->marks != NULL ? GBX_ERR_OK : GBX_ERR_NO_MEMORY;
}

static void reachable_fini(walk *w)
{
    gbxi_adjacency_fini(&w->adjacency);
    gbxi_account_free(w->queue);
    gbxi_account_free(w->marks);
}

static void reachable_visit(walk *w, uint32_t node)
{
    if (w->marks[node])
        return;
    w->marks[node] = 1;
    w->queue[w->queued++] = node;
}

static gbx_err visit_roots(walk *w, gbxi_json_value config, gbx_error *error)
{
    gbxi_json_pointer at = gbxi_pointer_to(NULL, "transform_config");
    gbxi_json_value roots = gbxi_json_member(config, "roots");
    size_t count = gbxi_json_count(roots);
    uint32_t *nodes;
    gbx_err err;

    at = gbxi_pointer_to(&at, "roots");
    if (gbxi_json_typeof(roots) == GBXI_JSON_ABSENT)
        return gbx_error_set(error, GBX_ERR_MISSING, at.text,
                             "roots is missing; it must list the ids of the nodes to start from");
    if ((nodes = gbxi_account_malloc((count + 1) * sizeof(*nodes))) == NULL)
        return GBX_ERR_NO_MEMORY;
    if ((err = gbxi_ids_find(w->graph, roots, &at, nodes, error)) == GBX_ERR_OK)
        for (size_t i = 0; i < count; i++)
            reachable_visit(w, nodes[i]);
    gbxi_account_free(nodes);
    return err;
}

static void visit_neighbours(walk *w, uint32_t node)
{
    for (uint32_t i = w->adjacency.first[node]; i < w->adjacency.first[node + 1]; i++)
        reachable_visit(w, w->adjacency.edges[i].node);
}

/* The queue holds one level after the other: each level consists of the nodes added while visiting the previous one. */
static void walk_levels(walk *w, gbxi_json_value config)
{
    uint64_t depth = UINT64_MAX, level = 0;
    size_t at = 0;
    GBX_SPAN_NAMED("graph.transform.reachable.walk");

    (void)gbxi_option_given_uint(config, "depth", &depth);
    for (; level < depth && at < w->queued && !gbxi_account_is_stopped(); level++)
        for (size_t end = w->queued; at < end && gbxi_account_goes_on(at); at++)
            visit_neighbours(w, w->queue[at]);
    gbx_note_int("levels", (int64_t)level);
}

static gbx_err reachable_apply(gbxi_graph *graph, gbxi_json_value config, gbx_error *error)
{
    walk w;
    gbx_err err;
    GBX_SPAN_NAMED("graph.transform.reachable");

    if ((err = reachable_init(&w, graph, config)) == GBX_ERR_OK &&
        (err = visit_roots(&w, config, error)) == GBX_ERR_OK) {
        walk_levels(&w, config);
        err = gbxi_graph_keep(graph, w.marks, NULL);
    }
    reachable_fini(&w);
    return err;
}

const gbxi_transformation gbxi_transformation_reachable = {
    {"reachable", "Reachable",
     "Keeps the given roots, the nodes reachable from them within the given depth, and all edges between these nodes.",
     options},
    reachable_apply,
};
