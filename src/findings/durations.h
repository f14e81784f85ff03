/* SPDX-License-Identifier: MIT */
/* All durations of something, for exact percentiles. */
#ifndef GBX_FINDINGS_DURATIONS_H
#define GBX_FINDINGS_DURATIONS_H

#include "base/grow.h"

/* A zeroed struct is empty. */
typedef struct gbxi_durations {
    uint64_t *at;
    size_t count, capacity;
    uint64_t sum_ns, max_ns;
} gbxi_durations;

/* Errors: false if memory is short. */
static inline bool gbxi_durations_add(gbxi_durations *durations, uint64_t ns)
{
    if (!gbxi_grow(&durations->at, &durations->capacity, durations->count + 1, sizeof(*durations->at)))
        return false;
    durations->at[durations->count++] = ns;
    durations->sum_ns += ns;
    if (ns > durations->max_ns)
        durations->max_ns = ns;
    return true;
}

/* Sorts them, which percentiles need. */
void gbxi_durations_sort(gbxi_durations *durations);

/* The smallest duration that `percent` of them do not exceed (nearest rank); 0 if there are none. */
uint64_t gbxi_durations_percentile(const gbxi_durations *durations, unsigned percent);

void gbxi_durations_fini(gbxi_durations *durations);

#endif
