/* SPDX-License-Identifier: MIT */
/* Accepts connections that may speak HTTP/2 as well as HTTP/1.1: by ALPN over TLS, with prior knowledge over plain TCP.
 * There is no upgrade from HTTP/1.1. */
#ifndef GBX_RUNTIME_HTTP2_ACCEPT_H
#define GBX_RUNTIME_HTTP2_ACCEPT_H

#include "runtime/connection.h"
#include <h2o.h>

/* Finds out what the client speaks and passes the connection to libh2o, with a guard (guard.h) if it is HTTP/2.
 * A client that says nothing for too long is closed. Thread: the loop's. */
void gbxi_http2_accept(gbxi_connection *connection, h2o_accept_ctx_t *accept);

#endif
