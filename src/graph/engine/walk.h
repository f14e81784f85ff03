/* SPDX-License-Identifier: MIT */
/* The way of an engine through a graph: every node and every edge once, in batches that are a span each.
 *
 *     gbxi_graph_walk_nodes(graph, write_node, &drawing);     // or gbxi_graph_walk_clusters, box by box
 *     gbxi_graph_walk_edges(graph, write_edge, &drawing);
 *
 * Spans: graph.render.nodes and graph.render.edges, with the notes first and count. Thread: any. */
#ifndef GBX_GRAPH_ENGINE_WALK_H
#define GBX_GRAPH_ENGINE_WALK_H

#include "graph/engine/clusters.h"
#include "graph/graph.h"
#include "json/writer.h"

/* Writes the node, edge or cluster of that number; `engine` is the engine's own. */
typedef void gbxi_write_one(void *engine, size_t number);

/* What an engine writes that draws clusters as boxes around their nodes. */
typedef struct gbxi_box_writers {
    gbxi_write_one *begin; /* a cluster with nodes in it, from 1 */
    gbxi_write_one *node;
    gbxi_write_one *end;
} gbxi_box_writers;

/* All nodes in the graph's order. */
void gbxi_graph_walk_nodes(const gbxi_graph *graph, gbxi_write_one *write, void *engine);

/* All nodes, those in no cluster first and then cluster by cluster. */
void gbxi_graph_walk_clusters(const gbxi_graph *graph, const gbxi_clusters *clusters, const gbxi_box_writers *write,
                              void *engine);

/* All edges in the graph's order. What writing looks up of an edge's ends is brought near beforehand. */
void gbxi_graph_walk_edges(const gbxi_graph *graph, gbxi_write_one *write, void *engine);

/* The same as the elements of an array, the member `key` of the object that is open. */
void gbxi_graph_write_node_list(gbxi_json_writer *out, const char *key, const gbxi_graph *graph, gbxi_write_one *write,
                                void *engine);
void gbxi_graph_write_edge_list(gbxi_json_writer *out, const char *key, const gbxi_graph *graph, gbxi_write_one *write,
                                void *engine);

#endif
