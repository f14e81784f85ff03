/* SPDX-License-Identifier: MIT */
/* The calls of a trace as a tree in which like siblings are one: what `glassbox show` shows.
 *
 *     gbxi_tree tree;
 *     if (gbxi_tree_init(&tree, capture))
 *         for (uint32_t i = tree.threads[0]; i != GBXI_STACK_NONE; i = gbxi_tree_next(&tree, i, UINT32_MAX))
 *             ... tree.stacks.at[i], tree.nodes[i] ...
 *     gbxi_tree_fini(&tree); */
#ifndef GBX_CLI_STORE_TREE_H
#define GBX_CLI_STORE_TREE_H

#include "trace/stacks.h"
#include "trace/trace.h"
#include <glassbox/api.h>

/* What is known of a stack besides its calls and its self time. */
typedef struct gbxi_tree_node {
    uint64_t total_ns; /* sum of the durations of its calls */
    uint64_t min_ns;
    uint64_t max_ns;
    uint64_t failed_count;  /* calls that failed */
    const char *reason;     /* of the first that failed; borrowed from the capture, not terminated; NULL: none did */
    uint32_t reason_length; /* undefined without a reason */
    uint32_t first_child;   /* in the order in which they were first called; GBXI_STACK_NONE: none */
    uint32_t next;          /* sibling; GBXI_STACK_NONE: none */
    const gbxi_pick *noted; /* its longest call with notes; NULL: none, or not among the longest of the trace */
} gbxi_tree_node;

/* Immutable after init. */
typedef struct gbxi_tree {
    gbxi_trace *trace;
    gbxi_stacks stacks;
    gbxi_tree_node *nodes; /* one for each stack */
    uint32_t *threads;     /* the first root of each thread of the trace; GBXI_STACK_NONE: none */
} gbxi_tree;

/* Makes the tree of a finished capture, which must outlive it. Errors: false if memory is short; fini is safe either
 * way. Cost: linear in the records. */
GBX_MUST_USE bool gbxi_tree_init(gbxi_tree *tree, const gbx_capture *capture);
void gbxi_tree_fini(gbxi_tree *tree);

/* The node after `node` from the top to the bottom of its thread: its first child unless that is `depth` levels deep
 * (roots are 0), otherwise its next sibling or that of a caller. GBXI_STACK_NONE after the last. */
uint32_t gbxi_tree_next(const gbxi_tree *tree, uint32_t node, uint32_t depth);

/* The number of nodes below `node`. */
uint32_t gbxi_tree_below(const gbxi_tree *tree, uint32_t node);

#endif
