/* SPDX-License-Identifier: MIT */
/* Owns the heap of picks. The picks themselves stay where they are. */
#include "trace/picks.h"
#include "base/grow.h"

#include <stdlib.h>
#include <string.h>

static bool is_ahead(const gbxi_picks_rank *a, const gbxi_picks_rank *b)
{
    return a->key != b->key ? a->key > b->key : a->order < b->order;
}

/* Restores the heap below `at`. */
static void sift_rank_down(gbxi_picks_rank *heap, uint32_t count, uint32_t at)
{
    gbxi_picks_rank held = heap[at];

    for (uint32_t child = at * 2 + 1; child < count; child = at * 2 + 1) {
        if (child + 1 < count && is_ahead(&heap[child], &heap[child + 1]))
            ++child;
        if (!is_ahead(&held, &heap[child]))
            break;
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = held;
}

/* Restores the heap above `at`. */
static void sift_rank_up(gbxi_picks_rank *heap, uint32_t at)
{
    gbxi_picks_rank held = heap[at];

    for (; at > 0 && is_ahead(&heap[(at - 1) / 2], &held); at = (at - 1) / 2)
        heap[at] = heap[(at - 1) / 2];
    heap[at] = held;
}

/* Calls offered from now on rank behind the last one if their key is not higher. */
static void raise_floor(gbxi_picks *picks)
{
    uint64_t last = picks->heap[0].key;

    picks->floor = last == UINT64_MAX ? last : last + 1;
}

/* The pick that ranks last, for a call of that rank; NULL if the call ranks behind it. */
static gbxi_pick *replace_last(gbxi_picks *picks, gbxi_picks_rank rank)
{
    if (picks->wanted == 0 || !is_ahead(&rank, &picks->heap[0]))
        return NULL;
    rank.pick = picks->heap[0].pick;
    picks->heap[0] = rank;
    sift_rank_down(picks->heap, picks->count, 0);
    raise_floor(picks);
    return &picks->at[rank.pick];
}

static gbxi_pick *append_pick(gbxi_picks *picks, gbxi_picks_rank rank, bool *good)
{
    if (!gbxi_grow(&picks->at, &picks->capacity, (size_t)picks->count + 1, sizeof(*picks->at)) ||
        !gbxi_grow(&picks->heap, &picks->heap_capacity, (size_t)picks->count + 1, sizeof(*picks->heap))) {
        *good = false;
        return NULL;
    }
    rank.pick = picks->count;
    picks->heap[picks->count] = rank;
    picks->at[picks->count].notes = NULL;
    picks->at[picks->count].notes_capacity = 0;
    sift_rank_up(picks->heap, picks->count++);
    if (picks->count == picks->wanted)
        raise_floor(picks);
    return &picks->at[rank.pick];
}

gbxi_pick *gbxi_picks_offer(gbxi_picks *picks, uint64_t key, bool *good)
{
    gbxi_picks_rank rank = {.key = key, .order = (uint32_t)picks->offered++};

    return picks->count == picks->wanted ? replace_last(picks, rank) : append_pick(picks, rank, good);
}

/* No more than is needed: most calls have few notes, and picks are many. */
static bool reserve_notes(gbxi_pick *pick, uint32_t count)
{
    gbxi_note *notes;

    if (count <= pick->notes_capacity)
        return true;
    if ((notes = gbxi_account_realloc(pick->notes, count * sizeof(*notes))) == NULL)
        return false;
    pick->notes = notes;
    pick->notes_capacity = count;
    return true;
}

bool gbxi_pick_mark(gbxi_pick *pick, const gbxi_marks *marks, const gbxi_mark *mark)
{
    uint32_t count = gbxi_marks_note_count(marks, mark);

    if (!reserve_notes(pick, count))
        return false;
    pick->reason = mark->reason;
    pick->reason_length = mark->reason_length;
    pick->omitted_notes = mark->omitted_notes;
    if (count > 0)
        memcpy(pick->notes, marks->notes + mark->first_note, count * sizeof(*pick->notes));
    pick->note_count = count;
    return true;
}

bool gbxi_picks_rank_all(gbxi_picks *picks)
{
    gbxi_pick *ranked;

    if (picks->count == 0)
        return true;
    if ((ranked = malloc(picks->count * sizeof(*ranked))) == NULL)
        return false;
    for (uint32_t left = picks->count; left > 0; left--) {
        ranked[left - 1] = picks->at[picks->heap[0].pick];
        picks->heap[0] = picks->heap[left - 1];
        sift_rank_down(picks->heap, left - 1, 0);
    }
    free(picks->at);
    picks->at = ranked;
    return true;
}

void gbxi_picks_fini(gbxi_picks *picks)
{
    for (uint32_t i = 0; i < picks->count; i++)
        free(picks->at[i].notes);
    free(picks->heap);
    free(picks->at);
    *picks = (gbxi_picks){0};
}
