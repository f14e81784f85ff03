/* SPDX-License-Identifier: MIT */
/* A graph's edges by their ends, for walking. */
#ifndef GBX_GRAPH_ADJACENCY_H
#define GBX_GRAPH_ADJACENCY_H

#include "graph/graph.h"

/* Which edges are a node's: those that leave it, those that come in, or both; the numbers are bits. */
typedef enum gbx__adjacency_kind {
    GBX__ADJACENCY_OUT = 1,
    GBX__ADJACENCY_IN = 2,
    GBX__ADJACENCY_BOTH = GBX__ADJACENCY_OUT | GBX__ADJACENCY_IN
} gbx__adjacency_kind;

/* One of a node's edges, with its other end beside it: a walk that looks that up in the edges waits for memory. */
typedef struct gbx__adjacent {
    uint32_t edge;
    uint32_t node; /* of a loop the node itself */
} gbx__adjacent;

/* The edges of node v are edges[first[v]] to edges[first[v + 1] - 1], in the order they were added; of both, a loop is
 * there twice. Owns: both arrays. */
typedef struct gbx__adjacency {
    uint32_t *first; /* node_count + 1 */
    gbx__adjacent *edges;
} gbx__adjacency;

/* Errors: NO_MEMORY; LIMIT for both of over 2^31 edges. Cost: linear. To be freed in any case. */
GBX_MUST_USE gbx_err gbx__adjacency_init(gbx__adjacency *adjacency, const gbx__graph *graph, gbx__adjacency_kind kind);
void gbx__adjacency_fini(gbx__adjacency *adjacency);

#endif
