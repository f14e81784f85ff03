/* SPDX-License-Identifier: MIT */
/* The limits of capturing in the middleware, and the counters of requests that asked for a trace. Both cover all path
 * configurations and event loops of the process, or of one gate.
 *
 *     gbx_limits limits = {.size = sizeof(limits), .max_captures = 8, .captures_per_second = 20};
 *     if (gbx_limits_set(&limits) != GBX_ERR_OK) ...                  // for the process, or:
 *
 *     gbx_gate *gate = gbx_gate_new(&limits);                         // only for path configurations
 *     gbx_h2o_config config = {.size = sizeof(config), .gate = gate}; // that are registered with this config (h2o.h)
 *
 * Requests that do not ask for a trace are never limited. Other limits: capture.h has the memory of captures and the
 * master switch, h2o.h the size of bodies, and the request's trace_config the spans and depth of one trace. A body
 * nested more than 1,024 levels deep is refused with 400, like a body that is not JSON. */
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

/* Zero selects the default. */
typedef struct gbx_limits {
    size_t size; /* sizeof(gbx_limits) */
    /* Captures under way at the same time; further requests are refused with 429. Default 64. */
    uint32_t max_captures;
    /* The average rate of captures, and the largest burst; further requests are refused with 429. More than 1e9 is 1e9.
     * Default: no limit. */
    uint32_t captures_per_second;
    /* The longest time of a capture, accurate to 100 ms. After that a timer of the event loop ends the capture, and the
     * trace is marked as truncated. The request continues, and the capture no longer counts as under way. Default
     * 60,000. */
    uint32_t max_capture_ms;
    uint32_t reserved; /* zero */
} gbx_limits;

/* X(name, number, text): the possible fates of a request that asks for a trace. Each request counts for exactly one of
 * them. A captured request is under way, and counts towards max_captures, until its trace has been written, the request
 * has ended or max_capture_ms have passed. New fates are added at the end. */
#define GBX_CAPTURE_FATES(X)                                                                                           \
    X(captured, 0, "captured")                                                                                         \
    X(off, 1, "capturing is switched off")                                                                             \
    X(refused_captures, 2, "the limit of captures under way is reached")                                               \
    X(refused_rate, 3, "the limit of captures per second is reached")                                                  \
    X(refused_memory, 4, "there is no memory for a capture")

/* Counters since the start of the process or the creation of the gate. */
typedef struct gbx_capture_counts {
    uint32_t under_way; /* captures under way now */
    uint32_t reserved;  /* zero */
    uint64_t expired;   /* captured requests whose capture was ended by max_capture_ms */
#define GBXI_FATE_COUNT(name, number, text) uint64_t name;
    GBX_CAPTURE_FATES(GBXI_FATE_COUNT)
#undef GBXI_FATE_COUNT
} gbx_capture_counts;

/* Sets all limits of the process. NULL selects all defaults. Thread: any, at any time; takes effect at the next
 * request. Errors: ARGUMENT (a struct that is refused as described in api.h); the limits are then not changed. */
GBX_API GBX_MUST_USE gbx_err gbx_limits_set(const gbx_limits *limits);

/* Gets the limits of the process that are in force, with defaults filled in. A captures_per_second of 0 means that
 * there is no limit. `size` is sizeof(*limits). Thread: any. */
GBX_API void gbx_limits_get(gbx_limits *limits, size_t size);

/* Gets the counters of all requests on path configurations without a gate. `size` is sizeof(*counts). Each counter is
 * exact, but the counters are not read at the same instant. Thread: any. */
GBX_API void gbx_capture_counts_get(gbx_capture_counts *counts, size_t size);

/* Limits, counters and a switch for some path configurations, which are then independent of the process's limits and
 * counters. The memory limit and the master switch (capture.h) still apply to the whole process. */
typedef struct gbx_gate gbx_gate;

/* Creates a gate with one reference, switched on. NULL limits select all defaults. Returns NULL if memory is short or
 * the limits are refused (api.h). Thread: any. Owns: the caller, until gbx_gate_unref; path configurations hold
 * references of their own. */
GBX_API GBX_MUST_USE gbx_gate *gbx_gate_new(const gbx_limits *limits);

/* Adds a reference and returns its argument, which may be NULL. Thread: any. */
GBX_API gbx_gate *gbx_gate_ref(gbx_gate *gate);

/* Drops a reference. The last one frees the gate. NULL is allowed. Thread: any. */
GBX_API void gbx_gate_unref(gbx_gate *gate);

/* Like gbx_limits_set, for a gate. Thread: any. Errors: as gbx_limits_set. */
GBX_API GBX_MUST_USE gbx_err gbx_gate_limits_set(gbx_gate *gate, const gbx_limits *limits);

/* Like gbx_limits_get, for a gate. Thread: any. */
GBX_API void gbx_gate_limits_get(const gbx_gate *gate, gbx_limits *limits, size_t size);

/* Like gbx_capture_counts_get, for a gate. Thread: any. */
GBX_API void gbx_gate_counts_get(const gbx_gate *gate, gbx_capture_counts *counts, size_t size);

/* Turns the gate's switch on or off. It works like the master switch (capture.h), but only for the gate's path
 * configurations. Requests are captured only if both switches are on. Thread: any; takes effect at the next request. */
GBX_API void gbx_gate_switch(gbx_gate *gate, bool on);

/* Whether the gate's own switch is on. Thread: any. */
GBX_API bool gbx_gate_is_on(const gbx_gate *gate);

#ifdef __cplusplus
}
#endif

#endif
