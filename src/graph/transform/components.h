/* SPDX-License-Identifier: MIT */
/* Which nodes hang together: disjoint sets, and a graph's weakly and strongly connected components. */
#ifndef GBX_GRAPH_TRANSFORM_COMPONENTS_H
#define GBX_GRAPH_TRANSFORM_COMPONENTS_H

#include "graph/graph.h"

/* Disjoint sets over numbers from 0: each number begins as a set of its own when `parents[i] == i`. */

/* The number that stands for the set of `i`. Cost: near constant over many calls, by path halving. */
uint32_t gbxi_set_find(uint32_t *parents, uint32_t i);
/* Makes one set of two, and says whether they were two. `sizes` are those of the sets, by who stands for them. */
bool gbxi_set_join(uint32_t *parents, uint32_t *sizes, uint32_t a, uint32_t b);

/* Gives every node the first node (in the order of input) of its component; `first` has room for one a node. Errors:
 * NO_MEMORY. Cost: linear, near enough; no recursion. */
GBX_MUST_USE gbx_err gbxi_components_weak(const gbxi_graph *graph, uint32_t *first);
GBX_MUST_USE gbx_err gbxi_components_strong(const gbxi_graph *graph, uint32_t *first);

#endif
