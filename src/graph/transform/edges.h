/* SPDX-License-Identifier: MIT */
/* Finding and merging parallel edges. */
#ifndef GBX_GRAPH_TRANSFORM_EDGES_H
#define GBX_GRAPH_TRANSFORM_EDGES_H

#include "graph/graph.h"

/* When two edges count as parallel. */
typedef struct gbxi_edges_sameness {
    bool directed; /* a -> b differs from b -> a */
    bool by_label; /* edges with different labels differ */
} gbxi_edges_sameness;

/* Merges parallel edges among those marked in `kept` (one byte each): only the first of each group keeps its mark, and
 * its `merged` counts the others. Errors: NO_MEMORY, LIMIT; IO if stopped. Cost: linear. */
GBX_MUST_USE gbx_err gbxi_edges_merge(gbxi_graph *graph, gbxi_edges_sameness sameness, unsigned char *kept);

#endif
