/* SPDX-License-Identifier: MIT */
/* Which routes were seen in this minute already. Lock-free, and of a fixed size: a program has few routes. */
#ifndef GBX_RECORDER_FIRSTS_H
#define GBX_RECORDER_FIRSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GBXI_FIRSTS_SLOTS = 1024, GBXI_FIRSTS_PROBES = 16 };

/* A slot has the hash of a route in its upper half and the minute in its lower one; 0: free. A zeroed struct has seen
 * nothing. */
typedef struct gbxi_firsts {
    _Atomic(uint64_t) slots[GBXI_FIRSTS_SLOTS];
} gbxi_firsts;

/* Whether this is the first request of the method and route in the minute of `unix_ns`; at most one of several threads
 * gets true. A request is not the first if one of the nine minutes after its own was seen already. A route for which
 * there is no slot is never the first: the table has room for those of the last hour. Thread: any. */
bool gbxi_firsts_is_first(gbxi_firsts *firsts, const char *method, const char *route, int64_t unix_ns);

#endif
