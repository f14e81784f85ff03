/* SPDX-License-Identifier: MIT */
/* Makes a response that breaks off recognizable on the wire.
 *
 * Over HTTP/1, libh2o ends some responses by closing the connection: all to HTTP/1.0, and those with another status
 * than 200 and no length to HTTP/1.1. If libh2o closed such a connection in the middle of a response, the client would
 * take the half for the whole. */
#ifndef GBX_HTTP_BREAK_OFF_H
#define GBX_HTTP_BREAK_OFF_H

#include <h2o.h>
#include <stdbool.h>

/* The socket of an HTTP/1 connection; NULL for other connections. */
h2o_socket_t *gbxi_http1_socket(const h2o_req_t *req);

/* Resets the connection of `req` if only its end tells the end of the response, so that the client sees an error, over
 * TLS too. Returns whether it did. The caller then ends the response with H2O_SEND_STATE_ERROR, unless libh2o is still
 * sending; a write that is under way fails. The response has been started (h2o_start_response). A local (AF_UNIX)
 * connection cannot be reset. Thread: the request's loop. */
bool gbxi_break_off(h2o_req_t *req);

#endif
