/* SPDX-License-Identifier: MIT */
/* Owns the table of routes seen. A slot never changes its route, so a probe that finds another route goes on. */
#include "recorder/firsts.h"
#include "base/atomic.h"
#include "base/hash.h"
#include "base/time.h"
#include <string.h>

enum { MINUTES_OF_A_REQUEST = 10 };
#define NS_PER_MINUTE ((int64_t)(60 * GBXI_NS_PER_S))

static uint64_t route_bits(const char *method, const char *route)
{
    uint64_t key = gbxi_hash_key();
    uint32_t hash =
        gbxi_hash_pair(key, gbxi_hash_text(key, method, strlen(method)), gbxi_hash_text(key, route, strlen(route)));

    return (uint64_t)(hash | 1) << 32; /* never that of a free slot */
}

/* Whether the slot has seen the minute, or one soon after it: a long request may end after one that began later. A
 * minute that is far ahead is from before the clock was set back. */
static bool has_seen(uint64_t slot, uint32_t minute)
{
    return (uint32_t)slot - minute < MINUTES_OF_A_REQUEST;
}

bool gbxi_firsts_is_first(gbxi_firsts *firsts, const char *method, const char *route, int64_t unix_ns)
{
    uint64_t bits = route_bits(method, route);
    uint32_t minute = (uint32_t)(unix_ns / NS_PER_MINUTE);

    for (size_t i = 0; i < GBXI_FIRSTS_PROBES; i++) {
        _Atomic(uint64_t) *slot = &firsts->slots[((bits >> 33) + i) % GBXI_FIRSTS_SLOTS];
        uint64_t seen = gbxi_load_relaxed(slot);

        while (seen == 0 || seen >> 32 == bits >> 32) {
            if (seen != 0 && has_seen(seen, minute))
                return false;
            if (gbxi_swap_relaxed(slot, &seen, bits | minute))
                return true;
        }
    }
    return false;
}
