/* SPDX-License-Identifier: MIT */
/* The traversal of a graph by an engine: visits every node and every edge once, in batches of one span each.
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

/* Writes the node, edge or cluster with that number. `engine` is the engine's own state. */
typedef void gbxi_write_one(void *engine, size_t number);

/* Functions of an engine that draws clusters as boxes around their nodes. */
typedef struct gbxi_box_writers {
    gbxi_write_one *begin; /* for each cluster that has nodes, from 1 */
    gbxi_write_one *node;
    gbxi_write_one *end;
} gbxi_box_writers;

/* Visits all nodes in the graph's order. */
void gbxi_graph_walk_nodes(const gbxi_graph *graph, gbxi_write_one *write, void *engine);

/* Visits all nodes: first those in no cluster, then cluster by cluster. */
void gbxi_graph_walk_clusters(const gbxi_graph *graph, const gbxi_clusters *clusters, const gbxi_box_writers *write,
                              void *engine);

/* Visits all edges in the graph's order. The nodes at both ends are prefetched. */
void gbxi_graph_walk_edges(const gbxi_graph *graph, gbxi_write_one *write, void *engine);

/* Like the functions above, but writes the elements of an array, the member `key` of the open object. */
void gbxi_graph_write_node_list(gbxi_json_writer *out, const char *key, const gbxi_graph *graph, gbxi_write_one *write,
                                void *engine);
void gbxi_graph_write_edge_list(gbxi_json_writer *out, const char *key, const gbxi_graph *graph, gbxi_write_one *write,
                                void *engine);

#endif
