/* SPDX-License-Identifier: MIT */
/* How much capturing the middleware allows, over all path configurations and event loops of the process or of a gate,
 * and what has come of the requests that asked for it. The memory of captures and the master switch are in capture.h,
 * the size of bodies in h2o.h, the limits of a single trace (spans, depth) in the request's trace_config. A body nested
 * more than 1,024 levels deep is 400, as one that is not JSON.
 *
 *     gbx_limits limits = {.size = sizeof(limits), .max_captures = 8, .captures_per_second = 20};
 *     if (gbx_limits_set(&limits) != GBX_ERR_OK) ...                  // for the process, or
 *
 *     gbx_gate *gate = gbx_gate_new(&limits);                         // for those path configurations alone
 *     gbx_h2o_config config = {.size = sizeof(config), .gate = gate}; // that are registered with this (h2o.h)
 *
 * Requests that do not ask for a trace are never limited. */
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

/* Zero means the default. */
typedef struct gbx_limits {
    size_t size;                  /* sizeof(gbx_limits) */
    uint32_t max_captures;        /* under way at the same time; further ones are 429; default 64 */
    uint32_t captures_per_second; /* on average, as many at once; further ones are 429; default: no limit; at most 1e9
                                   */
    uint32_t max_capture_ms; /* then a timer of the event loop ends a capture and its trace says truncated, while its
                                request goes on and no longer counts as under way; to 100 ms; default 60,000 */
    uint32_t reserved;       /* zero */
} gbx_limits;

/* X(name, number, text): what can become of a request that asks for a trace; each counts as one of them, once. A
 * capture is under way, and takes one of max_captures, from here until its trace has been written, its request is gone
 * or its time is over. New ones are added at the end. */
#define GBX_CAPTURE_FATES(X)                                                                                           \
    X(captured, 0, "captured")                                                                                         \
    X(off, 1, "capturing is switched off")                                                                             \
    X(refused_captures, 2, "as many captures are under way as may be")                                                 \
    X(refused_rate, 3, "more captures were asked for than may be in a second")                                         \
    X(refused_memory, 4, "there is no memory for a capture")

/* Since the gate, or the process, began. */
typedef struct gbx_capture_counts {
    uint32_t under_way; /* now */
    uint32_t reserved;  /* zero */
    uint64_t expired;   /* of the captured: ended because their time was over */
#define GBXI_FATE_COUNT(name, number, text) uint64_t name;
    GBX_CAPTURE_FATES(GBXI_FATE_COUNT)
#undef GBXI_FATE_COUNT
} gbx_capture_counts;

/* Sets all limits of the process; NULL is all defaults. Thread: any, at any time; takes effect at the next request.
 * Errors: ARGUMENT (a struct that is refused as in api.h); the limits stay as they are. */
GBX_API GBX_MUST_USE gbx_err gbx_limits_set(const gbx_limits *limits);

/* Those in force, defaults filled in; no limit is 0. `size` is sizeof(*limits). Thread: any. */
GBX_API void gbx_limits_get(gbx_limits *limits, size_t size);

/* The counts of all requests that no gate of their own governs. `size` is sizeof(*counts). Each number is exact, and
 * they are read one after the other. Thread: any. */
GBX_API void gbx_capture_counts_get(gbx_capture_counts *counts, size_t size);

/* Limits, counts and a switch for some path configurations, which then have no part in those of the process. The memory
 * and the master switch (capture.h) remain the process's. */
typedef struct gbx_gate gbx_gate;

/* A gate with one reference, switched on; NULL when memory is short or the limits are refused (api.h). NULL limits are
 * all defaults. Thread: any. Owns: the caller, until gbx_gate_unref; path configurations hold references of their own.
 */
GBX_API GBX_MUST_USE gbx_gate *gbx_gate_new(const gbx_limits *limits);

/* Adds a reference and returns its argument, which may be NULL. Thread: any. */
GBX_API gbx_gate *gbx_gate_ref(gbx_gate *gate);

/* Drops a reference; the last one frees. NULL is allowed. Thread: any. */
GBX_API void gbx_gate_unref(gbx_gate *gate);

/* The same for a gate as the functions above for the process. Thread: any. Errors: as gbx_limits_set. */
GBX_API GBX_MUST_USE gbx_err gbx_gate_limits_set(gbx_gate *gate, const gbx_limits *limits);

/* As gbx_limits_get. Thread: any. */
GBX_API void gbx_gate_limits_get(const gbx_gate *gate, gbx_limits *limits, size_t size);

/* As gbx_capture_counts_get. Thread: any. */
GBX_API void gbx_gate_counts_get(const gbx_gate *gate, gbx_capture_counts *counts, size_t size);

/* Like the master switch (capture.h), for the gate's path configurations alone. Captures need both. Thread: any; takes
 * effect at the next request. */
GBX_API void gbx_gate_switch(gbx_gate *gate, bool on);

/* Whether the gate's own switch is on. Thread: any. */
GBX_API bool gbx_gate_is_on(const gbx_gate *gate);

#ifdef __cplusplus
}
#endif

#endif
