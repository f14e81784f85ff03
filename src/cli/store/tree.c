/* SPDX-License-Identifier: MIT */
/* Makes the tree: stacks first, and then a second walk that adds what the stacks do not have. */
#include "cli/store/tree.h"
#include "trace/walk.h"
#include <stdlib.h>

/* Calls of a trace whose notes are shown at most. */
enum { NOTED_MAX = 1000 };

/* The second walk. */
typedef struct tree_walk {
    gbxi_tree *tree;
    gbxi_trace_walk walk;
    const gbxi_pick **noted; /* in the order of their calls */
    uint32_t noted_next;
    uint32_t thread;
    uint32_t open; /* stack of the innermost call */
} tree_walk;

static int compare_calls(const void *a, const void *b)
{
    uint32_t first = (*(const gbxi_pick *const *)a)->recorded, second = (*(const gbxi_pick *const *)b)->recorded;

    return first < second ? -1 : first > second;
}

/* The calls with notes, in the order in which the walk comes to them. */
static bool sort_noted(tree_walk *walk)
{
    const gbxi_picks *picks = &walk->tree->trace->noted;

    if ((walk->noted = malloc(((size_t)picks->count + 1) * sizeof(const gbxi_pick *))) == NULL)
        return false;
    for (uint32_t i = 0; i < picks->count; i++)
        walk->noted[i] = &picks->at[i];
    qsort(walk->noted, picks->count, sizeof(const gbxi_pick *), compare_calls);
    return true;
}

static void enter_node(tree_walk *walk, const gbxi_trace_step *step)
{
    gbxi_tree *tree = walk->tree;
    const gbxi_pick *noted = walk->noted_next < tree->trace->noted.count ? walk->noted[walk->noted_next] : NULL;
    gbxi_tree_node *node;

    walk->open =
        gbxi_stacks_find(&tree->stacks, walk->open, walk->thread, (uint32_t)(step->frame - tree->trace->frames.at));
    if (noted == NULL || noted->recorded + 1 != walk->walk.recorded)
        return;
    walk->noted_next++;
    node = &tree->nodes[walk->open];
    if (node->noted == NULL || noted->duration_ns > node->noted->duration_ns)
        node->noted = noted;
}

static void leave_node(tree_walk *walk, const gbxi_trace_step *step)
{
    gbxi_tree_node *node = &walk->tree->nodes[walk->open];

    node->total_ns += step->duration_ns;
    if (step->duration_ns < node->min_ns)
        node->min_ns = step->duration_ns;
    if (step->duration_ns > node->max_ns)
        node->max_ns = step->duration_ns;
    if (step->reason != NULL && node->failed_count++ == 0) {
        node->reason = step->reason;
        node->reason_length = step->reason_length;
    }
    walk->open = walk->tree->stacks.at[walk->open].parent;
}

static bool walk_nodes(gbxi_tree *tree)
{
    tree_walk walk = {.tree = tree};
    bool good = gbxi_trace_walk_init(&walk.walk, tree->trace) && sort_noted(&walk);
    gbxi_trace_step step;

    for (size_t i = 0; good && i < tree->trace->facts.lane_count; i++) {
        gbxi_trace_walk_thread(&walk.walk, i);
        walk.thread = (uint32_t)i;
        walk.open = GBXI_STACK_NONE;
        while (gbxi_trace_walk_next(&walk.walk, &step))
            if (step.kind == GBXI_TRACE_STEP_ENTER)
                enter_node(&walk, &step);
            else if (step.kind == GBXI_TRACE_STEP_EXIT)
                leave_node(&walk, &step);
    }
    gbxi_trace_walk_fini(&walk.walk);
    free(walk.noted);
    return good;
}

/* A caller's number is lower than those of the stacks below it, so the last one is linked first. */
static void link_nodes(gbxi_tree *tree)
{
    for (size_t i = 0; i < tree->trace->facts.lane_count; i++)
        tree->threads[i] = GBXI_STACK_NONE;
    for (uint32_t i = 0; i < tree->stacks.count; i++)
        tree->nodes[i] = (gbxi_tree_node){.min_ns = UINT64_MAX, .first_child = GBXI_STACK_NONE};
    for (uint32_t i = tree->stacks.count; i > 0; i--) {
        const gbxi_stack *stack = &tree->stacks.at[i - 1];
        uint32_t *first =
            stack->parent != GBXI_STACK_NONE ? &tree->nodes[stack->parent].first_child : &tree->threads[stack->thread];

        tree->nodes[i - 1].next = *first;
        *first = i - 1;
    }
}

bool gbxi_tree_init(gbxi_tree *tree, const gbx_capture *capture)
{
    const gbxi_trace_options options = {.noted_n = NOTED_MAX};

    *tree = (gbxi_tree){.trace = gbxi_trace_new(capture, &options)};
    if (tree->trace == NULL || !gbxi_stacks_init(&tree->stacks, tree->trace))
        return false;
    tree->nodes = calloc((size_t)tree->stacks.count + 1, sizeof(*tree->nodes));
    tree->threads = calloc(tree->trace->facts.lane_count + 1, sizeof(*tree->threads));
    if (tree->nodes == NULL || tree->threads == NULL)
        return false;
    link_nodes(tree);
    return walk_nodes(tree);
}

void gbxi_tree_fini(gbxi_tree *tree)
{
    free(tree->threads);
    free(tree->nodes);
    gbxi_stacks_fini(&tree->stacks);
    gbxi_trace_free(tree->trace);
    *tree = (gbxi_tree){0};
}

uint32_t gbxi_tree_next(const gbxi_tree *tree, uint32_t node, uint32_t depth)
{
    if (tree->nodes[node].first_child != GBXI_STACK_NONE && tree->stacks.at[node].depth + 1 < depth)
        return tree->nodes[node].first_child;
    while (node != GBXI_STACK_NONE && tree->nodes[node].next == GBXI_STACK_NONE)
        node = tree->stacks.at[node].parent;
    return node != GBXI_STACK_NONE ? tree->nodes[node].next : GBXI_STACK_NONE;
}

uint32_t gbxi_tree_below(const gbxi_tree *tree, uint32_t node)
{
    uint32_t count = 0, depth = tree->stacks.at[node].depth;

    for (uint32_t i = tree->nodes[node].first_child; i != GBXI_STACK_NONE && tree->stacks.at[i].depth > depth;
         i = gbxi_tree_next(tree, i, UINT32_MAX))
        count++;
    return count;
}
