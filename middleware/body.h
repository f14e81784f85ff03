/* SPDX-License-Identifier: MIT */
/* The body of a mirrored request: whether it may be read, and what it says about the trace. */
#ifndef GBX_MIDDLEWARE_BODY_H
#define GBX_MIDDLEWARE_BODY_H

#include "schemas/trace_config.h"
#include <h2o.h>

/* Checks type and length, and reads nothing. Returns 0, or the status to refuse the request with. */
int gbxi_body_check(const h2o_req_t *req, size_t bytes_max, gbx_error *error);

/* Reads the config from a body of `length` bytes; NULL is allowed if there are none. Returns 0, or the status to refuse
 * the request with. Thread: any. */
int gbxi_body_decode(const char *text, size_t length, gbx_format format, gbxi_trace_config *config, gbx_error *error);

#endif
