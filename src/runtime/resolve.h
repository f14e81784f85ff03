/* SPDX-License-Identifier: MIT */
/* Names of hosts as addresses. */
#ifndef GBX_RUNTIME_RESOLVE_H
#define GBX_RUNTIME_RESOLVE_H

struct addrinfo;

/* Finds the addresses of a host and a port for TCP, as getaddrinfo does with `flags`, and returns what it returns.
 * localhost is 127.0.0.1 even where the system does not know it (RFC 6761, section 6.3). Owns: the caller, with
 * freeaddrinfo. Thread: any. Cost: may ask the network. */
int gbxi_resolve(const char *host, const char *port, int flags, struct addrinfo **addresses);

#endif
