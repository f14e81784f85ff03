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

/* The edges of node v are edges[first[v]] to edges[first[v + 1] - 1], in the order they were added; of both, a loop is
 * there twice. Owns: both arrays. */
typedef struct gbx__adjacency {
    uint32_t *first; /* node_count + 1 */
    uint32_t *edges; /* numbers of edges */
} gbx__adjacency;

/* Errors: NO_MEMORY; LIMIT for both of over 2^31 edges. Cost: linear. To be freed in any case. */
GBX_MUST_USE gbx_err gbx__adjacency_init(gbx__adjacency *adjacency, const gbx__graph *graph, gbx__adjacency_kind kind);
void gbx__adjacency_fini(gbx__adjacency *adjacency);

/* The end of an edge that is not `node`; of a loop the node itself. */
static inline uint32_t gbx__edge_other_end(const gbx__edge *edge, uint32_t node)
{
    return edge->source == node ? edge->target : edge->source;
}

#endif
