/* SPDX-License-Identifier: MIT */
/* The gate that captures go through: how many at the same time, how many in a second, and what became of each.
 *
 * Usage: for a request that asks for a trace gbx__gate_look, so that one that is refused anyway costs no permission,
 * then gbx__gate_enter; when that says captured, one gbx__gate_leave follows, at the end of the capture or when it
 * could not be made after all; gbx__gate_count the fate that it had in the end. Thread: any, all of it; nothing locks.
 */
#ifndef GBX_MIDDLEWARE_GATE_H
#define GBX_MIDDLEWARE_GATE_H

#include <glassbox/capture.h>
#include <glassbox/limits.h>

typedef enum gbx__fate {
#define GBX__FATE_ENUM(name, text) GBX__FATE_##name,
    GBX_CAPTURE_FATES(GBX__FATE_ENUM)
#undef GBX__FATE_ENUM
        GBX__FATE_COUNT
} gbx__fate;

/* Caller's memory, nothing to free. Writer: any thread. No word publishes another, so every order is relaxed. */
typedef struct gbx__gate {
    const gbx_clock *clock; /* immutable */
    _Atomic(uint32_t) max_captures;
    _Atomic(uint32_t) max_capture_ms;
    _Atomic(uint32_t) captures_per_second; /* 0: any number */
    _Atomic(uint32_t) under_way;
    _Atomic(uint64_t) full_at_ns; /* when the bucket will be full again if nobody comes */
    _Atomic(uint64_t) expired;
    _Atomic(uint64_t) fates[GBX__FATE_COUNT];
} gbx__gate;

/* The one that all path configurations share, with the limits of gbx_limits_set. */
gbx__gate *gbx__gate_shared(void);

/* An open gate with the default limits, and a clock of its own for tests (NULL: CLOCK_MONOTONIC). */
void gbx__gate_init(gbx__gate *gate, const gbx_clock *clock);
void gbx__gate_limit(gbx__gate *gate, const gbx_limits *limits); /* as gbx_limits_set */
gbx_limits gbx__gate_limits(gbx__gate *gate);

/* What gbx__gate_enter would say now, without taking anything. */
gbx__fate gbx__gate_look(gbx__gate *gate, uint32_t *retry_after_s);
/* Decides. Captured takes a place; any refusal comes with the seconds after which it makes sense to ask again. */
gbx__fate gbx__gate_enter(gbx__gate *gate, uint32_t *retry_after_s);
/* Gives the place back. */
void gbx__gate_leave(gbx__gate *gate);

void gbx__gate_count(gbx__gate *gate, gbx__fate fate);
void gbx__gate_count_expired(gbx__gate *gate);
gbx_capture_counts gbx__gate_counts(gbx__gate *gate);

/* The sentence for a fate; a static string. */
const char *gbx__fate_text(gbx__fate fate);

#endif
