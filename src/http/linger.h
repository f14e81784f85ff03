/* SPDX-License-Identifier: MIT */
/* Lets a refused client read its answer before its connection is closed. Closing a socket with unread input resets the
 * connection, and the client may see the reset before the answer. So what it still sends is read and discarded for some
 * seconds, or until it disconnects.
 *
 * Thread: the connection's event loop, for all functions. */
#ifndef GBX_HTTP_LINGER_H
#define GBX_HTTP_LINGER_H

#include <h2o.h>

/* Caller's memory, zeroed. */
typedef struct gbxi_linger {
    h2o_context_t *context;
    h2o_socket_t *socket;
    void *socket_data; /* libh2o's value, saved while `socket` carries ours */
    unsigned seconds_left;
    h2o_timeout_entry_t timer; /* linked while lingering */
    void (*on_end)(struct gbxi_linger *linger);
} gbxi_linger;

/* Begins when the answer is written. `on_end` is called once, with the socket as libh2o left it, and closes the
 * connection. */
void gbxi_linger_begin(gbxi_linger *linger, h2o_context_t *context, h2o_socket_t *socket,
                       void (*on_end)(gbxi_linger *linger));

/* Ends without calling `on_end`, because the connection is closed otherwise. Has no effect before the beginning. */
void gbxi_linger_cancel(gbxi_linger *linger);

#endif
