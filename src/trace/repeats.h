/* SPDX-License-Identifier: MIT */
/* Calls that have the same child again and again: the "n + 1 queries" of a trace.
 *
 * Usage, by the analysis: mark at a call's enter; child for each of its direct children at their exit; harvest with
 * that mark at its own exit; rank at the end. Calls nest, so the tallies of the open ones form a stack: a call's own
 * are always its top part, and giving them back is cutting the stack. Cost: one hash probe a call. */
#ifndef GBX_TRACE_REPEATS_H
#define GBX_TRACE_REPEATS_H

#include "base/table.h"
#include <stdbool.h>
#include <stdint.h>

/* From how many equal children of one call on it is a repeat, and how many rows a document shows. */
enum { GBXI_REPEAT_MIN = 3, GBXI_REPEAT_ROWS_MAX = 100 };

/* One row: the worst single call of `parent`, which called `child` `count` times. Frames by number. */
typedef struct gbxi_repeat {
    uint32_t parent;
    uint32_t child;
    uint32_t count;
    uint64_t total_ns; /* of those `count` calls */
} gbxi_repeat;

/* What an open call has seen of one child so far. */
typedef struct gbxi_repeat_tally {
    uint32_t depth; /* of the parent */
    uint32_t child;
    uint32_t count;
    uint32_t next; /* older tally in the same bucket, number + 1 */
    uint64_t total_ns;
} gbxi_repeat_tally;

/* The stack of tallies with its hash buckets, and the rows found. Zeroed is empty. */
typedef struct gbxi_repeats {
    gbxi_repeat_tally *tallies;
    size_t tally_capacity;
    uint32_t *buckets; /* newest tally, number + 1; chains, because tallies are taken out again */
    uint32_t bucket_mask;
    uint32_t tally_count;
    gbxi_repeat *rows;
    uint32_t row_count;
    size_t row_capacity;
    gbxi_table row_table; /* by parent and child */
} gbxi_repeats;

/* Prepares an empty one. Errors: false without memory; fini is safe either way. */
bool gbxi_repeats_init(gbxi_repeats *repeats);
void gbxi_repeats_fini(gbxi_repeats *repeats);

/* Counts a call of `child` that took `ns` for the open call at `depth`. Errors: false without memory. */
bool gbxi_repeats_child(gbxi_repeats *repeats, uint32_t depth, uint32_t child, uint64_t ns);

/* Ends the call whose mark was `mark`: keeps what repeats, forgets the rest. Errors: false without memory. */
bool gbxi_repeats_harvest(gbxi_repeats *repeats, uint32_t mark, uint32_t parent);

/* Sorts the rows by total time, largest first, and cuts them to GBXI_REPEAT_ROWS_MAX. */
void gbxi_repeats_rank(gbxi_repeats *repeats);

/* Where the tallies of a call that begins now will start. */
static inline uint32_t gbxi_repeats_mark(const gbxi_repeats *repeats)
{
    return repeats->tally_count;
}

#endif
