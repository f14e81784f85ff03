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
#define GBXI_FATE_ENUM(name, number, text) GBXI_FATE_##name = number,
    GBX_CAPTURE_FATES(GBXI_FATE_ENUM)
#undef GBXI_FATE_ENUM
        GBXI_FATE_COUNT
} gbxi_fate;

/* Counted; the one of the process is never freed. Writer: any thread. Apart from the references, no word publishes
 * another, so every order is relaxed. */
struct gbx_gate {
    _Atomic(uint32_t) references;
    _Atomic(bool) switched_off;
    const gbx_clock *clock; /* immutable */
    _Atomic(uint32_t) max_captures;
    _Atomic(uint32_t) max_capture_ms;
    _Atomic(uint32_t) captures_per_second; /* 0: any number */
    _Atomic(uint32_t) under_way;
    _Atomic(uint64_t) full_at_ns; /* when the bucket will be full again if nobody comes */
    _Atomic(uint64_t) expired;
    _Atomic(uint64_t) fates[GBXI_FATE_COUNT];
};

/* The one that all path configurations share, with the limits of gbx_limits_set. */
gbx_gate *gbxi_gate_shared(void);

/* An open gate with the default limits and one reference, in the caller's memory, and a clock of its own for tests
 * (NULL: CLOCK_MONOTONIC). */
void gbxi_gate_init(gbx_gate *gate, const gbx_clock *clock);

/* How long a capture may take now. */
uint32_t gbxi_gate_max_capture_ms(const gbx_gate *gate);

/* What gbxi_gate_enter would say now, without taking anything. */
gbxi_fate gbxi_gate_look(gbx_gate *gate, uint32_t *retry_after_s);
/* Decides. Captured takes a place; any refusal comes with the seconds after which it makes sense to ask again. */
gbxi_fate gbxi_gate_enter(gbx_gate *gate, uint32_t *retry_after_s);
/* Gives the place back. */
void gbxi_gate_leave(gbx_gate *gate);

void gbxi_gate_count(gbx_gate *gate, gbxi_fate fate);
void gbxi_gate_count_expired(gbx_gate *gate);

/* The sentence for a fate; a static string. */
const char *gbxi_fate_text(gbxi_fate fate);

#endif
