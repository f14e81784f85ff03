/* SPDX-License-Identifier: MIT */
/* Reads CLOCK_MONOTONIC and CLOCK_REALTIME. */
#define _GNU_SOURCE
#include "base/time.h"
#include <time.h>

uint64_t gbxi_monotonic_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * GBXI_NS_PER_S + (uint64_t)now.tv_nsec;
}

int64_t gbxi_wall_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * (int64_t)GBXI_NS_PER_S + now.tv_nsec;
}
