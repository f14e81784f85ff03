/* SPDX-License-Identifier: MIT */
/* Keeps every time, so that the median is exact. */
#include "cli/trace/times.h"
#include "base/grow.h"
#include <stdlib.h>

bool gbxi_times_add(gbxi_times *tally, uint32_t status, uint64_t took_ns)
{
    if (!gbxi_grow(&tally->times_ns, &tally->capacity, tally->count + 1, sizeof(*tally->times_ns)))
        return false;
    tally->times_ns[tally->count++] = took_ns;
    ++tally->statuses[status < GBXI_TIMES_STATUSES ? status : 0];
    return true;
}

static int compare_times(const void *a, const void *b)
{
    uint64_t one = *(const uint64_t *)a, other = *(const uint64_t *)b;

    return (one > other) - (one < other);
}

uint64_t gbxi_times_median_ns(gbxi_times *tally, size_t first)
{
    size_t count = tally->count - first;
    uint64_t *times_ns;

    if (count == 0)
        return 0;
    times_ns = tally->times_ns + first;
    qsort(times_ns, count, sizeof(*times_ns), compare_times);
    return count % 2 == 1 ? times_ns[count / 2]
                          : times_ns[count / 2 - 1] + (times_ns[count / 2] - times_ns[count / 2 - 1]) / 2;
}

uint64_t gbxi_times_slowest_ns(const gbxi_times *tally)
{
    uint64_t slowest_ns = 0;

    for (size_t i = 0; i < tally->count; i++)
        if (tally->times_ns[i] > slowest_ns)
            slowest_ns = tally->times_ns[i];
    return slowest_ns;
}

void gbxi_times_fini(gbxi_times *tally)
{
    free(tally->times_ns);
    *tally = (gbxi_times){0};
}
