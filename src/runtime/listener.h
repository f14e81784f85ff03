/* SPDX-License-Identifier: MIT */
/* Listening sockets: one per event loop, all on the same address and port. */
#ifndef GBX_RUNTIME_LISTENER_H
#define GBX_RUNTIME_LISTENER_H

#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Opens `count` sockets that share `host` and `port` (0: any free port) with SO_REUSEPORT, so that the kernel
 * distributes connections among them. Fails if another process listens on the port, even if that process shares it.
 * Fills `fds` and `bound_port`. Errors: IO, with "cannot listen on HOST:PORT: ..." in `error`; then no socket is open.
 */
GBX_MUST_USE gbx_err gbxi_listeners_open(const char *host, uint16_t port, size_t count, int *fds, uint16_t *bound_port,
                                         gbx_error *error);

/* Whether only this machine can reach the socket: it is bound to 127.0.0.0/8, also as an IPv4-mapped IPv6 address, or
 * to
 * ::1. */
bool gbxi_listener_is_loopback(int fd);

/* Writes "SCHEME://HOST:PORT" with an IPv6 address in brackets. */
void gbxi_listener_url(char *url, size_t size, const char *scheme, const char *host, uint16_t port);

#endif
