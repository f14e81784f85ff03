/* SPDX-License-Identifier: MIT */
/* Stands in front of three functions of libh2o. */
#define _GNU_SOURCE
#include "runtime/libh2o/calls.h"
#include "runtime/connection.h"
#include <dlfcn.h>
#include <pthread.h>

static void (*libh2o_read_start)(h2o_socket_t *socket, h2o_socket_cb callback); /* written once, like the next two */
static void (*libh2o_write)(h2o_socket_t *socket, h2o_iovec_t *buffers, size_t count, h2o_socket_cb callback);
static void (*libh2o_close)(h2o_socket_t *socket);
static pthread_once_t libh2o_once = PTHREAD_ONCE_INIT;

static void libh2o_find_calls(void)
{
    *(void **)&libh2o_read_start = dlsym(RTLD_NEXT, "h2o_socket_read_start");
    *(void **)&libh2o_write = dlsym(RTLD_NEXT, "h2o_socket_write");
    *(void **)&libh2o_close = dlsym(RTLD_NEXT, "h2o_socket_close");
}

void gbxi_libh2o_read_start(h2o_socket_t *socket, h2o_socket_cb callback)
{
    pthread_once(&libh2o_once, libh2o_find_calls);
    libh2o_read_start(socket, callback);
}

/* A connection with a reader of its own lets that decide. */
__attribute__((visibility("default"))) void h2o_socket_read_start(h2o_socket_t *sock, h2o_socket_cb cb)
{
    gbxi_connection *connection = gbxi_connection_of_socket(sock);

    if (connection != NULL && connection->on_read_start != NULL)
        connection->on_read_start(connection, cb);
    else
        gbxi_libh2o_read_start(sock, cb);
}

void gbxi_libh2o_write(h2o_socket_t *socket, h2o_iovec_t *buffers, size_t count, h2o_socket_cb callback)
{
    pthread_once(&libh2o_once, libh2o_find_calls);
    libh2o_write(socket, buffers, count, callback);
}

/* A connection may write it in its own way. */
__attribute__((visibility("default"))) void h2o_socket_write(h2o_socket_t *sock, h2o_iovec_t *bufs, size_t bufcnt,
                                                             h2o_socket_cb cb)
{
    gbxi_connection *connection = gbxi_connection_of_socket(sock);

    if (connection != NULL && connection->on_write != NULL)
        connection->on_write(connection, bufs, bufcnt, cb);
    else
        gbxi_libh2o_write(sock, bufs, bufcnt, cb);
}

/* Over TLS the socket stays for a while, but libh2o's connection is gone. */
__attribute__((visibility("default"))) void h2o_socket_close(h2o_socket_t *sock)
{
    gbxi_connection *connection = gbxi_connection_of_socket(sock);

    if (connection != NULL)
        connection->closing = true;
    pthread_once(&libh2o_once, libh2o_find_calls);
    libh2o_close(sock);
}
