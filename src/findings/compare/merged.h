/* SPDX-License-Identifier: MIT */
/* The stacks of many traces as one tree: which frames called which below each route, with the self times of equal
 * stacks added up on each side. Threads are merged. */
#ifndef GBX_FINDINGS_COMPARE_MERGED_H
#define GBX_FINDINGS_COMPARE_MERGED_H

#include "findings/compare/comparison.h"
#include <glassbox/capture.h>

enum {
    GBXI_MERGED_DEPTH_MAX = 2000 /* what is deeper counts for the stack that is so deep */
};
#define GBXI_MERGED_NONE UINT32_MAX

/* A route at the root, or a frame on the stack of its parent. */
typedef struct gbxi_merged_node {
    uint64_t self_ns[GBXI_COMPARE_HALVES];
    uint32_t parent, first_child, next; /* GBXI_MERGED_NONE: none */
    uint32_t depth;                     /* 0: a route */
    uint32_t item;                      /* place among the routes or the frames */
} gbxi_merged_node;

/* Caller's memory. Owns: all of it, until fini. */
typedef struct gbxi_merged {
    gbxi_gathered names; /* routes with their requests, and frames */
    gbxi_merged_node *nodes;
    size_t node_count, node_capacity;
    uint32_t first_root;
    gbxi_table table;
} gbxi_merged;

void gbxi_merged_init(gbxi_merged *merged);

/* Adds the traces of one side of a comparison. Errors: those of restoring traces, NO_MEMORY; fini is safe either way.
 * Cost: restores every trace. */
GBX_MUST_USE gbx_err gbxi_merged_read(gbxi_merged *merged, gbxi_compare_half half, const gbxi_compare_side *side,
                                      gbx_error *error);

/* Adds the stacks of one finished capture below a route. Errors: false if out of memory. */
GBX_MUST_USE bool gbxi_merged_add(gbxi_merged *merged, gbxi_compare_half half, uint32_t route,
                                  const gbx_capture *capture);

/* Orders siblings by their names, so that the same stacks have the same order whatever came first. Errors: false if out
 * of memory. */
GBX_MUST_USE bool gbxi_merged_order(gbxi_merged *merged);

/* The node after `node` from the top to the bottom: its first child, otherwise its next sibling or that of a caller.
 * GBXI_MERGED_NONE after the last. */
uint32_t gbxi_merged_next(const gbxi_merged *merged, uint32_t node);

void gbxi_merged_fini(gbxi_merged *merged);

#endif
