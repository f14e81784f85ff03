/* SPDX-License-Identifier: MIT */
/* One mirrored request: runs the handler captured and turns its response, as it streams, into the envelope.
 *
 * Usage: gbxi_envelope_new adds itself to the request as a prefilter, gbxi_envelope_delegate runs the handlers behind
 * `self`. From there on libh2o drives it: it is the top output stream, the one the handler's chunks reach first, and it
 * stands in for the handler's generator. Everything is released with the request's pool.
 * Thread: the request's event loop. */
#ifndef GBX_MIDDLEWARE_ENVELOPE_H
#define GBX_MIDDLEWARE_ENVELOPE_H

#include "middleware/gate.h"
#include "schemas/trace_config.h"
#include <glassbox/capture.h>
#include <h2o.h>

typedef struct gbxi_envelope gbxi_envelope;

/* Wraps the response `req` will get. `output_key` is borrowed for the request's life. Owns: `capture` (NULL: nothing is
 * captured) from here on when it succeeds. NULL when memory is short. */
gbxi_envelope *gbxi_envelope_new(h2o_req_t *req, const char *output_key, const gbxi_trace_config *config,
                                 gbx_capture *capture);

/* Takes over the place in the gate that the envelope's capture has. It is given back when the trace has been written,
 * the request is gone or the capture's time is over, whichever is first. */
void gbxi_envelope_hold(gbxi_envelope *envelope, gbx_gate *gate, h2o_context_t *context);

/* True when `req` is wrapped already, as after an internal redirect. */
bool gbxi_envelope_is_on(const h2o_req_t *req);

/* h2o_delegate_request inside the capture, under the span "handler". The request may be gone when it returns. */
void gbxi_envelope_delegate(gbxi_envelope *envelope, h2o_req_t *req, h2o_handler_t *self);

#endif
