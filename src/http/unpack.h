/* SPDX-License-Identifier: MIT */
/* Bodies that are kept compressed, for the few clients that do not take them so. */
#ifndef GBX_HTTP_UNPACK_H
#define GBX_HTTP_UNPACK_H

#include <h2o.h>

/* Sends a response's body, unpacked piece by piece as the client takes it; status and headers are set, Content-Length
 * too. `packed` is gzip and outlives the request. Errors: 503 when memory is short. Cost: below 64 KiB until the body
 * is sent. */
void gbxi_unpack_send(h2o_req_t *req, h2o_iovec_t packed);

#endif
