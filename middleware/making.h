/* SPDX-License-Identifier: MIT */
/* Makes the captures of requests. */
#ifndef GBX_MIDDLEWARE_MAKING_H
#define GBX_MIDDLEWARE_MAKING_H

#include "middleware/mirror.h"
#include <h2o.h>

/* Creates a capture of the request as the handler will see it: named after its method and path, unless `config` names
 * it, and with the trace id of its traceparent. `config` may be NULL: the limits are the defaults. NULL if memory is
 * short. Thread: the request's event loop. Owns: the caller, until gbx_capture_unref. */
GBX_MUST_USE gbx_capture *gbxi_make_capture(const gbxi_mirror *mirror, const h2o_req_t *req,
                                            const gbxi_trace_config *config);

/* The path of the request without its query. */
h2o_iovec_t gbxi_path_without_query(const h2o_req_t *req);

#endif
