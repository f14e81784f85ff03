/* SPDX-License-Identifier: MIT */
/* The request header `Glassbox-Trace-Config`, with which a request of any method and any body asks for its trace.
 *
 * Thread: the request's event loop. */
#ifndef GBX_MIDDLEWARE_OPTIN_H
#define GBX_MIDDLEWARE_OPTIN_H

#include "schemas/trace_config.h"
#include <h2o.h>

/* The header's name as it is shown to people. */
#define GBXI_OPTIN_HEADER "Glassbox-Trace-Config"

/* Whether the request has the header, once or more often. */
bool gbxi_optin_has_header(const h2o_req_t *req);

/* Reads the config from the header, which the request has. Returns 0, or the status to refuse the request with. */
int gbxi_optin_decode(const h2o_req_t *req, gbx_format format, gbxi_trace_config *config, gbx_error *error);

/* Removes the header from the request. */
void gbxi_optin_hide_header(h2o_req_t *req);

#endif
