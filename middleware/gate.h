/* SPDX-License-Identifier: MIT */
/* The gate that captures go through: how many at the same time, how many in a second, and what became of each.
 *
 * Usage: for a request that asks for a trace gbxi_gate_look, so that one that is refused anyway costs no permission,
 * then gbxi_gate_enter; when that says captured, one gbxi_gate_leave follows, at the end of the capture or when it
 * could not be made after all; gbxi_gate_count the fate that it had in the end. Thread: any, all of it; nothing locks.
 */
#ifndef GBX_MIDDLEWARE_GATE_H
#define GBX_MIDDLEWARE_GATE_H

#include <glassbox/capture.h>
#include <glassbox/limits.h>

typedef enum gbxi_fate {
#define GBXI_FATE_ENUM(name, text) GBXI_FATE_##name,
    GBX_CAPTURE_FATES(GBXI_FATE_ENUM)
#undef GBXI_FATE_ENUM
        GBXI_FATE_COUNT
} gbxi_fate;

/* Caller's memory, nothing to free. Writer: any thread. No word publishes another, so every order is relaxed. */
typedef struct gbxi_gate {
    const gbx_clock *clock; /* immutable */
    _Atomic(uint32_t) max_captures;
    _Atomic(uint32_t) max_capture_ms;
    _Atomic(uint32_t) captures_per_second; /* 0: any number */
    _Atomic(uint32_t) under_way;
    _Atomic(uint64_t) full_at_ns; /* when the bucket will be full again if nobody comes */
    _Atomic(uint64_t) expired;
    _Atomic(uint64_t) fates[GBXI_FATE_COUNT];
} gbxi_gate;

/* The one that all path configurations share, with the limits of gbx_limits_set. */
gbxi_gate *gbxi_gate_shared(void);

/* An open gate with the default limits, and a clock of its own for tests (NULL: CLOCK_MONOTONIC). */
void gbxi_gate_init(gbxi_gate *gate, const gbx_clock *clock);
void gbxi_gate_limit(gbxi_gate *gate, const gbx_limits *limits); /* as gbx_limits_set */
gbx_limits gbxi_gate_limits(gbxi_gate *gate);

/* What gbxi_gate_enter would say now, without taking anything. */
gbxi_fate gbxi_gate_look(gbxi_gate *gate, uint32_t *retry_after_s);
/* Decides. Captured takes a place; any refusal comes with the seconds after which it makes sense to ask again. */
gbxi_fate gbxi_gate_enter(gbxi_gate *gate, uint32_t *retry_after_s);
/* Gives the place back. */
void gbxi_gate_leave(gbxi_gate *gate);

void gbxi_gate_count(gbxi_gate *gate, gbxi_fate fate);
void gbxi_gate_count_expired(gbxi_gate *gate);
gbx_capture_counts gbxi_gate_counts(gbxi_gate *gate);

/* The sentence for a fate; a static string. */
const char *gbxi_fate_text(gbxi_fate fate);

#endif
