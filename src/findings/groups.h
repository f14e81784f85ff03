/* SPDX-License-Identifier: MIT */
/* Calls of one frame, with one statement if they have statements, below one call: what loops leave in a trace. */
#ifndef GBX_FINDINGS_GROUPS_H
#define GBX_FINDINGS_GROUPS_H

#include "findings/calls.h"

enum { GBXI_GROUP_CALLS_MIN = 5 };

typedef struct gbxi_call_group {
    uint64_t total_ns; /* of all its calls */
    uint64_t longest_ns;
    uint64_t repeated_ns;      /* of those calls whose argument comes GBXI_GROUP_CALLS_MIN times or more */
    uint64_t repeated_gain_ns; /* of these, without the longest of each argument */
    uint32_t parent;           /* index of the call above */
    uint32_t frame, statement; /* of the places */
    uint32_t count;            /* of calls */
    uint32_t distinct;         /* arguments */
    uint32_t repeated;         /* calls in `repeated_ns` */
    bool is_guessed;           /* some arguments have parts that were not recorded */
} gbxi_call_group;

/* Caller's memory, used for one trace after the other. A zeroed struct is empty. */
typedef struct gbxi_call_groups {
    gbxi_call_group *at;
    size_t count, capacity;
    struct gbxi_group_member *members;
    size_t member_capacity;
} gbxi_call_groups;

/* Finds the groups of at least GBXI_GROUP_CALLS_MIN calls with known arguments, in the order of their parents. Errors:
 * false if memory is short. Cost: n log n for the children of calls that have so many. */
GBX_MUST_USE bool gbxi_call_groups_find(gbxi_call_groups *groups, const gbxi_calls *calls);
void gbxi_call_groups_fini(gbxi_call_groups *groups);

#endif
