/* SPDX-License-Identifier: MIT */
/* Counts requests and their times. */
#ifndef GBX_CLI_TRACE_TIMES_H
#define GBX_CLI_TRACE_TIMES_H

#include <glassbox/api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GBXI_TIMES_STATUSES = 1000 };

/* Zeroed: nothing was counted. Owns: its times, until fini. */
typedef struct gbxi_times {
    uint64_t *times_ns;
    size_t count, capacity;                 /* answers */
    uint64_t error_count;                   /* requests without a usable one */
    uint64_t statuses[GBXI_TIMES_STATUSES]; /* of the answers; 0 has those above */
} gbxi_times;

/* Counts an answer. Errors: false if memory is short. */
GBX_MUST_USE bool gbxi_times_add(gbxi_times *tally, uint32_t status, uint64_t took_ns);

/* The median of the times from number `first` on, in the order in which they were counted, and the longest; 0 without
 * any. Sorts them. */
uint64_t gbxi_times_median_ns(gbxi_times *tally, size_t first);
uint64_t gbxi_times_slowest_ns(const gbxi_times *tally);

void gbxi_times_fini(gbxi_times *tally);

#endif
