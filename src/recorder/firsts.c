/* SPDX-License-Identifier: MIT */
/* Owns the table of routes seen. */
#include "recorder/firsts.h"
#include "base/atomic.h"
#include "base/hash.h"
#include "base/time.h"
#include "base/view.h"
#include <string.h>

enum { MINUTES_OF_A_REQUEST = 10, MINUTES_OF_A_ROUTE = 60 };
#define NS_PER_MINUTE ((int64_t)(60 * GBXI_NS_PER_S))

/* Clients make up methods as they like, so all of those share a slot of their route. */
static const char *method_to_count(const char *method)
{
    static const char *const known[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", NULL};

    return gbxi_view_is_among(gbxi_view_of(method), known) ? method : "";
}

static uint64_t route_bits(const char *method, const char *route)
{
    uint64_t key = gbxi_hash_key();
    uint32_t hash =
        gbxi_hash_pair(key, gbxi_hash_text(key, method, strlen(method)), gbxi_hash_text(key, route, strlen(route)));

    return (uint64_t)(hash | 1) << 32; /* never that of a free slot */
}

static bool is_of(uint64_t slot, uint64_t bits)
{
    return slot >> 32 == bits >> 32;
}

/* Whether the slot has seen the minute, or one soon after it: a long request may end after one that began later. A
 * minute that is far ahead is from before the clock was set back. */
static bool has_seen(uint64_t slot, uint32_t minute)
{
    return (uint32_t)slot - minute < MINUTES_OF_A_REQUEST;
}

/* Whether another route may have the slot: the table must not stay full of routes that nobody asks for any more. */
static bool is_free(uint64_t slot, uint32_t minute)
{
    return slot == 0 || (int32_t)(minute - (uint32_t)slot) >= MINUTES_OF_A_ROUTE;
}

/* Looks for the route's own slot first, and then for a free one, so that a route has one slot at a time. */
bool gbxi_firsts_is_first(gbxi_firsts *firsts, const char *method, const char *route, int64_t unix_ns)
{
    uint64_t bits = route_bits(method_to_count(method), route);
    uint32_t minute = (uint32_t)(unix_ns / NS_PER_MINUTE);

    for (size_t i = 0; i < 2 * GBXI_FIRSTS_PROBES; i++) {
        _Atomic(uint64_t) *slot = &firsts->slots[((bits >> 33) + i % GBXI_FIRSTS_PROBES) % GBXI_FIRSTS_SLOTS];
        uint64_t seen = gbxi_load_relaxed(slot);

        while (is_of(seen, bits) || (i >= GBXI_FIRSTS_PROBES && is_free(seen, minute))) {
            if (is_of(seen, bits) && has_seen(seen, minute))
                return false;
            if (gbxi_swap_relaxed(slot, &seen, bits | minute))
                return true;
        }
    }
    return false;
}
