/* SPDX-License-Identifier: MIT */
/* Tallies of equal children of the open calls, and the rows they leave. */
#include "trace/repeats.h"

#include <stdlib.h>

enum { FIRST = 64 };

static uint32_t hash_pair(uint32_t a, uint32_t b)
{
    uint64_t mixed = (((uint64_t)a << 32) | b) * 0x9E3779B97F4A7C15u;

    return (uint32_t)(mixed >> 32) ^ (uint32_t)(mixed >> 8);
}

static void link_tally(gbxi_repeats *repeats, uint32_t number)
{
    gbxi_repeat_tally *tally = &repeats->tallies[number];
    uint32_t *bucket = &repeats->buckets[hash_pair(tally->depth, tally->child) & repeats->bucket_mask];

    tally->next = *bucket;
    *bucket = number + 1;
}

/* Relinks oldest first, so that every bucket again starts with its newest: what cutting the stack relies on. */
static bool grow_tallies(gbxi_repeats *repeats)
{
    uint32_t capacity = repeats->tally_capacity * 2;
    uint32_t *buckets = calloc(capacity, sizeof(*buckets));
    gbxi_repeat_tally *tallies = realloc(repeats->tallies, capacity * sizeof(*tallies));

    if (tallies != NULL)
        repeats->tallies = tallies;
    if (tallies == NULL || buckets == NULL) {
        free(buckets);
        return false;
    }
    free(repeats->buckets);
    repeats->buckets = buckets;
    repeats->bucket_mask = capacity - 1;
    repeats->tally_capacity = capacity;
    for (uint32_t i = 0; i < repeats->tally_count; ++i)
        link_tally(repeats, i);
    return true;
}

static gbxi_repeat_tally *find_tally(const gbxi_repeats *repeats, uint32_t depth, uint32_t child)
{
    uint32_t at = repeats->tally_count;

    /* A loop calls what it called last: no need to ask the table. */
    if (at > 0 && repeats->tallies[at - 1].depth == depth && repeats->tallies[at - 1].child == child)
        return &repeats->tallies[at - 1];
    for (at = repeats->buckets[hash_pair(depth, child) & repeats->bucket_mask]; at != 0;) {
        gbxi_repeat_tally *tally = &repeats->tallies[at - 1];
        if (tally->depth == depth && tally->child == child)
            return tally;
        at = tally->next;
    }
    return NULL;
}

static uint32_t *row_slot(const gbxi_repeats *repeats, const uint32_t *slots, uint32_t mask, uint32_t parent,
                          uint32_t child)
{
    for (uint32_t at = hash_pair(parent, child) & mask;; at = (at + 1) & mask) {
        uint32_t held = slots[at];
        if (held == 0 || (repeats->rows[held - 1].parent == parent && repeats->rows[held - 1].child == child))
            return (uint32_t *)&slots[at];
    }
}

static bool grow_rows(gbxi_repeats *repeats)
{
    uint32_t capacity = repeats->row_capacity * 2;
    uint32_t mask = capacity * 2 - 1;
    uint32_t *slots = calloc((size_t)mask + 1, sizeof(*slots));
    gbxi_repeat *rows = realloc(repeats->rows, capacity * sizeof(*rows));

    if (rows != NULL)
        repeats->rows = rows;
    if (rows == NULL || slots == NULL) {
        free(slots);
        return false;
    }
    for (uint32_t i = 0; i < repeats->row_count; ++i)
        *row_slot(repeats, slots, mask, rows[i].parent, rows[i].child) = i + 1;
    free(repeats->row_slots);
    repeats->row_slots = slots;
    repeats->row_mask = mask;
    repeats->row_capacity = capacity;
    return true;
}

static bool keep_row(gbxi_repeats *repeats, uint32_t parent, const gbxi_repeat_tally *tally)
{
    uint32_t *slot = row_slot(repeats, repeats->row_slots, repeats->row_mask, parent, tally->child);
    gbxi_repeat row = {parent, tally->child, tally->count, tally->total_ns};

    if (*slot != 0) {
        gbxi_repeat *known = &repeats->rows[*slot - 1];
        if (row.count > known->count || (row.count == known->count && row.total_ns > known->total_ns))
            *known = row;
        return true;
    }
    if (repeats->row_count == repeats->row_capacity) {
        if (!grow_rows(repeats))
            return false;
        slot = row_slot(repeats, repeats->row_slots, repeats->row_mask, parent, tally->child);
    }
    repeats->rows[repeats->row_count++] = row;
    *slot = repeats->row_count;
    return true;
}

bool gbxi_repeats_init(gbxi_repeats *repeats)
{
    *repeats = (gbxi_repeats){
        .tally_capacity = FIRST, .bucket_mask = FIRST - 1, .row_capacity = FIRST, .row_mask = FIRST * 2 - 1};
    repeats->tallies = malloc(FIRST * sizeof(*repeats->tallies));
    repeats->buckets = calloc(FIRST, sizeof(*repeats->buckets));
    repeats->rows = malloc(FIRST * sizeof(*repeats->rows));
    repeats->row_slots = calloc(FIRST * 2, sizeof(*repeats->row_slots));
    return repeats->tallies != NULL && repeats->buckets != NULL && repeats->rows != NULL && repeats->row_slots != NULL;
}

void gbxi_repeats_fini(gbxi_repeats *repeats)
{
    free(repeats->row_slots);
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

    /* Newest first: the one to unlink is always its bucket's first. */
    while (repeats->tally_count > mark) {
        const gbxi_repeat_tally *tally = &repeats->tallies[--repeats->tally_count];
        repeats->buckets[hash_pair(tally->depth, tally->child) & repeats->bucket_mask] = tally->next;
        if (tally->count >= GBXI_REPEAT_MIN)
            kept = keep_row(repeats, parent, tally) && kept;
    }
    return kept;
}

/* Largest total first; then by frame, so that the order never depends on the sort. */
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
