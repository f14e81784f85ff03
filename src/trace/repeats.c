/* SPDX-License-Identifier: MIT */
/* Tallies of equal children of the open calls, and the resulting rows. */
#include "trace/repeats.h"
#include "base/grow.h"
#include "base/hash.h"

#include <stdlib.h>

/* The bucket of a tally's depth and child. */
static uint32_t *tally_bucket(const gbxi_repeats *repeats, uint32_t depth, uint32_t child)
{
    return &repeats->buckets[gbxi_hash_pair(repeats->key, depth, child) & repeats->bucket_mask];
}

static void link_tally(gbxi_repeats *repeats, uint32_t number)
{
    gbxi_repeat_tally *tally = &repeats->tallies[number];
    uint32_t *bucket = tally_bucket(repeats, tally->depth, tally->child);

    tally->next = *bucket;
    *bucket = number + 1;
}

/* Relinks the oldest tally first, so that each bucket starts with its newest again. Cutting the stack depends on
 * this. */
static bool grow_tallies(gbxi_repeats *repeats)
{
    uint32_t *buckets;

    if (!gbxi_grow(&repeats->tallies, &repeats->tally_capacity, (size_t)repeats->tally_count + 1,
                   sizeof(*repeats->tallies)))
        return false;
    if ((buckets = calloc(repeats->tally_capacity, sizeof(*buckets))) == NULL)
        return false;
    free(repeats->buckets);
    repeats->buckets = buckets;
    repeats->bucket_mask = (uint32_t)repeats->tally_capacity - 1;
    for (uint32_t i = 0; i < repeats->tally_count; i++)
        link_tally(repeats, i);
    return true;
}

static gbxi_repeat_tally *find_tally(const gbxi_repeats *repeats, uint32_t depth, uint32_t child)
{
    uint32_t last = repeats->tally_count, at;

    /* Fast path for a loop that calls the same child again. */
    if (last > 0 && repeats->tallies[last - 1].depth == depth && repeats->tallies[last - 1].child == child)
        return &repeats->tallies[last - 1];
    at = *tally_bucket(repeats, depth, child);
    while (at != 0) {
        gbxi_repeat_tally *tally = &repeats->tallies[at - 1];

        if (tally->depth == depth && tally->child == child)
            return tally;
        at = tally->next;
    }
    return NULL;
}

static bool is_same_row(const void *rows, const gbxi_table_slot *slot, const void *wanted)
{
    const gbxi_repeat *held = &((const gbxi_repeat *)rows)[slot->number - 1], *row = wanted;

    return held->parent == row->parent && held->child == row->child;
}

static gbxi_table_slot *row_slot_of(const gbxi_repeats *repeats, const gbxi_repeat *row, uint32_t hash)
{
    return gbxi_table_find(&repeats->row_table, sizeof(gbxi_table_slot), hash, is_same_row, repeats->rows, row);
}

static bool keep_row(gbxi_repeats *repeats, uint32_t parent, const gbxi_repeat_tally *tally)
{
    gbxi_repeat row = {parent, tally->child, tally->count, tally->total_ns};
    uint32_t hash = gbxi_hash_pair(repeats->key, parent, tally->child);
    gbxi_table_slot *slot = row_slot_of(repeats, &row, hash);

    if (slot->number != 0) {
        gbxi_repeat *known = &repeats->rows[slot->number - 1];
        if (row.count > known->count || (row.count == known->count && row.total_ns > known->total_ns))
            *known = row;
        return true;
    }
    if (!gbxi_grow(&repeats->rows, &repeats->row_capacity, (size_t)repeats->row_count + 1, sizeof(row)) ||
        !gbxi_table_reserve(&repeats->row_table, sizeof(gbxi_table_slot), (size_t)repeats->row_count + 1))
        return false;
    repeats->rows[repeats->row_count++] = row;
    *row_slot_of(repeats, &row, hash) = (gbxi_table_slot){hash, repeats->row_count};
    return true;
}

bool gbxi_repeats_init(gbxi_repeats *repeats)
{
    *repeats = (gbxi_repeats){.key = gbxi_hash_key()};
    return grow_tallies(repeats) && gbxi_grow(&repeats->rows, &repeats->row_capacity, 1, sizeof(*repeats->rows)) &&
           gbxi_table_reserve(&repeats->row_table, sizeof(gbxi_table_slot), 1);
}

void gbxi_repeats_fini(gbxi_repeats *repeats)
{
    gbxi_table_fini(&repeats->row_table);
    free(repeats->rows);
    free(repeats->buckets);
    free(repeats->tallies);
    *repeats = (gbxi_repeats){0};
}

bool gbxi_repeats_child(gbxi_repeats *repeats, uint32_t depth, uint32_t child, uint64_t ns)
{
    gbxi_repeat_tally *tally = find_tally(repeats, depth, child);

    if (tally == NULL) {
        if (repeats->tally_count == repeats->tally_capacity && !grow_tallies(repeats))
            return false;
        tally = &repeats->tallies[repeats->tally_count];
        *tally = (gbxi_repeat_tally){.depth = depth, .child = child};
        link_tally(repeats, repeats->tally_count++);
    }
    ++tally->count;
    tally->total_ns += ns;
    return true;
}

bool gbxi_repeats_harvest(gbxi_repeats *repeats, uint32_t mark, uint32_t parent)
{
    bool kept = true;

    /* Removes the newest tally first: it is always the first in its bucket. */
    while (repeats->tally_count > mark) {
        const gbxi_repeat_tally *tally = &repeats->tallies[--repeats->tally_count];
        *tally_bucket(repeats, tally->depth, tally->child) = tally->next;
        if (tally->count >= GBXI_REPEAT_MIN)
            kept = keep_row(repeats, parent, tally) && kept;
    }
    return kept;
}

/* Sorts by total in descending order, then by frame, so that the order is always the same. */
static int by_total(const void *left, const void *right)
{
    const gbxi_repeat *a = left;
    const gbxi_repeat *b = right;

    if (a->total_ns != b->total_ns)
        return a->total_ns > b->total_ns ? -1 : 1;
    if (a->parent != b->parent)
        return a->parent < b->parent ? -1 : 1;
    return (a->child > b->child) - (a->child < b->child);
}

void gbxi_repeats_rank(gbxi_repeats *repeats)
{
    qsort(repeats->rows, repeats->row_count, sizeof(*repeats->rows), by_total);
    if (repeats->row_count > GBXI_REPEAT_ROWS_MAX)
        repeats->row_count = GBXI_REPEAT_ROWS_MAX;
}
