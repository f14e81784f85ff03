/* SPDX-License-Identifier: MIT */
/* Disjoint sets, and the weakly and strongly connected components of a graph. */
#ifndef GBX_GRAPH_TRANSFORM_COMPONENTS_H
#define GBX_GRAPH_TRANSFORM_COMPONENTS_H

#include "graph/graph.h"

/* Disjoint sets of numbers from 0. Initially `parents[i] == i`: each number is a set of its own. */

/* The representative of the set of `i`. Cost: nearly constant, amortised, by path halving. */
uint32_t gbxi_set_find(uint32_t *parents, uint32_t i);
/* Joins two sets. Returns whether they were distinct. `sizes` holds the size of each set at its representative. */
bool gbxi_set_join(uint32_t *parents, uint32_t *sizes, uint32_t a, uint32_t b);

/* Sets first[v] to the first node (in input order) of the component of each node v. `first` has room for every node. In
 * an undirected graph, both find the same.
 * Errors: NO_MEMORY; IO if stopped. Cost: nearly linear; no recursion. */
GBX_MUST_USE gbx_err gbxi_components_weak(const gbxi_graph *graph, uint32_t *first);
GBX_MUST_USE gbx_err gbxi_components_strong(const gbxi_graph *graph, uint32_t *first);

#endif
