/* SPDX-License-Identifier: MIT */
/* A graph's edges by their ends, for walking. */
#ifndef GBX_GRAPH_ADJACENCY_H
#define GBX_GRAPH_ADJACENCY_H

#include "graph/graph.h"

/* Which edges are a node's: those that leave it, those that come in, or both; the numbers are bits. */
typedef enum gbxi_adjacency_kind {
    GBXI_ADJACENCY_OUT = 1,
    GBXI_ADJACENCY_IN = 2,
    GBXI_ADJACENCY_BOTH = GBXI_ADJACENCY_OUT | GBXI_ADJACENCY_IN
} gbxi_adjacency_kind;

/* One of a node's edges, with its other end beside it: a walk that looks that up in the edges waits for memory. */
typedef struct gbxi_adjacent {
    uint32_t edge;
    uint32_t node; /* of a loop the node itself */
} gbxi_adjacent;

/* The edges of node v are edges[first[v]] to edges[first[v + 1] - 1], in the order they were added; of both, a loop is
 * there twice. Owns: both arrays. */
typedef struct gbxi_adjacency {
    uint32_t *first; /* node_count + 1 */
    gbxi_adjacent *edges;
} gbxi_adjacency;

/* Errors: NO_MEMORY; LIMIT for both of over 2^31 edges. Cost: linear. To be freed in any case. */
GBX_MUST_USE gbx_err gbxi_adjacency_init(gbxi_adjacency *adjacency, const gbxi_graph *graph, gbxi_adjacency_kind kind);
void gbxi_adjacency_fini(gbxi_adjacency *adjacency);

#endif
