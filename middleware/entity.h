/* SPDX-License-Identifier: MIT */
/* The body of a request as the handler sees it.
 *
 * Thread: the request's event loop. */
#ifndef GBX_MIDDLEWARE_ENTITY_H
#define GBX_MIDDLEWARE_ENTITY_H

#include "middleware/body.h"
#include <h2o.h>

/* Makes the request's body what is left of it without the member, and Content-Length its length. A body in the
 * connection's own buffer is closed up in place; otherwise it is copied, and lives and counts as memory for work as
 * long as the request. Owns: takes over the results of `body`. Returns 0, or 503 if memory is short. */
int gbxi_entity_apply(gbxi_body *body, h2o_req_t *req, gbx_error *error);

/* Makes the request one without a body and without headers about it. */
void gbxi_entity_drop(h2o_req_t *req);

#endif
