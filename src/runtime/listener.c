/* SPDX-License-Identifier: MIT */
/* Resolves, binds and listens. */
#define _GNU_SOURCE
#include "runtime/listener.h"
#include "runtime/libh2o/input.h"
#include "runtime/resolve.h"
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HOST_SIZE = 256 };

/* The host without the brackets that a URL puts around an IPv6 address. */
static void host_strip_brackets(char *plain, const char *host)
{
    size_t length = strlen(host);

    if (length >= 2 && host[0] == '[' && host[length - 1] == ']') {
        host++;
        length -= 2;
    }
    snprintf(plain, HOST_SIZE, "%.*s", (int)(length < HOST_SIZE ? length : HOST_SIZE - 1), host);
}

void gbxi_listener_url(char *url, size_t size, const char *scheme, const char *host, uint16_t port)
{
    char plain[HOST_SIZE];
    bool bracketed;

    host_strip_brackets(plain, host);
    bracketed = strchr(plain, ':') != NULL;
    snprintf(url, size, "%s://%s%s%s:%u", scheme, bracketed ? "[" : "", plain, bracketed ? "]" : "", (unsigned)port);
}

static int socket_set_flag(int fd, int option)
{
    int on = 1;

    return setsockopt(fd, SOL_SOCKET, option, &on, sizeof(on));
}

/* Opens a bound socket; -1 with errno on failure. The first socket binds the port exclusively and enables sharing only
 * afterwards. Otherwise a second server could bind the same port and silently take half of the connections. */
static int listener_open_bound(const struct addrinfo *where, const struct sockaddr *address, bool first)
{
    int fd = socket(where->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, where->ai_protocol);
    int saved_errno;

    if (fd == -1)
        return -1;
    if (socket_set_flag(fd, SO_REUSEADDR) != 0 || (!first && socket_set_flag(fd, SO_REUSEPORT) != 0) ||
        bind(fd, address, where->ai_addrlen) != 0 || (first && socket_set_flag(fd, SO_REUSEPORT) != 0)) {
        saved_errno = errno;
        close(fd);
        errno = saved_errno;
        return -1;
    }
    gbxi_input_bound(fd);
    return fd;
}

static void listener_close_all(const int *fds, size_t count)
{
    int saved_errno = errno;

    while (count != 0)
        close(fds[--count]);
    errno = saved_errno;
}

static uint16_t address_port(const struct sockaddr_storage *address)
{
    if (address->ss_family == AF_INET6)
        return ntohs(((const struct sockaddr_in6 *)address)->sin6_port);
    return ntohs(((const struct sockaddr_in *)address)->sin_port);
}

/* Opens all sockets on one resolved address. If one fails, closes the others and returns -1 with errno. */
static int listener_open_all(const struct addrinfo *where, size_t count, int *fds, uint16_t *bound_port)
{
    struct sockaddr_storage bound = {0};
    socklen_t bound_length = sizeof(bound);
    size_t opened = 0;

    if ((fds[0] = listener_open_bound(where, where->ai_addr, true)) == -1)
        return -1;
    opened = 1;
    if (getsockname(fds[0], (struct sockaddr *)&bound, &bound_length) != 0)
        goto Error;
    for (; opened != count; opened++)
        if ((fds[opened] = listener_open_bound(where, (const struct sockaddr *)&bound, false)) == -1)
            goto Error;
    for (size_t i = 0; i < count; i++)
        if (listen(fds[i], SOMAXCONN) != 0)
            goto Error;
    *bound_port = address_port(&bound);
    return 0;

Error:
    listener_close_all(fds, opened);
    return -1;
}

bool gbxi_listener_is_loopback(int fd)
{
    struct sockaddr_storage bound = {0};
    socklen_t length = sizeof(bound);
    const struct in6_addr *v6 = &((const struct sockaddr_in6 *)&bound)->sin6_addr;

    if (getsockname(fd, (struct sockaddr *)&bound, &length) != 0)
        return false;
    if (bound.ss_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)&bound)->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    return bound.ss_family == AF_INET6 &&
           (IN6_IS_ADDR_LOOPBACK(v6) || (IN6_IS_ADDR_V4MAPPED(v6) && v6->s6_addr[12] == IN_LOOPBACKNET));
}

static gbx_err listener_refuse(gbx_error *error, const char *host, uint16_t port, const char *reason)
{
    char url[HOST_SIZE + 32];

    gbxi_listener_url(url, sizeof(url), "", host, port);
    return gbx_error_set(error, GBX_ERR_IO, NULL, "cannot listen on %s: %s", url + strlen("://"), reason);
}

gbx_err gbxi_listeners_open(const char *host, uint16_t port, size_t count, int *fds, uint16_t *bound_port,
                            gbx_error *error)
{
    struct addrinfo *addresses = NULL;
    char plain[HOST_SIZE], service[8];
    gbx_err err = GBX_ERR_OK;
    int resolved;

    host_strip_brackets(plain, host);
    snprintf(service, sizeof(service), "%u", (unsigned)port);
    if ((resolved = gbxi_resolve(plain, service, AI_PASSIVE | AI_NUMERICSERV, &addresses)) != 0)
        return listener_refuse(error, host, port, resolved == EAI_SYSTEM ? strerror(errno) : gai_strerror(resolved));
    errno = EADDRNOTAVAIL;
    for (const struct addrinfo *where = addresses; where != NULL; where = where->ai_next)
        if (listener_open_all(where, count, fds, bound_port) == 0)
            goto Exit;
    err = listener_refuse(error, host, port, strerror(errno));

Exit:
    freeaddrinfo(addresses);
    return err;
}
