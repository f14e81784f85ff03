/* SPDX-License-Identifier: MIT */
/* Stands between the socket and libh2o's HTTP/2, whose version 2.2 trusts its clients too much:
 *
 * - A window that is widened while the last bytes of an answer are being written fails an assertion. Frames wait here
 *   until the write is complete.
 * - Frames of unknown types are printed to stderr. They are dropped here.
 * - Headers in several frames can loop for ever, and a header block of references takes a hundred times its size. The
 *   first kind, and blocks of more than 100 fields, end the connection.
 * - One connection can keep the loop busy. A limited number of frames is handed on in each turn of the loop.
 *
 * Thread: the loop's. */
#ifndef GBX_RUNTIME_HTTP2_GUARD_H
#define GBX_RUNTIME_HTTP2_GUARD_H

#include "runtime/connection.h"
#include <h2o.h>

/* Makes `connection`, whose input begins with the client's preface, an HTTP/2 connection of libh2o behind a guard. It
 * may be closed when this returns. */
void gbxi_http2_guard_accept(gbxi_connection *connection, h2o_accept_ctx_t *accept, struct timeval connected_at);

#endif
