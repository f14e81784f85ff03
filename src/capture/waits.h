/* SPDX-License-Identifier: MIT */
/* The waits of a capture that are not recorded yet (capture/waiting.h). */
#ifndef GBX_CAPTURE_WAITS_H
#define GBX_CAPTURE_WAITS_H

#include "base/atomic.h"
#include <stdbool.h>
#include <stdint.h>

struct gbx_site;
struct gbxi_lane;

/* The most waits between two entries of the lane's thread. Further ones stay untold. */
enum { GBXI_WAITS_MAX = 32 };

typedef struct gbxi_wait {
    uint64_t from; /* ticks */
    uint64_t to;
} gbxi_wait;

/* A zeroed struct tells no waits. All members but `told` are guarded by the capture's lock. */
typedef struct gbxi_waiting {
    _Atomic(bool) told;          /* `site` and `lane` are set */
    const struct gbx_site *site; /* of the spans */
    struct gbxi_lane *lane;
    uint32_t inside; /* lanes whose threads are inside */
    uint32_t count;  /* waits that are over and not recorded */
    bool nobody;     /* nobody is inside since `since`, after somebody was */
    uint64_t since;
    gbxi_wait waits[GBXI_WAITS_MAX];
} gbxi_waiting;

#endif
