/* SPDX-License-Identifier: MIT */
/* One mirrored request: runs the handler inside the capture and converts its response, as it streams, to the envelope.
 *
 * Usage: gbxi_envelope_new adds the envelope to the request as a prefilter, and gbxi_envelope_delegate runs the
 * handlers after `self`. From then on libh2o drives the envelope, which is the first output stream that the handler's
 * chunks reach and which replaces the handler's generator. Everything is released with the request's pool. Thread: the
 * request's event loop. */
#ifndef GBX_MIDDLEWARE_ENVELOPE_H
#define GBX_MIDDLEWARE_ENVELOPE_H

#include "middleware/mirror.h"
#include <glassbox/capture.h>
#include <h2o.h>

typedef struct gbxi_envelope gbxi_envelope;

/* Wraps the response of the request. Returns NULL if memory is short. Owns: takes over `capture` (NULL: nothing is
 * captured) if it succeeds. */
gbxi_envelope *gbxi_envelope_new(const gbxi_mirrored *mirrored, gbx_capture *capture);

/* Takes over the place that the envelope's capture has in the gate. The place is given back when the trace has been
 * written, the client has left, the request has ended or the capture's time is over, whichever comes first. */
void gbxi_envelope_hold(gbxi_envelope *envelope);

/* Whether `req` is already wrapped, for example after an internal redirect. */
bool gbxi_envelope_is_on(const h2o_req_t *req);

/* Calls h2o_delegate_request inside the capture and the span "handler". The request may be freed when this returns. */
void gbxi_envelope_delegate(gbxi_envelope *envelope, h2o_req_t *req, h2o_handler_t *self);

#endif
