/* SPDX-License-Identifier: MIT */
/* Owns the limits and counters of gates, and the process's shared gate. */
#include "middleware/gate.h"
#include "base/atomic.h"
#include "base/time.h"
#include "base/versioned.h"
#include <assert.h>
#include <stddef.h>
#include <stdlib.h>

enum { MAX_CAPTURES_DEFAULT = 64, MAX_CAPTURE_MS_DEFAULT = 60000 };

static_assert(sizeof(gbx_limits) == 24, "no padding without a name");
static_assert(offsetof(gbx_capture_counts, captured) == 16, "no padding without a name");

static gbx_gate shared = {
    .references = 1, .max_captures = MAX_CAPTURES_DEFAULT, .max_capture_ms = MAX_CAPTURE_MS_DEFAULT};

gbx_gate *gbxi_gate_shared(void)
{
    return &shared;
}

static void set_limits(gbx_gate *gate, const gbx_limits *wanted)
{
    gbxi_store_relaxed(&gate->max_captures, wanted->max_captures != 0 ? wanted->max_captures : MAX_CAPTURES_DEFAULT);
    gbxi_store_relaxed(&gate->max_capture_ms,
                       wanted->max_capture_ms != 0 ? wanted->max_capture_ms : MAX_CAPTURE_MS_DEFAULT);
    gbxi_store_relaxed(&gate->captures_per_second,
                       wanted->captures_per_second < GBXI_NS_PER_S ? wanted->captures_per_second : GBXI_NS_PER_S);
}

void gbxi_gate_init(gbx_gate *gate, const gbx_clock *clock)
{
    *gate = (gbx_gate){.references = 1, .clock = clock};
    set_limits(gate, &(gbx_limits){0});
}

gbx_gate *gbx_gate_new(const gbx_limits *limits)
{
    gbx_gate *gate = malloc(sizeof(*gate));

    if (gate == NULL)
        return NULL;
    gbxi_gate_init(gate, NULL);
    if (gbx_gate_limits_set(gate, limits) == GBX_ERR_OK)
        return gate;
    free(gate);
    return NULL;
}

gbx_gate *gbx_gate_ref(gbx_gate *gate)
{
    if (gate != NULL)
        gbxi_add_relaxed(&gate->references, 1);
    return gate;
}

void gbx_gate_unref(gbx_gate *gate)
{
    if (gate == NULL || gbxi_sub_acq_rel(&gate->references, 1) != 1)
        return;
    assert(gbxi_load_relaxed(&gate->under_way) == 0);
    free(gate);
}

gbx_err gbx_gate_limits_set(gbx_gate *gate, const gbx_limits *limits)
{
    gbx_limits known;
    gbx_err err = gbxi_options_read(&known, sizeof(known), GBXI_SIZE_THROUGH(gbx_limits, reserved), limits, NULL);

    if (err == GBX_ERR_OK)
        err = gbxi_reserved_check(&known.reserved, sizeof(known.reserved), NULL);
    if (err == GBX_ERR_OK)
        set_limits(gate, &known);
    return err;
}

void gbx_gate_limits_get(const gbx_gate *gate, gbx_limits *limits, size_t size)
{
    gbx_limits known = {.size = size,
                        .max_captures = gbxi_load_relaxed(&gate->max_captures),
                        .captures_per_second = gbxi_load_relaxed(&gate->captures_per_second),
                        .max_capture_ms = gbxi_load_relaxed(&gate->max_capture_ms)};

    gbxi_result_write(limits, size, &known, sizeof(known));
}

uint32_t gbxi_gate_max_capture_ms(const gbx_gate *gate)
{
    return gbxi_load_relaxed(&gate->max_capture_ms);
}

void gbx_gate_switch(gbx_gate *gate, bool on)
{
    gbxi_store_relaxed(&gate->switched_off, !on);
}

bool gbx_gate_is_on(const gbx_gate *gate)
{
    return !gbxi_load_relaxed(&gate->switched_off);
}

/* Whether the master switch and the gate's switch are on. */
static bool is_on(const gbx_gate *gate)
{
    return gbx_capture_is_on() && gbx_gate_is_on(gate);
}

