/* SPDX-License-Identifier: MIT */
/* What the middleware and the operations need of a recorder besides <glassbox/recorder.h>. They may be in libraries of
 * their own, so these functions are exported. */
#ifndef GBX_RECORDER_RECORDER_H
#define GBX_RECORDER_RECORDER_H

#include "recorder/sink_state.h"
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

/* Fills the states of the sinks, in the order in which they were added, and returns their number. Thread: any. */
GBX_API size_t gbxi_recorder_sinks_look(const gbx_recorder *recorder, gbxi_sink_state states[GBXI_SINKS_MAX]);

/* How long captures have waited for the sinks without the queue being empty in between; 0 if none waits. A sink that is
 * slower than the requests lets it grow. Thread: any. */
GBX_API uint64_t gbxi_recorder_behind_ns(const gbx_recorder *recorder);

#endif
