/* SPDX-License-Identifier: MIT */
/* Owns the table of routes seen. A slot never changes its route, so a probe that finds another route goes on. */
#include "recorder/firsts.h"
#include "base/atomic.h"
#include "base/hash.h"
#include "base/time.h"
#include <string.h>

#define NS_PER_MINUTE ((int64_t)(60 * GBXI_NS_PER_S))

static uint64_t route_bits(const char *method, const char *route)
{
    uint64_t key = gbxi_hash_key();
    uint32_t hash =
        gbxi_hash_pair(key, gbxi_hash_text(key, method, strlen(method)), gbxi_hash_text(key, route, strlen(route)));

    return (uint64_t)(hash | 1) << 32; /* never that of a free slot */
}

bool gbxi_firsts_is_first(gbxi_firsts *firsts, const char *method, const char *route, int64_t unix_ns)
{
    uint64_t bits = route_bits(method, route);
    uint64_t now = bits | (uint32_t)(unix_ns / NS_PER_MINUTE);

    for (size_t i = 0; i < GBXI_FIRSTS_PROBES; i++) {
        _Atomic(uint64_t) *slot = &firsts->slots[((bits >> 33) + i) % GBXI_FIRSTS_SLOTS];
        uint64_t seen = gbxi_load_relaxed(slot);

        while (seen == 0 || seen >> 32 == bits >> 32) {
            if (seen == now)
                return false;
            if (gbxi_swap_relaxed(slot, &seen, now))
                return true;
        }
    }
    return false;
}