static bool memory_is_short(void)
{
    return gbx_capture_memory_used() + GBX_CAPTURE_BLOCK_BYTES > gbx_capture_memory_limit();
}

static bool take_place(gbx_gate *gate)
{
    uint32_t under_way = gbxi_load_relaxed(&gate->under_way);

    do {
        if (under_way >= gbxi_load_relaxed(&gate->max_captures))
            return false;
    } while (!gbxi_swap_relaxed(&gate->under_way, &under_way, under_way + 1));
    return true;
}

static uint64_t now_ns(const gbx_gate *gate)
{
    const gbx_clock *clock = gate->clock != NULL ? gate->clock : gbx_clock_monotonic();

    return clock->now_ns(clock->context);
}

/* A token bucket that holds the captures of one second. It is stored as the time at which it will be full again. Each
 * capture moves that time forward by its share of a second, to at most one second from now. Returns 0, or the ns to
 * wait.
 */
static uint64_t take_token(gbx_gate *gate, bool only_look)
{
    uint32_t per_second = gbxi_load_relaxed(&gate->captures_per_second);
    uint64_t full_at_ns = gbxi_load_relaxed(&gate->full_at_ns);
    uint64_t now, share_ns, moved;

    if (per_second == 0)
        return 0;
    now = now_ns(gate);
    share_ns = GBXI_NS_PER_S / per_second;
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
    *retry_after_s = (uint32_t)((wait_ns + GBXI_NS_PER_S - 1) / GBXI_NS_PER_S);
    return GBXI_FATE_refused_rate;
}

gbxi_fate gbxi_gate_look(gbx_gate *gate, uint32_t *retry_after_s)
{
    *retry_after_s = 1;
    if (!is_on(gate))
        return GBXI_FATE_off;
    if (memory_is_short())
        return GBXI_FATE_refused_memory;
    if (gbxi_load_relaxed(&gate->under_way) >= gbxi_load_relaxed(&gate->max_captures))
        return GBXI_FATE_refused_captures;
    return fate_of_wait(take_token(gate, true), retry_after_s);
}

gbxi_fate gbxi_gate_enter(gbx_gate *gate, uint32_t *retry_after_s)
{
    gbxi_fate fate;

    *retry_after_s = 1;
    if (!is_on(gate))
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

void gbxi_gate_leave(gbx_gate *gate)
{
    uint32_t before = gbxi_sub_relaxed(&gate->under_way, 1);

    (void)before;
    assert(before != 0);
}

void gbxi_gate_count(gbx_gate *gate, gbxi_fate fate)
{
    gbxi_add_relaxed(&gate->fates[fate], 1);
}

void gbxi_gate_count_expired(gbx_gate *gate)
{
    gbxi_add_relaxed(&gate->expired, 1);
}

void gbx_gate_counts_get(const gbx_gate *gate, gbx_capture_counts *counts, size_t size)
{
    gbx_capture_counts known = {.under_way = gbxi_load_relaxed(&gate->under_way),
                                .expired = gbxi_load_relaxed(&gate->expired)};

#define GET_COUNT(name, number, text) known.name = gbxi_load_relaxed(&gate->fates[number]);
    GBX_CAPTURE_FATES(GET_COUNT)
#undef GET_COUNT
    gbxi_result_write(counts, size, &known, sizeof(known));
}

const char *gbxi_fate_text(gbxi_fate fate)
{
    static const char *const texts[GBXI_FATE_COUNT] = {
#define TEXT_OF(name, number, text) [number] = text,
        GBX_CAPTURE_FATES(TEXT_OF)
#undef TEXT_OF
    };

    return texts[fate];
}

gbx_err gbx_limits_set(const gbx_limits *limits)
{
    return gbx_gate_limits_set(&shared, limits);
}

void gbx_limits_get(gbx_limits *limits, size_t size)
{
    gbx_gate_limits_get(&shared, limits, size);
}

void gbx_capture_counts_get(gbx_capture_counts *counts, size_t size)
{
    gbx_gate_counts_get(&shared, counts, size);
}
