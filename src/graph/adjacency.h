/* SPDX-License-Identifier: MIT */
/* A graph's edges by their source, for walking. */
#ifndef GBX_GRAPH_ADJACENCY_H
#define GBX_GRAPH_ADJACENCY_H

#include "graph/graph.h"

/* The edges that leave node v are edges[first[v]] to edges[first[v + 1] - 1], in the order they were added. Owns: both
 * arrays. */
typedef struct gbx__adjacency {
    uint32_t *first; /* node_count + 1 */
    uint32_t *edges; /* numbers of edges */
} gbx__adjacency;

/* Errors: NO_MEMORY. Cost: linear. To be freed in any case. */
GBX_MUST_USE gbx_err gbx__adjacency_init(gbx__adjacency *adjacency, const gbx__graph *graph);
void gbx__adjacency_fini(gbx__adjacency *adjacency);

#endif
