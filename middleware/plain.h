/* SPDX-License-Identifier: MIT */
/* The capture of a request whose answer stays as it is: a plain request that the recorder sees, or one whose trace is
 * only stored.
 *
 * Usage: gbxi_plain_new adds itself to the request as a prefilter, and gbxi_plain_delegate runs the handlers after
 * `self`. The first output stream sees the handler's last chunk go by; then the capture is finished and offered to the
 * recorder. Everything is released with the request's pool. Thread: the request's event loop. */
#ifndef GBX_MIDDLEWARE_PLAIN_H
#define GBX_MIDDLEWARE_PLAIN_H

#include "middleware/mirror.h"
#include <glassbox/capture.h>
#include <h2o.h>

typedef struct gbxi_plain gbxi_plain;

/* Captures the request for the recorder, if there is one and it captures more requests now. Returns 0 if the request
 * was answered and may be freed now, -1 if the next handler is to be called. */
int gbxi_plain_on_req(gbxi_mirror *mirror, h2o_req_t *req);

/* The same for a request that is certainly answered. */
void gbxi_plain_pass_on(gbxi_mirror *mirror, h2o_req_t *req);

/* A request whose trace was asked for and is only stored. The response tells the trace id. Owns: takes over `capture`
 * (NULL: nothing is captured) and its place in the gate. */
void gbxi_plain_store(const gbxi_mirrored *mirrored, gbx_capture *capture);

#endif
