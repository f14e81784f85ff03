/* SPDX-License-Identifier: MIT */
/* The way of an engine through a graph: every node and every edge once, in batches that are a span each.
 *
 *     gbx__walk_nodes(graph, write_node, &drawing);     // or gbx__walk_clusters, box by box
 *     gbx__walk_edges(graph, write_edge, &drawing);
 *
 * Spans: graph.render.nodes and graph.render.edges, with the notes first and count. Thread: any. */
#ifndef GBX_GRAPH_ENGINE_WALK_H
#define GBX_GRAPH_ENGINE_WALK_H

#include "graph/engine/clusters.h"
#include "graph/graph.h"

/* Writes the node, edge or cluster of that number; `engine` is the engine's own. */
typedef void gbx__write_one(void *engine, size_t number);

/* What an engine writes that draws clusters as boxes around their nodes. */
typedef struct gbx__box_writers {
    gbx__write_one *begin; /* a cluster with nodes in it, from 1 */
    gbx__write_one *node;
    gbx__write_one *end;
} gbx__box_writers;

/* All nodes in the graph's order. */
void gbx__walk_nodes(const gbx__graph *graph, gbx__write_one *write, void *engine);

/* All nodes, those in no cluster first and then cluster by cluster. */
void gbx__walk_clusters(const gbx__graph *graph, const gbx__clusters *clusters, const gbx__box_writers *write,
                        void *engine);

/* All edges in the graph's order. What writing looks up of an edge's ends is brought near beforehand. */
void gbx__walk_edges(const gbx__graph *graph, gbx__write_one *write, void *engine);

#endif
