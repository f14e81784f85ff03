/* SPDX-License-Identifier: MIT */
/* Decompresses bodies that are stored compressed, for the few clients that do not accept gzip. */
#ifndef GBX_HTTP_UNPACK_H
#define GBX_HTTP_UNPACK_H

#include <h2o.h>

/* Sends a response's body, decompressed piece by piece as the client reads it. Status and headers, including
 * Content-Length, must be set. `packed` is gzip and must outlive the request. Errors: answers 503 if memory is short.
 * Cost: less than 64 KiB of memory until the body is sent. */
void gbxi_unpack_send(h2o_req_t *req, h2o_iovec_t packed);

#endif
