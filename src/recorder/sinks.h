/* SPDX-License-Identifier: MIT */
/* The sinks of a recorder, and what is said of them when they fail. */
#ifndef GBX_RECORDER_SINKS_H
#define GBX_RECORDER_SINKS_H

#include "base/atomic.h"
#include <glassbox/recorder.h>

enum { GBXI_SINKS_MAX = 8, GBXI_SINK_NAME_BYTES = 31, GBXI_REPORT_BYTES = 512 };

/* When something was reported last, and what has been lost since then. */
typedef struct gbxi_trouble {
    bool on;               /* it was reported that captures are being lost, and not yet that it has ended */
    uint64_t told_ns;      /* monotonic */
    uint64_t untold_count; /* captures lost since */
    uint64_t total_count;  /* captures lost since `on` */
} gbxi_trouble;

typedef struct gbxi_sink {
    gbx_sink calls;
    char name[GBXI_SINK_NAME_BYTES + 1];
    bool has_taken; /* since the last flush */
    gbxi_trouble trouble;
} gbxi_sink;

/* Thread: the recorder's, unless something else is said. */
typedef struct gbxi_sinks {
    gbxi_sink at[GBXI_SINKS_MAX];
    size_t count;
    _Atomic(uint64_t) failed; /* takes that were refused */
    gbxi_trouble queue;
    uint64_t missed; /* of the queue, when it was looked at last */
    void (*report)(void *context, const char *text);
    void *context;
} gbxi_sinks;

/* Copies a sink. Errors: ARGUMENT, LIMIT. Thread: that which builds the recorder. */
GBX_MUST_USE gbx_err gbxi_sinks_add(gbxi_sinks *sinks, const gbx_sink *sink);

/* A kept capture got into the queue, or did not. Thread: any. */
void gbxi_sinks_tell_offered(const gbxi_sinks *sinks);
void gbxi_sinks_tell_missed(const gbxi_sinks *sinks);

/* Passes a recording to all sinks. */
void gbxi_sinks_take(gbxi_sinks *sinks, const gbx_recording *recording, uint64_t now_ns);

/* Flushes the sinks that have taken something. */
void gbxi_sinks_flush(gbxi_sinks *sinks, uint64_t now_ns);

void gbxi_sinks_tick(gbxi_sinks *sinks, const gbx_process_state *state, uint64_t now_ns);

/* Reports captures for which the queue had no room; `missed` is their number so far. */
void gbxi_sinks_watch_queue(gbxi_sinks *sinks, uint64_t missed, uint64_t now_ns);

/* Disposes of all sinks. */
void gbxi_sinks_fini(gbxi_sinks *sinks);

#endif
