/* SPDX-License-Identifier: MIT */
/* Monotonic time and the wall clock, in nanoseconds. */
#ifndef GBX_BASE_TIME_H
#define GBX_BASE_TIME_H

#include <stdint.h>

#define GBXI_NS_PER_S UINT64_C(1000000000)
#define GBXI_NS_PER_MS UINT64_C(1000000)

/* Reads CLOCK_MONOTONIC, in nanoseconds. Thread: any. */
uint64_t gbxi_monotonic_ns(void);

/* Reads the wall clock, in nanoseconds since 1970. Thread: any. */
int64_t gbxi_wall_ns(void);

#endif
