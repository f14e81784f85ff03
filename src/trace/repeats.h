/* SPDX-License-Identifier: MIT */
/* Finds calls that run the same child many times (the "n + 1 queries" of a trace).
 *
 * Usage, by the analysis: gbxi_repeats_mark at a call's enter, gbxi_repeats_child at the exit of each direct child,
 * gbxi_repeats_harvest with that mark at the call's exit, gbxi_repeats_rank at the end. Calls nest, so the tallies of
 * open calls form a stack. A call's tallies are always on top and are freed by cutting the stack. So of all tallies of
 * one child, the newest is that of the deepest call, and one comparison tells whether it is that of the parent. */
#ifndef GBX_TRACE_REPEATS_H
#define GBX_TRACE_REPEATS_H

#include "base/table.h"
#include <stdbool.h>
#include <stdint.h>

/* Minimum number of equal children of one call to count as a repeat, and maximum number of rows in a document. */
enum { GBXI_REPEAT_MIN = 3, GBXI_REPEAT_ROWS_MAX = 100 };

/* A row: the worst single call of `parent`, which called `child` `count` times. Both are frame numbers. */
typedef struct gbxi_repeat {
    uint32_t parent;
    uint32_t child;
    uint32_t count;
    uint64_t total_ns; /* sum of the durations of these `count` calls */
} gbxi_repeat;

/* The calls of one child by an open call so far. */
typedef struct gbxi_repeat_tally {
    uint32_t depth; /* depth of the parent */
    uint32_t child;
    uint32_t count;
    uint32_t older; /* the tally of the same child that was the newest before, as its number + 1 */
    uint64_t total_ns;
} gbxi_repeat_tally;

/* The stack of tallies and the rows found. A zeroed struct is empty. */
typedef struct gbxi_repeats {
    gbxi_repeat_tally *tallies;
    size_t tally_capacity;
    uint32_t *newest; /* of each child: its newest tally, as its number + 1 */
    size_t newest_capacity;
    uint32_t tally_count;
    gbxi_repeat *rows;
    uint32_t row_count;
    size_t row_capacity;
    gbxi_table row_table; /* keyed by parent and child */
    uint64_t key;         /* of the hash of rows: a client that chooses names chooses the numbers of frames */
} gbxi_repeats;

/* Initialises an empty struct, which allocates only when there is something to count. */
void gbxi_repeats_init(gbxi_repeats *repeats);
void gbxi_repeats_fini(gbxi_repeats *repeats);

/* The first call of `child` by a parent; only for gbxi_repeats_child. */
bool gbxi_repeats_child_slow(gbxi_repeats *repeats, uint32_t depth, uint32_t child, uint64_t ns);

/* The end of a call that has tallies; only for gbxi_repeats_harvest. */
bool gbxi_repeats_harvest_slow(gbxi_repeats *repeats, uint32_t mark, uint32_t parent);

/* Sorts the rows by total time in descending order and keeps GBXI_REPEAT_ROWS_MAX of them. */
void gbxi_repeats_rank(gbxi_repeats *repeats);

/* Counts a call of `child` that took `ns`, for the open call at `depth`, the innermost. Errors: false if out of
 * memory. */
static inline bool gbxi_repeats_child(gbxi_repeats *repeats, uint32_t depth, uint32_t child, uint64_t ns)
{
    uint32_t newest = child < repeats->newest_capacity ? repeats->newest[child] : 0;

    if (newest == 0 || repeats->tallies[newest - 1].depth != depth)
        return gbxi_repeats_child_slow(repeats, depth, child, ns);
    ++repeats->tallies[newest - 1].count;
    repeats->tallies[newest - 1].total_ns += ns;
    return true;
}

/* Ends the call with the mark `mark`: keeps its repeats and drops its other tallies. Errors: false if out of memory. */
static inline bool gbxi_repeats_harvest(gbxi_repeats *repeats, uint32_t mark, uint32_t parent)
{
    return repeats->tally_count == mark || gbxi_repeats_harvest_slow(repeats, mark, parent);
}

/* The position where the tallies of a new call will start. */
static inline uint32_t gbxi_repeats_mark(const gbxi_repeats *repeats)
{
    return repeats->tally_count;
}

#endif
