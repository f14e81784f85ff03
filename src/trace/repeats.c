/* SPDX-License-Identifier: MIT */
/* Tallies of equal children of the open calls, and the resulting rows. */
#include "trace/repeats.h"
#include "base/grow.h"
#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

/* Makes room for `child` in the list of newest tallies. */
static bool grow_newest(gbxi_repeats *repeats, uint32_t child)
{
    size_t had = repeats->newest_capacity;

    if (!gbxi_grow(&repeats->newest, &repeats->newest_capacity, (size_t)child + 1, sizeof(*repeats->newest)))
        return false;
    memset(repeats->newest + had, 0, (repeats->newest_capacity - had) * sizeof(*repeats->newest));
    return true;
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
    gbxi_table_slot *slot;

    if (!gbxi_grow(&repeats->rows, &repeats->row_capacity, (size_t)repeats->row_count + 1, sizeof(row)) ||
        !gbxi_table_reserve(&repeats->row_table, sizeof(gbxi_table_slot), (size_t)repeats->row_count + 1))
        return false;
    slot = row_slot_of(repeats, &row, hash);
    if (slot->number != 0) {
        gbxi_repeat *known = &repeats->rows[slot->number - 1];
        if (row.count > known->count || (row.count == known->count && row.total_ns > known->total_ns))
            *known = row;
        return true;
    }
    repeats->rows[repeats->row_count++] = row;
    *slot = (gbxi_table_slot){hash, repeats->row_count};
    return true;
}

void gbxi_repeats_init(gbxi_repeats *repeats)
{
    *repeats = (gbxi_repeats){.key = gbxi_hash_key()};
}

void gbxi_repeats_fini(gbxi_repeats *repeats)
{
    gbxi_table_fini(&repeats->row_table);
    free(repeats->rows);
    free(repeats->newest);
    free(repeats->tallies);
    *repeats = (gbxi_repeats){0};
}

bool gbxi_repeats_child_slow(gbxi_repeats *repeats, uint32_t depth, uint32_t child, uint64_t ns)
{
    if (child >= repeats->newest_capacity && !grow_newest(repeats, child))
        return false;
    if (!gbxi_grow(&repeats->tallies, &repeats->tally_capacity, (size_t)repeats->tally_count + 1,
                   sizeof(*repeats->tallies)))
        return false;
    repeats->tallies[repeats->tally_count] = (gbxi_repeat_tally){
        .depth = depth, .child = child, .count = 1, .older = repeats->newest[child], .total_ns = ns};
    repeats->newest[child] = ++repeats->tally_count;
    return true;
}

bool gbxi_repeats_harvest_slow(gbxi_repeats *repeats, uint32_t mark, uint32_t parent)
{
    bool kept = true;

    while (repeats->tally_count > mark) {
        const gbxi_repeat_tally *tally = &repeats->tallies[--repeats->tally_count];
        repeats->newest[tally->child] = tally->older;
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
    if (repeats->row_count == 0)
        return;
    qsort(repeats->rows, repeats->row_count, sizeof(*repeats->rows), by_total);
    if (repeats->row_count > GBXI_REPEAT_ROWS_MAX)
        repeats->row_count = GBXI_REPEAT_ROWS_MAX;
}
