/* SPDX-License-Identifier: MIT */
/* Asks whether something accepts connections at an address. */
#define _GNU_SOURCE
#include "cli/trace/child.h"
#include "runtime/resolve.h"
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECT_MS = 200 };

static bool ended_well(int fd)
{
    int reason = 0;
    socklen_t size = sizeof(reason);

    return getsockopt(fd, SOL_SOCKET, SO_ERROR, &reason, &size) == 0 && reason == 0;
}

/* A port that nobody listens at may be given to the very socket that tries to connect to it, which then has itself as
 * its peer. */
static bool is_self_connected(int fd)
{
    struct sockaddr_storage own = {0}, peer = {0};
    socklen_t own_size = sizeof(own), peer_size = sizeof(peer);

    return getsockname(fd, (struct sockaddr *)&own, &own_size) == 0 &&
           getpeername(fd, (struct sockaddr *)&peer, &peer_size) == 0 && own_size == peer_size &&
           memcmp(&own, &peer, own_size) == 0;
}

static bool accepts_connections(const struct addrinfo *address)
{
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct pollfd poller = {.fd = fd, .events = POLLOUT};
    bool accepted;

    if (fd == -1)
        return false;
    accepted = connect(fd, address->ai_addr, address->ai_addrlen) == 0 ||
               (errno == EINPROGRESS && poll(&poller, 1, CONNECT_MS) == 1 && ended_well(fd));
    accepted = accepted && !is_self_connected(fd);
    close(fd);
    return accepted;
}

bool gbxi_child_listens(const char *host, const char *port)
{
    struct addrinfo *addresses = NULL;
    bool listens = false;

    if (gbxi_resolve(host, port, 0, &addresses) != 0)
        return false;
    for (const struct addrinfo *address = addresses; address != NULL && !listens; address = address->ai_next)
        listens = accepts_connections(address);
    freeaddrinfo(addresses);
    return listens;
}
