/* SPDX-License-Identifier: MIT */
/* Finds calls that run the same child many times (the "n + 1 queries" of a trace).
 *
 * Usage, by the analysis: gbxi_repeats_mark at a call's enter, gbxi_repeats_child at the exit of each direct child,
 * gbxi_repeats_harvest with that mark at the call's exit, gbxi_repeats_rank at the end. Calls nest, so the tallies of
 * open calls form a stack. A call's tallies are always on top and are freed by cutting the stack. Cost: one hash probe
 * per call. */
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
    uint32_t next; /* the next older tally in the same bucket, as its number + 1 */
    uint64_t total_ns;
} gbxi_repeat_tally;

/* The stack of tallies with its hash buckets, and the rows found. A zeroed struct is empty. */
typedef struct gbxi_repeats {
    gbxi_repeat_tally *tallies;
    size_t tally_capacity;
    uint32_t
        *buckets; /* the newest tally of each bucket, as its number + 1; chained, because tallies are removed again */
    uint32_t bucket_mask;
    uint32_t tally_count;
    gbxi_repeat *rows;
    uint32_t row_count;
    size_t row_capacity;
    gbxi_table row_table; /* keyed by parent and child */
    uint64_t key;         /* of both hashes: a client that chooses names chooses the numbers of frames */
} gbxi_repeats;

/* Initialises an empty struct. Errors: false if out of memory; fini is safe either way. */
bool gbxi_repeats_init(gbxi_repeats *repeats);
void gbxi_repeats_fini(gbxi_repeats *repeats);

/* Counts a call of `child` that took `ns`, for the open call at `depth`. Errors: false if out of memory. */
bool gbxi_repeats_child(gbxi_repeats *repeats, uint32_t depth, uint32_t child, uint64_t ns);

/* Ends the call with the mark `mark`: keeps its repeats and drops its other tallies. Errors: false if out of memory. */
bool gbxi_repeats_harvest(gbxi_repeats *repeats, uint32_t mark, uint32_t parent);

/* Sorts the rows by total time in descending order and keeps GBXI_REPEAT_ROWS_MAX of them. */
void gbxi_repeats_rank(gbxi_repeats *repeats);

/* The position where the tallies of a new call will start. */
static inline uint32_t gbxi_repeats_mark(const gbxi_repeats *repeats)
{
    return repeats->tally_count;
}

#endif
