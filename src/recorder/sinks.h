/* SPDX-License-Identifier: MIT */
/* The sinks of a recorder, and what is said of them when they fail. */
#ifndef GBX_RECORDER_SINKS_H
#define GBX_RECORDER_SINKS_H

#include "base/atomic.h"
#include "recorder/sink_state.h"
#include <glassbox/recorder.h>
#include <stddef.h>

enum { GBXI_REPORT_BYTES = 512 };

/* What is lost, and what was said of it. */
typedef struct gbxi_trouble {
    bool on;             /* it was reported that captures are being lost, and not yet that it has ended */
    bool told;           /* there was a report */
    uint64_t told_ns;    /* when the last report was; monotonic */
    uint64_t lost_count; /* of a sink: captures lost since the last report of an end; of the queue: since any report */
} gbxi_trouble;

typedef struct gbxi_sink {
    gbx_sink calls;
    char name[GBXI_SINK_NAME_BYTES + 1];
    bool has_taken; /* since the last flush */
    gbxi_trouble trouble;
    _Atomic(uint64_t) delivered; /* takes that it accepted */
    _Atomic(uint64_t) dropped;   /* takes that it refused */
    gbxi_sink_failure failure;   /* under the lock of failures */
} gbxi_sink;

/* Thread: the recorder's, unless something else is said. */
typedef struct gbxi_sinks {
    gbxi_sink at[GBXI_SINKS_MAX];
    _Atomic(size_t) count; /* the sinks below it do not change */
    gbxi_trouble queue;
    uint64_t missed; /* of the queue, when it was looked at last */
    void (*report)(void *context, const char *text);
    void *context;
} gbxi_sinks;

/* Copies a sink. Errors: ARGUMENT, LIMIT. Thread: that which builds the recorder. */
GBX_MUST_USE gbx_err gbxi_sinks_add(gbxi_sinks *sinks, const gbx_sink *sink);

/* Forgets the sink that was added last, which nobody has seen yet. Thread: that which builds the recorder. */
void gbxi_sinks_take_back(gbxi_sinks *sinks);

/* What the sinks have done so far. Returns how many states were filled. `offered` captures got into the queue. Thread:
 * any. */
size_t gbxi_sinks_look(const gbxi_sinks *sinks, uint64_t offered, gbxi_sink_state states[GBXI_SINKS_MAX]);

/* How many takes were refused, by all sinks. Thread: any. */
uint64_t gbxi_sinks_dropped(const gbxi_sinks *sinks);

/* How many there are. Thread: any. */
size_t gbxi_sinks_count(const gbxi_sinks *sinks);

/* A kept capture got into the queue, or did not. Thread: any. */
void gbxi_sinks_tell_offered(const gbxi_sinks *sinks);
void gbxi_sinks_tell_missed(const gbxi_sinks *sinks);

/* Passes a recording to all sinks. */
void gbxi_sinks_take(gbxi_sinks *sinks, const gbx_recording *recording, uint64_t now_ns);

/* Flushes the sinks that have taken something. */
void gbxi_sinks_flush(gbxi_sinks *sinks, uint64_t now_ns);

/* Closes the sinks; nothing but gbxi_sinks_fini follows. */
void gbxi_sinks_close(gbxi_sinks *sinks, uint64_t now_ns);

void gbxi_sinks_tick(gbxi_sinks *sinks, const gbx_process_state *state, uint64_t now_ns);

/* Reports captures for which the queue had no room; `missed` is their number so far. */
void gbxi_sinks_watch_queue(gbxi_sinks *sinks, uint64_t missed, uint64_t now_ns);

/* Disposes of all sinks. */
void gbxi_sinks_fini(gbxi_sinks *sinks);

#endif
