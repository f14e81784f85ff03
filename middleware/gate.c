/* SPDX-License-Identifier: MIT */
/* Owns the arithmetic of the gate, the counters, and the gate that the process shares. */
#include "middleware/gate.h"
#include "base/atomic.h"
#include "capture/pool.h"
#include <assert.h>
#include <stddef.h>

enum { MAX_CAPTURES_DEFAULT = 64, MAX_CAPTURE_MS_DEFAULT = 60000, NS_PER_S = 1000000000 };

static gbxi_gate shared = {.max_captures = MAX_CAPTURES_DEFAULT, .max_capture_ms = MAX_CAPTURE_MS_DEFAULT};

gbxi_gate *gbxi_gate_shared(void)
{
    return &shared;
}

void gbxi_gate_init(gbxi_gate *gate, const gbx_clock *clock)
{
    *gate = (gbxi_gate){.clock = clock};
    gbxi_gate_limit(gate, NULL);
}

void gbxi_gate_limit(gbxi_gate *gate, const gbx_limits *limits)
{
    gbx_limits wanted = limits != NULL ? *limits : (gbx_limits){0};

    gbxi_store_relaxed(&gate->max_captures, wanted.max_captures != 0 ? wanted.max_captures : MAX_CAPTURES_DEFAULT);
    gbxi_store_relaxed(&gate->max_capture_ms,
                       wanted.max_capture_ms != 0 ? wanted.max_capture_ms : MAX_CAPTURE_MS_DEFAULT);
    gbxi_store_relaxed(&gate->captures_per_second,
                       wanted.captures_per_second < NS_PER_S ? wanted.captures_per_second : NS_PER_S);
}

gbx_limits gbxi_gate_limits(gbxi_gate *gate)
{
    return (gbx_limits){.max_captures = gbxi_load_relaxed(&gate->max_captures),
                        .captures_per_second = gbxi_load_relaxed(&gate->captures_per_second),
                        .max_capture_ms = gbxi_load_relaxed(&gate->max_capture_ms)};
}

static bool memory_is_short(void)
{
    return gbx_capture_memory_used() + GBXI_BLOCK_BYTES > gbx_capture_memory_limit();
}

static bool take_place(gbxi_gate *gate)
{
    uint32_t under_way = gbxi_load_relaxed(&gate->under_way);

    do {
        if (under_way >= gbxi_load_relaxed(&gate->max_captures))
            return false;
    } while (!gbxi_swap_relaxed(&gate->under_way, &under_way, under_way + 1));
    return true;
}

static uint64_t now_ns(const gbxi_gate *gate)
{
    const gbx_clock *clock = gate->clock != NULL ? gate->clock : gbx_clock_monotonic();

    return clock->now_ns(clock->context);
}

/* A bucket of one second's worth of captures, as the time at which it will be full again: each capture moves that on by
 * its share of a second, and may not move it further than a second from now. Returns 0, or the ns to wait. */
static uint64_t take_token(gbxi_gate *gate, bool only_look)
{
    uint32_t per_second = gbxi_load_relaxed(&gate->captures_per_second);
    uint64_t full_at_ns = gbxi_load_relaxed(&gate->full_at_ns);
    uint64_t now, share_ns, moved;

    if (per_second == 0)
        return 0;
    now = now_ns(gate);
    share_ns = NS_PER_S / per_second;
    do {
        moved = (full_at_ns > now ? full_at_ns : now) + share_ns;
        if (moved - now > share_ns * per_second)
            return moved - now - share_ns * per_second;
    } while (!only_look && !gbxi_swap_relaxed(&gate->full_at_ns, &full_at_ns, moved));
    return 0;
}

static gbxi_fate fate_of_wait(uint64_t wait_ns, uint32_t *retry_after_s)
{
    if (wait_ns == 0)
        return GBXI_FATE_captured;
    *retry_after_s = (uint32_t)((wait_ns + NS_PER_S - 1) / NS_PER_S);
    return GBXI_FATE_refused_rate;
}

gbxi_fate gbxi_gate_look(gbxi_gate *gate, uint32_t *retry_after_s)
{
    *retry_after_s = 1;
    if (!gbx_capture_is_on())
        return GBXI_FATE_off;
    if (memory_is_short())
        return GBXI_FATE_refused_memory;
    if (gbxi_load_relaxed(&gate->under_way) >= gbxi_load_relaxed(&gate->max_captures))
        return GBXI_FATE_refused_captures;
    return fate_of_wait(take_token(gate, true), retry_after_s);
}

gbxi_fate gbxi_gate_enter(gbxi_gate *gate, uint32_t *retry_after_s)
{
    gbxi_fate fate;

    *retry_after_s = 1;
    if (!gbx_capture_is_on())
        return GBXI_FATE_off;
    if (memory_is_short())
        return GBXI_FATE_refused_memory;
    if (!take_place(gate))
        return GBXI_FATE_refused_captures;
    fate = fate_of_wait(take_token(gate, false), retry_after_s);
    if (fate != GBXI_FATE_captured)
        gbxi_gate_leave(gate);
    return fate;
}

void gbxi_gate_leave(gbxi_gate *gate)
{
    uint32_t before = gbxi_sub_relaxed(&gate->under_way, 1);

    (void)before;
    assert(before != 0);
}

void gbxi_gate_count(gbxi_gate *gate, gbxi_fate fate)
{
    gbxi_add_relaxed(&gate->fates[fate], 1);
}

void gbxi_gate_count_expired(gbxi_gate *gate)
{
    gbxi_add_relaxed(&gate->expired, 1);
}

gbx_capture_counts gbxi_gate_counts(gbxi_gate *gate)
{
    gbx_capture_counts counts;

#define GET_COUNT(name, text) counts.name = gbxi_load_relaxed(&gate->fates[GBXI_FATE_##name]);
    GBX_CAPTURE_FATES(GET_COUNT)
#undef GET_COUNT
    counts.expired = gbxi_load_relaxed(&gate->expired);
    counts.under_way = gbxi_load_relaxed(&gate->under_way);
    return counts;
}

const char *gbxi_fate_text(gbxi_fate fate)
{
    static const char *const texts[GBXI_FATE_COUNT] = {
#define TEXT_OF(name, text) [GBXI_FATE_##name] = text,
        GBX_CAPTURE_FATES(TEXT_OF)
#undef TEXT_OF
    };

    return texts[fate];
}

void gbx_limits_set(const gbx_limits *limits)
{
    gbxi_gate_limit(&shared, limits);
}

gbx_limits gbx_limits_get(void)
{
    return gbxi_gate_limits(&shared);
}

gbx_capture_counts gbx_capture_counts_get(void)
{
    return gbxi_gate_counts(&shared);
}
