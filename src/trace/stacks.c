/* SPDX-License-Identifier: MIT */
/* Collects the distinct stacks of a trace in one walk. */
#include "trace/stacks.h"
#include "base/grow.h"
#include "base/hash.h"
#include "trace/walk.h"

#include <stdlib.h>

static bool is_same_stack(const void *stacks, const gbxi_table_slot *slot, const void *wanted)
{
    const gbxi_stack *held = &((const gbxi_stacks *)stacks)->at[slot->number - 1], *stack = wanted;

    return held->frame == stack->frame && held->parent == stack->parent && held->thread == stack->thread;
}

/* Roots of different threads differ, and stacks with different parents do. */
static uint32_t hash_stack(const gbxi_stacks *stacks, const gbxi_stack *stack)
{
    uint32_t parent = stack->parent != GBXI_STACK_NONE ? stack->parent : GBXI_STACK_NONE - stack->thread;

    return gbxi_hash_pair(stacks->key, parent, stack->frame);
}

/* Finds or adds the stack of a function that is called on another stack. Returns its number, or GBXI_STACK_NONE if out
 * of memory. */
static uint32_t enter_stack(gbxi_stacks *stacks, const gbxi_stack *stack)
{
    uint32_t hash = hash_stack(stacks, stack);
    gbxi_table_slot *slot;

    if (!gbxi_grow(&stacks->at, &stacks->capacity, (size_t)stacks->count + 1, sizeof(*stacks->at)) ||
        !gbxi_table_reserve(&stacks->table, sizeof(gbxi_table_slot), (size_t)stacks->count + 1))
        return GBXI_STACK_NONE;
    slot = gbxi_table_find(&stacks->table, sizeof(gbxi_table_slot), hash, is_same_stack, stacks, stack);
    if (slot->number == 0) {
        stacks->at[stacks->count++] = *stack;
        *slot = (gbxi_table_slot){hash, stacks->count};
        if (stack->depth > stacks->depth_max)
            stacks->depth_max = stack->depth;
    }
    return slot->number - 1;
}

static bool collect_thread(gbxi_stacks *stacks, gbxi_trace_walk *walk, uint32_t thread)
{
    uint32_t open = GBXI_STACK_NONE;
    gbxi_trace_step step;

    gbxi_trace_walk_thread(walk, thread);
    while (gbxi_trace_walk_next_call(walk, &step)) {
        if (step.kind == GBXI_TRACE_STEP_ENTER) {
            open = enter_stack(stacks, &(gbxi_stack){.frame = (uint32_t)(step.frame - walk->trace->frames.at),
                                                     .parent = open,
                                                     .thread = thread,
                                                     .depth = step.depth});
            if (open == GBXI_STACK_NONE)
                return false;
        } else {
            gbxi_stack *stack = &stacks->at[open];

            stack->calls++;
            stack->self_ns += step.self_ns;
            open = stack->parent;
        }
    }
    return true;
}

bool gbxi_stacks_init(gbxi_stacks *stacks, const gbxi_trace *trace)
{
    gbxi_trace_walk walk;
    bool good = gbxi_trace_walk_init(&walk, trace);

    *stacks = (gbxi_stacks){.key = gbxi_hash_key()};
    for (size_t i = 0; good && i < trace->facts.lane_count; i++)
        good = collect_thread(stacks, &walk, (uint32_t)i);
    gbxi_trace_walk_fini(&walk);
    return good;
}

uint32_t gbxi_stacks_find(const gbxi_stacks *stacks, uint32_t parent, uint32_t thread, uint32_t frame)
{
    const gbxi_stack wanted = {.frame = frame, .parent = parent, .thread = thread};

    if (stacks->count == 0)
        return GBXI_STACK_NONE;
    /* The number of a free slot is 0, and then the result is GBXI_STACK_NONE. */
    return gbxi_table_find(&stacks->table, sizeof(gbxi_table_slot), hash_stack(stacks, &wanted), is_same_stack, stacks,
                           &wanted)
               ->number -
           1;
}

void gbxi_stacks_fini(gbxi_stacks *stacks)
{
    gbxi_table_fini(&stacks->table);
    free(stacks->at);
    *stacks = (gbxi_stacks){0};
}
