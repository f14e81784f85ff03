/* SPDX-License-Identifier: MIT */
/* Percentiles of durations. */
#include "findings/durations.h"
#include <stdlib.h>

static int durations_compare(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

void gbxi_durations_sort(gbxi_durations *durations)
{
    if (durations->count > 1)
        qsort(durations->at, durations->count, sizeof(*durations->at), durations_compare);
}

uint64_t gbxi_durations_percentile(const gbxi_durations *durations, unsigned percent)
{
    size_t rank = (durations->count * percent + 99) / 100;

    return durations->count == 0 ? 0 : durations->at[rank > 0 ? rank - 1 : 0];
}

void gbxi_durations_fini(gbxi_durations *durations)
{
    gbxi_account_free(durations->at);
    *durations = (gbxi_durations){.at = NULL};
}
