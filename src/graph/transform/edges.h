/* SPDX-License-Identifier: MIT */
/* Parallel edges: finding those that are the same, and making one of them. */
#ifndef GBX_GRAPH_TRANSFORM_EDGES_H
#define GBX_GRAPH_TRANSFORM_EDGES_H

#include "graph/graph.h"

/* When two edges are the same. */
typedef struct gbxi_edges_sameness {
    bool directed; /* a -> b is not b -> a */
    bool by_label; /* a label that differs makes a difference */
} gbxi_edges_sameness;

/* Of the edges with a mark in `kept` (one byte each) only the first of every lot that is the same keeps its mark, and
 * stands for the rest (`merged`). Errors: NO_MEMORY, LIMIT. Cost: linear. */
GBX_MUST_USE gbx_err gbxi_edges_merge(gbxi_graph *graph, gbxi_edges_sameness sameness, unsigned char *kept);

#endif
