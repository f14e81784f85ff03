/* SPDX-License-Identifier: MIT */
/* What libh2o does with the socket of a connection, seen from outside: libh2o calls these functions of its own through
 * the dynamic linker, and the program's definitions come before libh2o's. Thread: the loop's. */
#ifndef GBX_RUNTIME_LIBH2O_CALLS_H
#define GBX_RUNTIME_LIBH2O_CALLS_H

#include <h2o.h>

/* libh2o's own h2o_socket_read_start. */
void gbxi_libh2o_read_start(h2o_socket_t *socket, h2o_socket_cb callback);

/* libh2o's own h2o_socket_write. */
void gbxi_libh2o_write(h2o_socket_t *socket, h2o_iovec_t *buffers, size_t count, h2o_socket_cb callback);

#endif
