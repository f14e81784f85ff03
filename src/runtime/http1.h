/* SPDX-License-Identifier: MIT */
/* HTTP/1 connections as far as libh2o does not see to them: how much of them is read in a turn, how large a body may
 * become, and what is answered to a head that is refused.
 *
 * Thread: the loop's, for all functions. */
#ifndef GBX_RUNTIME_HTTP1_H
#define GBX_RUNTIME_HTTP1_H

#include "runtime/connection.h"
#include <h2o.h>
#include <stdbool.h>
#include <stddef.h>

/* Makes the connection known, before libh2o begins to read from it. `tls`: it speaks TLS, or will. */
void gbxi_http1_watch(gbxi_connection *connection, bool tls);

/* Whether a write of the connection that is parsed now has failed. Then its next request must not be handled. */
bool gbxi_http1_client_has_left(void);

/* Whether the connection that is parsed now speaks TLS. */
bool gbxi_http1_is_encrypted(void);

/* A head has been read, and its body may follow. */
void gbxi_http1_head_is_read(void);

/* A chunk of the body that is being read is announced to have `size` bytes. False if the body would become larger than
 * bodies may be: then it is to be refused, and the answer says why. */
bool gbxi_http1_chunk_fits(size_t size);

#endif
