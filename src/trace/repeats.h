/* SPDX-License-Identifier: MIT */
/* Calls that have the same child again and again: the "n + 1 queries" of a trace.
 *
 * Usage, by the analysis: mark at a call's enter; child for each of its direct children at their exit; harvest with
 * that mark at its own exit; rank at the end. Calls nest, so the tallies of the open ones form a stack: a call's own
 * are always its top part, and giving them back is cutting the stack. Cost: one hash probe a call. */
#ifndef GBX_TRACE_REPEATS_H
#define GBX_TRACE_REPEATS_H

#include <stdbool.h>
#include <stdint.h>

/* From how many equal children of one call on it is a repeat, and how many rows a document shows. */
enum { GBX__REPEAT_MIN = 3, GBX__REPEAT_ROWS_MAX = 100 };

/* One row: the worst single call of `parent`, which called `child` `count` times. Frames by number. */
typedef struct gbx__repeat {
    uint32_t parent;
    uint32_t child;
    uint32_t count;
    uint64_t total_ns; /* of those `count` calls */
} gbx__repeat;

/* What an open call has seen of one child so far. */
typedef struct gbx__repeat_tally {
    uint32_t depth; /* of the parent */
    uint32_t child;
    uint32_t count;
    uint32_t next; /* older tally in the same bucket, number + 1 */
    uint64_t total_ns;
} gbx__repeat_tally;

/* The stack of tallies with its hash buckets, and the rows found. Zeroed is empty. */
typedef struct gbx__repeats {
    gbx__repeat_tally *tallies;
    uint32_t tally_count;
    uint32_t tally_capacity;
    uint32_t *buckets; /* newest tally, number + 1 */
    uint32_t bucket_mask;
    uint32_t row_mask;
    gbx__repeat *rows;
    uint32_t row_count;
    uint32_t row_capacity;
    uint32_t *row_slots; /* open addressing by (parent, child); number + 1 */
} gbx__repeats;

/* Prepares an empty one. Errors: false without memory; fini is safe either way. */
bool gbx__repeats_init(gbx__repeats *repeats);
void gbx__repeats_fini(gbx__repeats *repeats);

/* Counts a call of `child` that took `ns` for the open call at `depth`. Errors: false without memory. */
bool gbx__repeats_child(gbx__repeats *repeats, uint32_t depth, uint32_t child, uint64_t ns);

/* Ends the call whose mark was `mark`: keeps what repeats, forgets the rest. Errors: false without memory. */
bool gbx__repeats_harvest(gbx__repeats *repeats, uint32_t mark, uint32_t parent);

/* Sorts the rows by total time, largest first, and cuts them to GBX__REPEAT_ROWS_MAX. */
void gbx__repeats_rank(gbx__repeats *repeats);

/* Where the tallies of a call that begins now will start. */
static inline uint32_t gbx__repeats_mark(const gbx__repeats *repeats)
{
    return repeats->tally_count;
}

#endif
