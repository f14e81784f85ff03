/* SPDX-License-Identifier: MIT */
/* Monotonic time in nanoseconds. */
#ifndef GBX_BASE_TIME_H
#define GBX_BASE_TIME_H

#include <stdint.h>

#define GBXI_NS_PER_S UINT64_C(1000000000)
#define GBXI_NS_PER_MS UINT64_C(1000000)

/* Reads CLOCK_MONOTONIC, in nanoseconds. Thread: any. */
uint64_t gbxi_monotonic_ns(void);

#endif
