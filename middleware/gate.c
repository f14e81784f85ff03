/* SPDX-License-Identifier: MIT */
/* Owns the arithmetic of the gate, the counters, and the gate that the process shares. */
#include "middleware/gate.h"
#include "capture/atomic.h"
#include "capture/pool.h"
#include <assert.h>
#include <stddef.h>

enum { MAX_CAPTURES_DEFAULT = 64, MAX_CAPTURE_MS_DEFAULT = 60000, NS_PER_S = 1000000000 };

static gbx__gate shared = {.max_captures = MAX_CAPTURES_DEFAULT, .max_capture_ms = MAX_CAPTURE_MS_DEFAULT};

gbx__gate *gbx__gate_shared(void)
{
    return &shared;
}

void gbx__gate_init(gbx__gate *gate, const gbx_clock *clock)
{
    *gate = (gbx__gate){.clock = clock};
    gbx__gate_limit(gate, NULL);
}

void gbx__gate_limit(gbx__gate *gate, const gbx_limits *limits)
{
    gbx_limits wanted = limits != NULL ? *limits : (gbx_limits){0};

    gbx__store_relaxed(&gate->max_captures, wanted.max_captures != 0 ? wanted.max_captures : MAX_CAPTURES_DEFAULT);
    gbx__store_relaxed(&gate->max_capture_ms,
                       wanted.max_capture_ms != 0 ? wanted.max_capture_ms : MAX_CAPTURE_MS_DEFAULT);
    gbx__store_relaxed(&gate->captures_per_second,
                       wanted.captures_per_second < NS_PER_S ? wanted.captures_per_second : NS_PER_S);
}

gbx_limits gbx__gate_limits(gbx__gate *gate)
{
    return (gbx_limits){.max_captures = gbx__load_relaxed(&gate->max_captures),
                        .captures_per_second = gbx__load_relaxed(&gate->captures_per_second),
                        .max_capture_ms = gbx__load_relaxed(&gate->max_capture_ms)};
}

static bool memory_is_short(void)
{
    return gbx_capture_memory_used() + GBX__BLOCK_BYTES > gbx_capture_memory_limit();
}

static bool take_place(gbx__gate *gate)
{
    uint32_t under_way = gbx__load_relaxed(&gate->under_way);

    do {
        if (under_way >= gbx__load_relaxed(&gate->max_captures))
            return false;
    } while (!gbx__swap_relaxed(&gate->under_way, &under_way, under_way + 1));
    return true;
}

static uint64_t now_ns(const gbx__gate *gate)
{
    const gbx_clock *clock = gate->clock != NULL ? gate->clock : gbx_clock_monotonic();

    return clock->now_ns(clock->context);
}

/* A bucket of one second's worth of captures, as the time at which it will be full again: each capture moves that on by
 * its share of a second, and may not move it further than a second from now. Returns 0, or the ns to wait. */
static uint64_t take_token(gbx__gate *gate, bool only_look)
{
    uint32_t per_second = gbx__load_relaxed(&gate->captures_per_second);
    uint64_t full_at_ns = gbx__load_relaxed(&gate->full_at_ns);
    uint64_t now, share_ns, moved;

    if (per_second == 0)
        return 0;
    now = now_ns(gate);
    share_ns = NS_PER_S / per_second;
    do {
        moved = (full_at_ns > now ? full_at_ns : now) + share_ns;
        if (moved - now > share_ns * per_second)
            return moved - now - share_ns * per_second;
    } while (!only_look && !gbx__swap_relaxed(&gate->full_at_ns, &full_at_ns, moved));
    return 0;
}

static gbx__fate fate_of_wait(uint64_t wait_ns, uint32_t *retry_after_s)
{
    if (wait_ns == 0)
        return GBX__FATE_captured;
    *retry_after_s = (uint32_t)((wait_ns + NS_PER_S - 1) / NS_PER_S);
    return GBX__FATE_refused_rate;
}

gbx__fate gbx__gate_look(gbx__gate *gate, uint32_t *retry_after_s)
{
    *retry_after_s = 1;
    if (!gbx_capture_is_on())
        return GBX__FATE_off;
    if (memory_is_short())
        return GBX__FATE_refused_memory;
    if (gbx__load_relaxed(&gate->under_way) >= gbx__load_relaxed(&gate->max_captures))
        return GBX__FATE_refused_captures;
    return fate_of_wait(take_token(gate, true), retry_after_s);
}

gbx__fate gbx__gate_enter(gbx__gate *gate, uint32_t *retry_after_s)
{
    gbx__fate fate;

    *retry_after_s = 1;
    if (!gbx_capture_is_on())
        return GBX__FATE_off;
    if (memory_is_short())
        return GBX__FATE_refused_memory;
    if (!take_place(gate))
        return GBX__FATE_refused_captures;
    fate = fate_of_wait(take_token(gate, false), retry_after_s);
    if (fate != GBX__FATE_captured)
        gbx__gate_leave(gate);
    return fate;
}

void gbx__gate_leave(gbx__gate *gate)
{
    uint32_t before = gbx__sub_relaxed(&gate->under_way, 1);

    (void)before;
    assert(before != 0);
}

void gbx__gate_count(gbx__gate *gate, gbx__fate fate)
{
    gbx__add_relaxed(&gate->fates[fate], 1);
}

void gbx__gate_count_expired(gbx__gate *gate)
{
    gbx__add_relaxed(&gate->expired, 1);
}

gbx_capture_counts gbx__gate_counts(gbx__gate *gate)
{
    gbx_capture_counts counts;

#define GET_COUNT(name, text) counts.name = gbx__load_relaxed(&gate->fates[GBX__FATE_##name]);
    GBX_CAPTURE_FATES(GET_COUNT)
#undef GET_COUNT
    counts.expired = gbx__load_relaxed(&gate->expired);
    counts.under_way = gbx__load_relaxed(&gate->under_way);
    return counts;
}

const char *gbx__fate_text(gbx__fate fate)
{
    static const char *const texts[GBX__FATE_COUNT] = {
#define TEXT_OF(name, text) [GBX__FATE_##name] = text,
        GBX_CAPTURE_FATES(TEXT_OF)
#undef TEXT_OF
    };

    return texts[fate];
}

void gbx_limits_set(const gbx_limits *limits)
{
    gbx__gate_limit(&shared, limits);
}

gbx_limits gbx_limits_get(void)
{
    return gbx__gate_limits(&shared);
}

gbx_capture_counts gbx_capture_counts_get(void)
{
    return gbx__gate_counts(&shared);
}
