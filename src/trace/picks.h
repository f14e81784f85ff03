/* SPDX-License-Identifier: MIT */
/* Single calls that documents name: those with the highest keys of all that are offered, such as the slowest.
 *
 * Usage: init with the number wanted; offer every call that may qualify; rank, after which `at` is in order. Cost: a
 * call that does not qualify takes one comparison. Writer: the analysis; immutable afterwards. */
#ifndef GBX_TRACE_PICKS_H
#define GBX_TRACE_PICKS_H

#include "trace/marks.h"

typedef struct gbxi_pick {
    uint32_t recorded; /* number of the recorded call over all threads */
    uint32_t frame;
    uint32_t depth;
    uint32_t thread; /* index in the trace's threads */
    uint64_t start_ns;
    uint64_t duration_ns;
    uint64_t self_ns;
    const char *reason; /* of its first failure; borrowed from the capture, not terminated; NULL: it has not failed */
    uint32_t reason_length;
    uint32_t note_count;
    uint32_t omitted_notes;
    gbxi_note *notes;
    uint32_t notes_capacity;
} gbxi_pick;

/* A pick in the heap, in which the one that ranks last is at the top. */
typedef struct gbxi_picks_rank {
    uint64_t key;
    uint32_t order; /* of being offered */
    uint32_t pick;  /* index in `at` */
} gbxi_picks_rank;

/* A zeroed struct wants none. */
typedef struct gbxi_picks {
    gbxi_pick *at;
    gbxi_picks_rank *heap;
    size_t capacity;
    size_t heap_capacity;
    uint64_t offered; /* number of calls offered */
    uint64_t floor;   /* calls with lower keys do not qualify */
    uint32_t count;
    uint32_t wanted;
} gbxi_picks;

static inline void gbxi_picks_init(gbxi_picks *picks, uint32_t wanted)
{
    *picks = (gbxi_picks){.wanted = wanted, .floor = wanted == 0 ? UINT64_MAX : 0};
}

/* Whether a call with that key may qualify. */
static inline bool gbxi_picks_may_take(const gbxi_picks *picks, uint64_t key)
{
    return key >= picks->floor;
}

/* Offers a call. Returns the pick to fill if it qualifies, all of it except `notes` and `notes_capacity`; otherwise
 * NULL. Among equal keys, the call that was offered first ranks first, so that calls that take equally long do not
 * replace one another. `*good` becomes false if out of memory. */
gbxi_pick *gbxi_picks_offer(gbxi_picks *picks, uint64_t key, bool *good);

/* Gives a pick the notes and the reason of its mark. Errors: false if out of memory. */
bool gbxi_pick_mark(gbxi_pick *pick, const gbxi_marks *marks, const gbxi_mark *mark);

/* Puts the picks in order: the highest key first. Errors: false if out of memory. */
bool gbxi_picks_rank_all(gbxi_picks *picks);

void gbxi_picks_fini(gbxi_picks *picks);

#endif
