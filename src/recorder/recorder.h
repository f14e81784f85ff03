/* SPDX-License-Identifier: MIT */
/* What the middleware and the operations need of a recorder besides <glassbox/recorder.h>. They may be in libraries of
 * their own, so these functions are exported. */
#ifndef GBX_RECORDER_RECORDER_H
#define GBX_RECORDER_RECORDER_H

#include <glassbox/recorder.h>

/* Whether one more plain request may be captured; if so, it counts until gbxi_recorder_leave. Thread: any. */
GBX_API GBX_MUST_USE bool gbxi_recorder_enter(gbx_recorder *recorder);
GBX_API void gbxi_recorder_leave(gbx_recorder *recorder);

/* Work that the recorder's thread does between two captures, before those that wait. Caller's memory, valid until `run`
 * returns. */
typedef struct gbxi_recorder_task {
    void (*run)(struct gbxi_recorder_task *task);
} gbxi_recorder_task;

/* Whether the recorder's thread runs, so that work can be passed to it. Thread: any. */
GBX_API bool gbxi_recorder_is_running(const gbx_recorder *recorder);

/* Passes work to the recorder's thread. False if it has no thread, or too much to do. Thread: any. */
GBX_API GBX_MUST_USE bool gbxi_recorder_submit(gbx_recorder *recorder, gbxi_recorder_task *task);

enum { GBXI_SINKS_MAX = 8, GBXI_SINK_NAME_BYTES = 31, GBXI_SINK_ERROR_BYTES = 256 };

/* The failures of a sink. */
typedef struct gbxi_sink_failure {
    bool is_on;            /* its last call failed */
    int64_t since_unix_ns; /* if so: since when; of several failures without a success in between, the first */
    int64_t last_unix_ns;  /* the last one; 0: there was none */
    char text[GBXI_SINK_ERROR_BYTES];
} gbxi_sink_failure;

/* What a sink has done so far. Each number is exact, but they are not read at the same instant. */
typedef struct gbxi_sink_state {
    char name[GBXI_SINK_NAME_BYTES + 1];
    uint64_t sequence;  /* the number of the last capture that it was passed, counted from 1; 0: none */
    uint64_t lag;       /* captures that got into the queue after that one */
    uint64_t delivered; /* captures that it took */
    uint64_t dropped;   /* captures that it refused */
    gbxi_sink_failure failure;
} gbxi_sink_state;

/* Fills the states of the sinks, in the order in which they were added, and returns their number. Thread: any. */
GBX_API size_t gbxi_recorder_sinks_look(const gbx_recorder *recorder, gbxi_sink_state states[GBXI_SINKS_MAX]);

/* How long captures have waited for the sinks without the queue being empty in between; 0 if none waits. A sink that is
 * slower than the requests lets it grow. Thread: any. */
GBX_API uint64_t gbxi_recorder_behind_ns(const gbx_recorder *recorder);

#endif
