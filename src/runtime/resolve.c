/* SPDX-License-Identifier: MIT */
/* Resolves host names. */
#define _GNU_SOURCE
#include "runtime/resolve.h"
#include <netdb.h>
#include <strings.h>
#include <sys/socket.h>

int gbxi_resolve(const char *host, const char *port, int flags, struct addrinfo **addresses)
{
    const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM, .ai_flags = flags};
    int failed = getaddrinfo(host, port, &wanted, addresses);

    if (failed != 0 && strcasecmp(host, "localhost") == 0)
        failed = getaddrinfo("127.0.0.1", port, &wanted, addresses);
    return failed;
}
