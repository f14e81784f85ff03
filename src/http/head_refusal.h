/* SPDX-License-Identifier: MIT */
/* Refusals of request heads. libh2o has one answer for all of them, in plain text, and closes the connection as soon as
 * it is written. What stands between libh2o and the socket writes ours instead, lets the client read it, and then
 * returns to libh2o.
 *
 * Usage: gbxi_head_refusal_new, write gbxi_head_refusal_text, gbxi_head_refusal_on_written at the end of the write, and
 * gbxi_head_refusal_free when the connection is closed. Thread: the connection's event loop, for all functions. */
#ifndef GBX_HTTP_HEAD_REFUSAL_H
#define GBX_HTTP_HEAD_REFUSAL_H

#include <h2o.h>

typedef struct gbxi_head_refusal gbxi_head_refusal;

/* Makes a problem document with what gbxi_early_error_explain was told, if what libh2o is going to write to `socket` is
 * its answer to a refused head. `written` is libh2o's callback for the end of the write, which closes the connection.
 * NULL if it is anything else, nothing was told, or memory is short: then libh2o's answer is to be written. */
gbxi_head_refusal *gbxi_head_refusal_new(h2o_socket_t *socket, const h2o_iovec_t *buffers, size_t count,
                                         h2o_socket_cb written);

/* The whole answer; borrowed. */
h2o_iovec_t gbxi_head_refusal_text(gbxi_head_refusal *refusal);

/* Calls libh2o's callback, at once after an error, else when the client has had time to read the answer. */
void gbxi_head_refusal_on_written(gbxi_head_refusal *refusal, const char *error);

void gbxi_head_refusal_free(gbxi_head_refusal *refusal);

#endif
