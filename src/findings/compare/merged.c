/* SPDX-License-Identifier: MIT */
/* Adds stacks up in one tree, and orders it. */
#define _GNU_SOURCE
#include "findings/compare/merged.h"
#include "base/grow.h"
#include "base/hash.h"
#include "trace/stacks.h"
#include "trace/trace.h"
#include <stdlib.h>
#include <string.h>

void gbxi_merged_init(gbxi_merged *merged)
{
    *merged = (gbxi_merged){.first_root = GBXI_MERGED_NONE};
    gbxi_gathered_init(&merged->names);
}

void gbxi_merged_fini(gbxi_merged *merged)
{
    gbxi_account_free(merged->nodes);
    gbxi_table_fini(&merged->table);
    gbxi_gathered_fini(&merged->names);
    gbxi_merged_init(merged);
}

static bool merged_is_node(const void *context, const gbxi_table_slot *slot, const void *key)
{
    const gbxi_merged_node *node = &((const gbxi_merged *)context)->nodes[slot->number - 1];
    const gbxi_merged_node *sought = key;

    return node->parent == sought->parent && node->item == sought->item;
}

/* Finds the child of a node, or the root if there is none, that is this item. */
static bool merged_child(gbxi_merged *merged, uint32_t parent, uint32_t item, uint32_t *child)
{
    const gbxi_merged_node sought = {.parent = parent, .item = item};
    uint32_t hash = gbxi_hash_pair(merged->names.key, parent, item);
    size_t count = merged->node_count;
    gbxi_table_slot *slot;
    uint32_t *first;

    if (!gbxi_table_reserve(&merged->table, sizeof(*slot), count + 1) ||
        !gbxi_grow(&merged->nodes, &merged->node_capacity, count + 1, sizeof(*merged->nodes)))
        return false;
    slot = gbxi_table_find(&merged->table, sizeof(*slot), hash, merged_is_node, merged, &sought);
    if (slot->number == 0) {
        first = parent != GBXI_MERGED_NONE ? &merged->nodes[parent].first_child : &merged->first_root;
        merged->nodes[count] =
            (gbxi_merged_node){.parent = parent,
                               .item = item,
                               .first_child = GBXI_MERGED_NONE,
                               .next = *first,
                               .depth = parent != GBXI_MERGED_NONE ? merged->nodes[parent].depth + 1 : 0};
        *first = (uint32_t)count;
        *slot = (gbxi_table_slot){hash, (uint32_t)++merged->node_count};
    }
    *child = slot->number - 1;
    return true;
}

/* `nodes` has the node of each stack of the trace; those of callers come first. */
static bool merged_add_stacks(gbxi_merged *merged, gbxi_compare_half half, uint32_t root, const gbxi_trace *trace,
                              const gbxi_stacks *stacks, uint32_t *nodes)
{
    for (uint32_t i = 0; i < stacks->count; i++) {
        const gbxi_stack *stack = &stacks->at[i];
        const gbxi_frame *frame = &trace->frames.at[stack->frame];
        uint32_t parent = stack->parent != GBXI_STACK_NONE ? nodes[stack->parent] : root, item;

        nodes[i] = parent;
        if (merged->nodes[parent].depth < GBXI_MERGED_DEPTH_MAX &&
            (!gbxi_gathered_add_frame(&merged->names, (gbxi_view){frame->name, frame->name_length}, frame->file,
                                      frame->line, &item) ||
             !merged_child(merged, parent, item, &nodes[i])))
            return false;
        merged->nodes[nodes[i]].self_ns[half] += stack->self_ns;
    }
    return true;
}

bool gbxi_merged_add(gbxi_merged *merged, gbxi_compare_half half, uint32_t route, const gbx_capture *capture)
{
    gbxi_trace *trace = gbxi_trace_new(capture, &(gbxi_trace_options){0});
    gbxi_stacks stacks = {0};
    uint32_t *nodes = NULL, root;
    bool done = trace != NULL && gbxi_stacks_init(&stacks, trace) &&
                (nodes = malloc((stacks.count + (size_t)1) * sizeof(*nodes))) != NULL &&
                merged_child(merged, GBXI_MERGED_NONE, route, &root) &&
                merged_add_stacks(merged, half, root, trace, &stacks, nodes);

    free(nodes);
    gbxi_stacks_fini(&stacks);
    gbxi_trace_free(trace);
    return done;
}

static int merged_compare_routes(const gbxi_gathered_route *left, const gbxi_gathered_route *right)
{
    int order = strcmp(left->route, right->route);

    return order != 0 ? order : strcmp(left->method, right->method);
}

static int merged_compare_frames(const gbxi_gathered_frame *left, const gbxi_gathered_frame *right)
{
    int order = strcmp(left->name, right->name);

    if (order == 0)
        order = strcmp(left->file, right->file);
    return order != 0 ? order : (left->line > right->line) - (left->line < right->line);
}

static int merged_node_order(const void *a, const void *b, void *context)
{
    const gbxi_merged *merged = context;
    const gbxi_merged_node *left = &merged->nodes[*(const uint32_t *)a], *right = &merged->nodes[*(const uint32_t *)b];

    return left->depth == 0
               ? merged_compare_routes(&merged->names.routes[left->item], &merged->names.routes[right->item])
               : merged_compare_frames(&merged->names.frames[left->item], &merged->names.frames[right->item]);
}

/* Orders a list of siblings in `room`. Returns the first. */
static uint32_t merged_order_list(gbxi_merged *merged, uint32_t first, uint32_t *room)
{
    size_t count = 0;

    for (uint32_t i = first; i != GBXI_MERGED_NONE; i = merged->nodes[i].next)
        room[count++] = i;
    if (count < 2)
        return first;
    qsort_r(room, count, sizeof(*room), merged_node_order, merged);
    for (size_t i = 0; i < count; i++)
        merged->nodes[room[i]].next = i + 1 < count ? room[i + 1] : GBXI_MERGED_NONE;
    return room[0];
}

bool gbxi_merged_order(gbxi_merged *merged)
{
    uint32_t *room = malloc((merged->node_count + 1) * sizeof(*room));

    if (room == NULL)
        return false;
    merged->first_root = merged_order_list(merged, merged->first_root, room);
    for (size_t i = 0; i < merged->node_count; i++)
        merged->nodes[i].first_child = merged_order_list(merged, merged->nodes[i].first_child, room);
    free(room);
    return true;
}

uint32_t gbxi_merged_next(const gbxi_merged *merged, uint32_t node)
{
    if (merged->nodes[node].first_child != GBXI_MERGED_NONE)
        return merged->nodes[node].first_child;
    while (node != GBXI_MERGED_NONE && merged->nodes[node].next == GBXI_MERGED_NONE)
        node = merged->nodes[node].parent;
    return node != GBXI_MERGED_NONE ? merged->nodes[node].next : GBXI_MERGED_NONE;
}
