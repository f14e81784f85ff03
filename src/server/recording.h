/* SPDX-License-Identifier: MIT */
/* The server's recorder with its store, and what it observes of the server once a second.
 *
 *     gbxi_recording_open(&options, &recording, &error);      // gbxi_recording_recorder is for the middleware
 *     gbxi_recording_watch(recording, loops, count, workers); // when they run
 *     gbxi_recording_unwatch(recording);                      // before they are joined
 *     gbxi_recording_close(recording);                        // when no request is left */
#ifndef GBX_SERVER_RECORDING_H
#define GBX_SERVER_RECORDING_H

#include "runtime/loop.h"
#include "runtime/worker_pool.h"
#include "server/recording_options.h"
#include <glassbox/recorder.h>
#include <h2o.h>

typedef struct gbxi_recording gbxi_recording;

/* Opens the store. Owns: the caller, until gbxi_recording_close. Errors: those of gbx_recorder_add_store, and
 * NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_recording_open(const gbxi_recording_options *options, gbxi_recording **recording,
                                         gbx_error *error);

/* Borrowed. NULL for NULL. */
gbx_recorder *gbxi_recording_recorder(const gbxi_recording *recording);

/* Begins and ends the observation of loops and workers, which are borrowed in between. NULL is allowed. */
void gbxi_recording_watch(gbxi_recording *recording, gbxi_loop *loops, size_t loop_count, gbxi_worker_pool *workers);
void gbxi_recording_unwatch(gbxi_recording *recording);

/* Stores what waits, and closes the store. A store that hangs is given up after ten seconds, which is reported; false
 * then. NULL is allowed. */
bool gbxi_recording_close(gbxi_recording *recording);

#endif
