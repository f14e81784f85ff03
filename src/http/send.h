/* SPDX-License-Identifier: MIT */
/* Sends a response whose body is complete in memory. */
#ifndef GBX_HTTP_SEND_H
#define GBX_HTTP_SEND_H

#include <h2o.h>

/* Sends status and headers as they are set, and `body` unless the request is a HEAD. The bytes must outlive the
 * request.
 */
void gbxi_send_body(h2o_req_t *req, h2o_iovec_t body);

#endif
