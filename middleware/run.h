/* SPDX-License-Identifier: MIT */
/* Runs the parts of a handler inside the request's capture. With NULL for the capture they run uncaptured.
 *
 * Thread: the request's event loop. The request may be freed when a function that runs a part returns. */
#ifndef GBX_MIDDLEWARE_RUN_H
#define GBX_MIDDLEWARE_RUN_H

#include <glassbox/capture.h>
#include <h2o.h>

/* Calls the handlers after `self`, inside the span "handler". From now on, the capture tells what it waits. */
void gbxi_run_handler(gbx_capture *capture, h2o_req_t *req, h2o_handler_t *self);

/* Calls the generator's proceed, inside the span "handler.proceed". */
void gbxi_run_proceed(gbx_capture *capture, h2o_req_t *req, h2o_generator_t *generator);

/* A handler that was waiting goes on: what it sends ends the wait, even if it sends from outside the capture. */
void gbxi_run_end_waiting(gbx_capture *capture);

/* Replaces the handler's generator and returns the old one. To be called while the response's streams are set up. */
h2o_generator_t *gbxi_run_swap_generator(h2o_req_t *req, h2o_generator_t *generator);

/* Calls the stop of a generator, if it has one. */
void gbxi_run_stop(h2o_generator_t *generator, h2o_req_t *req);

#endif
