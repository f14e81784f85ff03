/* SPDX-License-Identifier: MIT */
/* The distinct stacks of a trace: which functions called which, with equal calls added up.
 *
 * A stack is a function and the stack of its caller, on one thread. Stacks are numbered in the order in which they were
 * first entered, so that the caller's number is the lower one. Recursion makes a longer stack with each level. */
#ifndef GBX_TRACE_STACKS_H
#define GBX_TRACE_STACKS_H

#include "base/table.h"
#include "trace/model.h"

#define GBXI_STACK_NONE UINT32_MAX

typedef struct gbxi_stack {
    uint64_t self_ns; /* sum of the self times of its calls; over all stacks, the trace's `self_ns` */
    uint32_t frame;   /* index in the trace's frames */
    uint32_t parent;  /* number of the caller's stack; GBXI_STACK_NONE: a root */
    uint32_t thread;  /* index in the trace's threads */
    uint32_t depth;   /* number of its callers */
    uint32_t calls;
} gbxi_stack;

/* Immutable after init. A zeroed struct is empty. */
typedef struct gbxi_stacks {
    gbxi_stack *at;
    uint32_t count;
    uint32_t depth_max; /* the most callers of any */
    size_t capacity;
    gbxi_table table; /* keyed by parent, or thread of a root, and frame */
    uint64_t key;     /* of the hash */
} gbxi_stacks;

/* Collects the stacks of a trace. Errors: false if out of memory; fini is safe either way. Cost: a pass over the
 * records; up to 100 bytes for each distinct stack. */
bool gbxi_stacks_init(gbxi_stacks *stacks, const gbxi_trace *trace);
void gbxi_stacks_fini(gbxi_stacks *stacks);

/* The number of the stack of a function that is called on another stack, `parent`, or that is a root of a thread, if
 * that is GBXI_STACK_NONE. `frame` is an index in the trace's frames. GBXI_STACK_NONE if there is none. Cost: usually
 * one probe. */
uint32_t gbxi_stacks_find(const gbxi_stacks *stacks, uint32_t parent, uint32_t thread, uint32_t frame);

#endif
