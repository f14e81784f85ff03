/* SPDX-License-Identifier: MIT */
/* Headers of mirrored requests and their responses: which are kept, removed and added. */
#ifndef GBX_MIDDLEWARE_HEADERS_H
#define GBX_MIDDLEWARE_HEADERS_H

#include "http/media.h"
#include "middleware/traceparent.h"
#include <glassbox/capture.h>
#include <h2o.h>

/* Reads a valid `traceparent`. If there is none, returns false and leaves `parent` unchanged. */
bool gbxi_headers_traceparent(const h2o_req_t *req, gbxi_traceparent *parent);

/* Removes every header whose name is among `names`, which are in lower case and end with NULL. */
void gbxi_headers_drop(h2o_headers_t *headers, const char *const *names);

/* Sets the response header Glassbox-Trace-Id. NULL removes it. */
void gbxi_headers_tell_trace_id(h2o_req_t *req, const gbx_capture *capture);

/* Replaces the handler's response headers by those of the envelope and returns the type of the handler's body, which is
 * BINARY if the body is compressed. `capture` is NULL if nothing is captured. May be called again. */
gbxi_media gbxi_headers_wrap(h2o_req_t *req, const gbx_capture *capture);

#endif
