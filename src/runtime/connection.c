/* SPDX-License-Identifier: MIT */
/* Keeps the list of connections. */
#define _GNU_SOURCE
#include "runtime/connection.h"
#include "base/atomic.h"
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

bool gbxi_connection_reserve(const gbxi_connection_limits *limits)
{
    if (gbxi_add_relaxed(limits->open, 1) < limits->max)
        return true;
    gbxi_connection_cancel(limits);
    return false;
}

void gbxi_connection_cancel(const gbxi_connection_limits *limits)
{
    gbxi_sub_relaxed(limits->open, 1);
}

static _Thread_local gbxi_connection *connection_current;

gbxi_connection *gbxi_connection_current(void)
{
    return connection_current;
}

void gbxi_connection_make_current(gbxi_connection *connection)
{
    connection_current = connection;
}

static void connection_on_close(void *data)
{
    gbxi_connection *connection = data;

    gbxi_connection_cancel(connection->limits);
    h2o_linklist_unlink(&connection->link);
    if (connection_current == connection)
        connection_current = NULL;
    if (connection->on_close != NULL)
        connection->on_close(connection);
    free(connection);
}

/* libh2o waits indefinitely for a client that does not read. The kernel can limit that time (TCP_USER_TIMEOUT). */
static void connection_bound_writes(h2o_socket_t *socket, unsigned timeout_ms)
{
    setsockopt(h2o_socket_get_fd(socket), IPPROTO_TCP, TCP_USER_TIMEOUT, &timeout_ms, sizeof(timeout_ms));
}

gbxi_connection *gbxi_connection_adopt(h2o_linklist_t *list, const gbxi_connection_limits *limits, gbxi_turns *turns,
                                       h2o_socket_t *socket)
{
    gbxi_connection *connection = calloc(1, sizeof(*connection));

    if (connection == NULL) {
        gbxi_connection_cancel(limits);
        h2o_socket_close(socket);
        return NULL;
    }
    connection_bound_writes(socket, limits->timeout_ms);
    connection->limits = limits;
    connection->turns = turns;
    connection->socket = socket;
    h2o_linklist_init_anchor(&connection->queue);
    h2o_linklist_insert(list, &connection->link);
    socket->on_close.cb = connection_on_close;
    socket->on_close.data = connection;
    return connection;
}

gbxi_connection *gbxi_connection_of_socket(const h2o_socket_t *socket)
{
    return socket->on_close.cb == connection_on_close ? socket->on_close.data : NULL;
}

gbxi_connection *gbxi_connection_of(const h2o_req_t *req)
{
    h2o_socket_t *socket = req->conn->callbacks->get_socket(req->conn);

    return socket != NULL ? gbxi_connection_of_socket(socket) : NULL;
}

static gbxi_connection *connection_at(h2o_linklist_t *node)
{
    return H2O_STRUCT_FROM_MEMBER(gbxi_connection, link, node);
}

static int connection_mark_busy(h2o_req_t *req, void *context)
{
    gbxi_connection *connection = gbxi_connection_of(req);
    /* An idle HTTP/1 connection has a blank request. So does an HTTP/2 stream that only has a priority so far. */
    bool begun = req->version >= 0x200 ? req->input.method.len != 0 : req->timestamps.request_begin_at.tv_sec != 0;

    (void)context;
    if (req->version < 0x200)
        req->http1_is_persistent = 0; /* a response that has not begun will include Connection: close */
    if (begun && connection != NULL)
        connection->busy = true;
    return 0;
}

static bool connection_has_unread_input(h2o_socket_t *socket)
{
    int bytes = 0;

    return ioctl(h2o_socket_get_fd(socket), FIONREAD, &bytes) == 0 && bytes > 0;
}

void gbxi_connections_hang_up_idle(h2o_linklist_t *list, h2o_context_t *context)
{
    for (h2o_linklist_t *node = list->next; node != list; node = node->next)
        connection_at(node)->busy = false;
    context->globalconf->http1.callbacks.foreach_request(context, connection_mark_busy, NULL);
    context->globalconf->http2.callbacks.foreach_request(context, connection_mark_busy, NULL);
    for (h2o_linklist_t *node = list->next; node != list; node = node->next) {
        gbxi_connection *connection = connection_at(node);

        if (connection->busy || connection->hung_up || connection->has_input ||
            connection_has_unread_input(connection->socket))
            continue;
        shutdown(h2o_socket_get_fd(connection->socket), SHUT_RD);
        connection->hung_up = true;
    }
}

/* A request counts as handled from its first handler until its answer begins: in that time the server is the one that
 * is slow. */
static int connection_add_request(h2o_req_t *req, void *context)
{
    gbxi_connection *connection = gbxi_connection_of(req);

    (void)context;
    if (connection == NULL || req->input.method.len == 0)
        return 0;
    connection->busy = true;
    connection->waiting.handled += req->pathconf != NULL && req->res.status == 0;
    connection->waiting.sent += 1 + req->bytes_sent;
    return 0;
}

/* Whether the client has kept the server waiting for too long. */
static bool connection_is_stalled(gbxi_connection *connection, uint64_t now_ms)
{
    if (!connection->busy || connection->waiting.handled > connection->queued) {
        connection->waiting.since_ms = 0;
        return false;
    }
    if (connection->waiting.since_ms == 0 || connection->waiting.sent != connection->waiting.sent_before) {
        connection->waiting.since_ms = now_ms;
        connection->waiting.sent_before = connection->waiting.sent;
    }
    return now_ms - connection->waiting.since_ms >= connection->limits->timeout_ms;
}

void gbxi_connections_close_stalled(h2o_linklist_t *list, h2o_context_t *context)
{
    uint64_t now_ms = h2o_now(context->loop);

    for (h2o_linklist_t *node = list->next; node != list; node = node->next) {
        gbxi_connection *connection = connection_at(node);

        connection->busy = false;
        connection->waiting.handled = 0;
        connection->waiting.sent = 0;
    }
    context->globalconf->http2.callbacks.foreach_request(context, connection_add_request, NULL);
    for (h2o_linklist_t *node = list->next; node != list; node = node->next) {
        if (connection_is_stalled(connection_at(node), now_ms))
            shutdown(h2o_socket_get_fd(connection_at(node)->socket), SHUT_RDWR);
    }
}
