/* SPDX-License-Identifier: MIT */
/* Owns the batches in which engines write. */
#include "graph/engine/walk.h"
#include "base/account.h"
#include <glassbox/span.h>

/* Prefetches the nodes of the edges that follow. In a large graph each end of an edge is a cache miss, which takes much
 * longer than writing the edge. Always inline, because gcc removes calls to a function that only prefetches. */
__attribute__((always_inline)) static inline void prefetch_ahead(const gbxi_graph *graph, size_t edge)
{
    enum { NODES_AHEAD = 16, TEXTS_AHEAD = 8 };

    if (edge + NODES_AHEAD >= graph->edge_count)
        return;
    __builtin_prefetch(&graph->nodes[graph->edges[edge + NODES_AHEAD].source]);
    __builtin_prefetch(&graph->nodes[graph->edges[edge + NODES_AHEAD].target]);
    __builtin_prefetch(gbxi_texts_at(&graph->texts, graph->nodes[graph->edges[edge + TEXTS_AHEAD].source].name));
    __builtin_prefetch(gbxi_texts_at(&graph->texts, graph->nodes[graph->edges[edge + TEXTS_AHEAD].target].name));
}

static void note_batch(size_t begin, size_t end)
{
    gbx_note_int("first", (int64_t)begin);
    gbx_note_int("count", (int64_t)(end - begin));
}

/* Writes the nodes from `begin` to `end` in the clusters' order, or in the graph's order if there are no clusters. */
static void walk_node_batch(const gbxi_clusters *clusters, size_t begin, size_t end, gbxi_write_one *write,
                            void *engine)
{
    GBX_SPAN_NAMED("graph.render.nodes");

    note_batch(begin, end);
    for (size_t place = begin; place < end && gbxi_account_goes_on(place); place++)
        write(engine, gbxi_clusters_node(clusters, place));
}

static void walk_edge_batch(const gbxi_graph *graph, size_t begin, size_t end, gbxi_write_one *write, void *engine)
{
    GBX_SPAN_NAMED("graph.render.edges");

    note_batch(begin, end);
    for (size_t i = begin; i < end && gbxi_account_goes_on(i); i++) {
        prefetch_ahead(graph, i);
        write(engine, i);
    }
}

static void walk_places(const gbxi_graph *graph, const gbxi_clusters *clusters, size_t begin, size_t end,
                        gbxi_write_one *write, void *engine)
{
    for (size_t i = begin, next; i < end; i = next) {
        next = gbxi_graph_batch_end(graph->node_count, i, end);
        walk_node_batch(clusters, i, next, write, engine);
    }
}

void gbxi_graph_walk_nodes(const gbxi_graph *graph, gbxi_write_one *write, void *engine)
{
    static const gbxi_clusters none = {0};

    walk_places(graph, &none, 0, graph->node_count, write, engine);
}

void gbxi_graph_walk_clusters(const gbxi_graph *graph, const gbxi_clusters *clusters, const gbxi_box_writers *write,
                              void *engine)
{
    for (size_t c = 0; c <= clusters->count; c++) {
        if (!gbxi_clusters_has(clusters, c))
            continue;
        if (c > 0)
            write->begin(engine, c);
        walk_places(graph, clusters, clusters->first[c], clusters->first[c + 1], write->node, engine);
        if (c > 0)
            write->end(engine, c);
    }
}

void gbxi_graph_walk_edges(const gbxi_graph *graph, gbxi_write_one *write, void *engine)
{
    size_t count = graph->edge_count;

    for (size_t i = 0, end; i < count; i = end) {
        end = gbxi_graph_batch_end(count, i, count);
        walk_edge_batch(graph, i, end, write, engine);
    }
}

void gbxi_graph_write_node_list(gbxi_json_writer *out, const char *key, const gbxi_graph *graph, gbxi_write_one *write,
                                void *engine)
{
    gbxi_json_key(out, key);
    gbxi_json_array_begin(out);
    gbxi_graph_walk_nodes(graph, write, engine);
    gbxi_json_array_end(out);
}

void gbxi_graph_write_edge_list(gbxi_json_writer *out, const char *key, const gbxi_graph *graph, gbxi_write_one *write,
                                void *engine)
{
    gbxi_json_key(out, key);
    gbxi_json_array_begin(out);
    gbxi_graph_walk_edges(graph, write, engine);
    gbxi_json_array_end(out);
}
