/* SPDX-License-Identifier: MIT */
/* The internal state of a capture, shared by the files of src/capture. */
#ifndef GBX_CAPTURE_STATE_H
#define GBX_CAPTURE_STATE_H

#include "base/atomic.h"
#include "capture/budget.h"
#include "capture/clock.h"
#include "capture/waits.h"
#include <pthread.h>
#include <stdbool.h>

typedef struct gbxi_lane gbxi_lane; /* capture/lane.h */

enum { GBXI_LANES_MAX = 64, GBXI_CAPTURE_NAME_MAX = 128 };

struct gbx_capture {
    _Atomic(uint32_t) references;
    _Atomic(bool) finished; /* set under the lock; read anywhere */
    gbxi_budget budget;
    uint32_t max_depth;
    const gbx_clock *clock; /* NULL: the CPU's counter; otherwise gbx_clock_monotonic() or `own_clock` */
    gbx_clock own_clock;
    gbx_redaction *redaction; /* referenced */
    gbxi_anchor start;
    int64_t start_unix_ns;
    uint8_t trace_id[16]; /* given, or made when it is first asked for */
    _Atomic(bool) has_id; /* set under the lock */
    uint8_t trace_flags;
    uint8_t parent_span_id[8]; /* all zero: none */
    char name[GBXI_CAPTURE_NAME_MAX + 1];
    _Atomic(const char *) route; /* NULL until it is told */

    pthread_mutex_t lock; /* guards the following members until the capture is finished; then they are immutable */
    size_t lane_count;
    uint64_t lanes_refused;     /* threads that got no lane */
    gbxi_timebase base;         /* set at finish */
    uint64_t duration_ns;       /* set at finish */
    bool cut;                   /* finished before the work was complete; set at finish */
    uint64_t dropped_elsewhere; /* of a restored capture: what its lanes do not tell */
    bool failed_elsewhere;
    void *memory; /* of the sites of a restored capture; freed with it */
    gbxi_waiting waiting;

    pthread_mutex_t names_lock; /* held while the names of a block are formatted, after the finish */
    gbxi_lane *lanes[GBXI_LANES_MAX];
};

/* Like gbx_capture_new, but `options` must be of this version, and the master switch is ignored. Errors: NULL (a clock
 * that is refused, or no memory). */
gbx_capture *gbxi_capture_make(const gbx_capture_options *options);

/* Finds or creates the lane of the thread whose state has the id `owner`, which enters it. Returns NULL if the capture
 * is finished or if a lane cannot be created; the capture records the latter. Thread: the lane's. */
gbxi_lane *gbxi_capture_lane_for(gbx_capture *capture, uint64_t owner);

/* Records that a thread got no lane. Thread: any. */
void gbxi_capture_refuse_lane(gbx_capture *capture);

#endif
