/* SPDX-License-Identifier: MIT */
/* The gate limits the captures under way and the captures per second, and counts the fates of requests.
 *
 *     1. gbxi_gate_look: checks the limits before the permission is used
 *     2. gbxi_gate_enter: takes a place for a capture
 *     3. gbxi_gate_leave: gives the place back, when the capture ends or could not be created
 *     4. gbxi_gate_count: counts the request's final fate
 *
 * Thread: any, for all functions; none of them locks. */
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

/* Reference-counted; the process's gate is never freed. Writer: any thread. Apart from the references, no member
 * publishes another one, so relaxed order suffices. */
struct gbx_gate {
    _Atomic(uint32_t) references;
    _Atomic(bool) switched_off;
    const gbx_clock *clock; /* immutable */
    _Atomic(uint32_t) max_captures;
    _Atomic(uint32_t) max_capture_ms;
    _Atomic(uint32_t) captures_per_second; /* 0: any number */
    _Atomic(uint32_t) under_way;
    _Atomic(uint64_t) full_at_ns; /* when the token bucket will be full again */
    _Atomic(uint64_t) expired;
    _Atomic(uint64_t) fates[GBXI_FATE_COUNT];
};

/* The process's gate, which has the limits of gbx_limits_set and serves path configurations without a gate. */
gbx_gate *gbxi_gate_shared(void);

/* Initializes a gate in the caller's memory, switched on, with the default limits and one reference. `clock` is for
 * tests (NULL: CLOCK_MONOTONIC). */
void gbxi_gate_init(gbx_gate *gate, const gbx_clock *clock);

/* The longest time that a capture may take. */
uint32_t gbxi_gate_max_capture_ms(const gbx_gate *gate);

/* Returns the fate that gbxi_gate_enter would return now, without taking a place. */
gbxi_fate gbxi_gate_look(gbx_gate *gate, uint32_t *retry_after_s);
/* Takes a place if a capture may begin. On a refusal, sets the seconds after which the client may retry. */
gbxi_fate gbxi_gate_enter(gbx_gate *gate, uint32_t *retry_after_s);
/* Gives the place back. */
void gbxi_gate_leave(gbx_gate *gate);

void gbxi_gate_count(gbx_gate *gate, gbxi_fate fate);
void gbxi_gate_count_expired(gbx_gate *gate);

/* The description of a fate: a static string. */
const char *gbxi_fate_text(gbxi_fate fate);

#endif
