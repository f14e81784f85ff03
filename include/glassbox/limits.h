/* SPDX-License-Identifier: MIT */
/* How much capturing the middleware allows, over all path configurations and event loops of the process, and what has
 * come of the requests that asked for it. The memory of captures and the master switch are in capture.h, the size of
 * bodies in h2o.h, the limits of a single trace (spans, depth) in the request's trace_config. A body nested more than
 * 1,024 levels deep is 400, as one that is not JSON.
 *
 *     gbx_limits_set(&(gbx_limits){.max_captures = 8, .captures_per_second = 20});
 *
 * Requests that do not ask for a trace are never limited. */
#ifndef GLASSBOX_LIMITS_H
#define GLASSBOX_LIMITS_H

#include <glassbox/api.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Zero means the default. */
typedef struct gbx_limits {
    uint32_t max_captures; /* under way at the same time; further ones are 429; default 64 */
    uint32_t
        captures_per_second; /* on average, as many at once; further ones are 429; default: no limit; at most 1e9 */
    uint32_t max_capture_ms; /* then a timer of the event loop ends a capture and its trace says truncated, while its
                                request goes on and no longer counts as under way; to 100 ms; default 60,000 */
} gbx_limits;

/* Sets all of them; NULL is all defaults. Thread: any, at any time; takes effect at the next request. */
GBX_API void gbx_limits_set(const gbx_limits *limits);

/* Those in force, defaults filled in; no limit is 0. Thread: any. */
GBX_API gbx_limits gbx_limits_get(void);

/* X(name, text): what can become of a request that asks for a trace; each counts as one of them, once. A capture is
 * under way, and takes one of max_captures, from here until its trace has been written, its request is gone or its time
 * is over. */
#define GBX_CAPTURE_FATES(X)                                                                                           \
    X(captured, "captured")                                                                                            \
    X(off, "capturing is switched off")                                                                                \
    X(refused_captures, "as many captures are under way as may be")                                                    \
    X(refused_rate, "more captures were asked for than may be in a second")                                            \
    X(refused_memory, "there is no memory for a capture")

/* Since the process began. */
typedef struct gbx_capture_counts {
#define GBXI_FATE_COUNT(name, text) uint64_t name;
    GBX_CAPTURE_FATES(GBXI_FATE_COUNT)
#undef GBXI_FATE_COUNT
    uint64_t expired;   /* of the captured: ended because their time was over */
    uint32_t under_way; /* now */
} gbx_capture_counts;

/* Thread: any. Each number is exact, and they are read one after the other. */
GBX_API gbx_capture_counts gbx_capture_counts_get(void);

#ifdef __cplusplus
}
#endif

#endif
