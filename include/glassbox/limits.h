/* SPDX-License-Identifier: MIT */
/* Capture limits of the middleware, and counters of what became of requests for a trace. Limits and counters belong to
 * the whole process or to a gate, which is shared by some path configurations. Other limits are elsewhere: the memory
 * of captures and the master switch in capture.h, the size of bodies in h2o.h, spans and depth of one trace in the
 * request's trace_config. A JSON body with more than 1,024 levels is refused with 400.
 *
 *     gbx_limits limits = {.size = sizeof(limits), .max_captures = 8, .captures_per_second = 20};
 *     if (gbx_limits_set(&limits) != GBX_ERR_OK) ...                  // for the process
 *
 *     gbx_gate *gate = gbx_gate_new(&limits);                         // or for a group of
 *     gbx_h2o_config config = {.size = sizeof(config), .gate = gate}; // path configurations (h2o.h)
 *
 * Requests without a trace are never limited. */
#ifndef GLASSBOX_LIMITS_H
#define GLASSBOX_LIMITS_H

#include <glassbox/api.h>
#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A zero member selects its default. */
typedef struct gbx_limits {
    size_t size;                  /* sizeof(gbx_limits) */
    uint32_t max_captures;        /* concurrent captures; further requests get 429; default 64 */
    uint32_t captures_per_second; /* average rate, and burst size; further requests get 429; default: no limit */
    uint32_t max_capture_ms; /* after this time a capture is ended, its trace says truncated, and its request goes on;
                                accurate to 100 ms; default 60,000 */
    uint32_t reserved;       /* zero */
} gbx_limits;

/* X(name, number, text): the possible fates of a request that asks for a trace. Each such request counts once, under
 * one fate. A capture is under way, and counts towards max_captures, until its trace has been written, its request is
 * gone or its time is over. New fates are added at the end. */
#define GBX_CAPTURE_FATES(X)                                                                                           \
    X(captured, 0, "captured")                                                                                         \
    X(off, 1, "capturing is switched off")                                                                             \
    X(refused_captures, 2, "too many captures are under way")                                                          \
    X(refused_rate, 3, "too many captures were requested in a second")                                                 \
    X(refused_memory, 4, "there is no memory for a capture")

/* Counters since the gate was made or the process began. */
typedef struct gbx_capture_counts {
    uint32_t under_way; /* now */
    uint32_t reserved;  /* zero */
    uint64_t expired;   /* captures that were ended by max_capture_ms */
#define GBXI_FATE_COUNT(name, number, text) uint64_t name;
    GBX_CAPTURE_FATES(GBXI_FATE_COUNT)
#undef GBXI_FATE_COUNT
} gbx_capture_counts;

/* Sets all limits of the process; NULL selects all defaults. Thread: any, at any time; takes effect at the next
 * request. Errors: ARGUMENT (`limits` is refused as described in api.h); the limits do not change. */
GBX_API GBX_MUST_USE gbx_err gbx_limits_set(const gbx_limits *limits);

/* Fills `limits` with the limits in force, defaults included; 0 means no limit. `size` is sizeof(*limits). Thread: any.
 */
GBX_API void gbx_limits_get(gbx_limits *limits, size_t size);

/* Fills `counts` with the counters of all requests without a gate of their own. `size` is sizeof(*counts). Each counter
 * is exact, but they are not read at the same instant. Thread: any. */
GBX_API void gbx_capture_counts_get(gbx_capture_counts *counts, size_t size);

/* Limits, counters and a switch for some path configurations, in place of those of the process. Reference counted. The
 * memory limit and the master switch (capture.h) still apply. */
typedef struct gbx_gate gbx_gate;

/* Makes a gate with one reference, switched on. NULL `limits` selects all defaults. Returns NULL when memory is short
 * or the limits are refused (api.h). Thread: any. Owns: the caller, until gbx_gate_unref; path configurations hold
 * references of their own. */
GBX_API GBX_MUST_USE gbx_gate *gbx_gate_new(const gbx_limits *limits);

/* Adds a reference and returns its argument, which may be NULL. Thread: any. */
GBX_API gbx_gate *gbx_gate_ref(gbx_gate *gate);

/* Drops a reference; the last one frees. NULL is allowed. Thread: any. */
GBX_API void gbx_gate_unref(gbx_gate *gate);

/* Sets the limits of a gate, as gbx_limits_set does for the process. Thread: any. Errors: as gbx_limits_set. */
GBX_API GBX_MUST_USE gbx_err gbx_gate_limits_set(gbx_gate *gate, const gbx_limits *limits);

/* Fills `limits` with those of a gate, as gbx_limits_get. Thread: any. */
GBX_API void gbx_gate_limits_get(const gbx_gate *gate, gbx_limits *limits, size_t size);

/* Fills `counts` with those of a gate, as gbx_capture_counts_get. Thread: any. */
GBX_API void gbx_gate_counts_get(const gbx_gate *gate, gbx_capture_counts *counts, size_t size);

/* Switches capturing on or off for the path configurations of a gate. The master switch (capture.h) must be on too.
 * Thread: any; takes effect at the next request. */
GBX_API void gbx_gate_switch(gbx_gate *gate, bool on);

/* Whether the gate's own switch is on, whatever the master switch. Thread: any. */
GBX_API bool gbx_gate_is_on(const gbx_gate *gate);

#ifdef __cplusplus
}
#endif

#endif
