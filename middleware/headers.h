/* SPDX-License-Identifier: MIT */
/* What a mirrored request and its response keep, lose and gain in headers. */
#ifndef GBX_MIDDLEWARE_HEADERS_H
#define GBX_MIDDLEWARE_HEADERS_H

#include "http/media.h"
#include <glassbox/capture.h>
#include <h2o.h>

/* The trace id that a valid `traceparent` asks for. False, and `trace_id` untouched, when there is none. */
bool gbxi_headers_trace_id(const h2o_req_t *req, uint8_t trace_id[16]);

/* Takes away what could make the handler answer with less than the whole body: ranges and conditions. */
void gbxi_headers_make_unconditional(h2o_req_t *req);

/* Turns the handler's response headers into the envelope's, and says what the handler's body is; a compressed one is
 * BINARY. `capture` is NULL when nothing is captured. Repeatable. */
gbxi_media gbxi_headers_wrap(h2o_req_t *req, const gbx_capture *capture);

#endif
