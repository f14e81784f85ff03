/* SPDX-License-Identifier: MIT */
/* A graph's edges grouped by node, for traversal. */
#ifndef GBX_GRAPH_ADJACENCY_H
#define GBX_GRAPH_ADJACENCY_H

#include "graph/graph.h"

/* Which edges belong to a node: outgoing, incoming, or both. The values are bits. */
typedef enum gbxi_adjacency_kind {
    GBXI_ADJACENCY_OUT = 1,
    GBXI_ADJACENCY_IN = 2,
    GBXI_ADJACENCY_BOTH = GBXI_ADJACENCY_OUT | GBXI_ADJACENCY_IN
} gbxi_adjacency_kind;

/* One edge of a node. The node at the other end is stored here because reading it from the edge array would cost a
 * cache miss. */
typedef struct gbxi_adjacent {
    uint32_t edge;
    uint32_t node; /* for a loop, the node itself */
} gbxi_adjacent;

/* The edges of node v are edges[first[v]] to edges[first[v + 1] - 1], in the order in which they were added. With BOTH,
 * a loop appears twice. Owns: both arrays. */
typedef struct gbxi_adjacency {
    uint32_t *first; /* node_count + 1 */
    gbxi_adjacent *edges;
} gbxi_adjacency;

/* Call gbxi_adjacency_fini even after an error. Errors: NO_MEMORY; IO if stopped; LIMIT for BOTH with more than 2^31
 * edges. Cost: linear. */
GBX_MUST_USE gbx_err gbxi_adjacency_init(gbxi_adjacency *adjacency, const gbxi_graph *graph, gbxi_adjacency_kind kind);
void gbxi_adjacency_fini(gbxi_adjacency *adjacency);

#endif
