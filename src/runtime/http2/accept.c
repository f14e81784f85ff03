/* SPDX-License-Identifier: MIT */
/* Waits for the first bytes of a connection. */
#define _GNU_SOURCE
#include "runtime/http2/accept.h"
#include "runtime/http1.h"
#include "runtime/http2/guard.h"
#include <h2o/http1.h>
#include <stdlib.h>
#include <string.h>

typedef struct newcomer {
    gbxi_connection *connection;
    h2o_accept_ctx_t *accept;
    struct timeval connected_at;
    h2o_timeout_entry_t timer;
} newcomer;

static void newcomer_on_close(gbxi_connection *connection)
{
    newcomer *self = connection->reader;

    h2o_timeout_unlink(&self->timer);
    free(self);
}

/* Over TLS the socket closes later, so the timer must not close it again. */
static void newcomer_close(newcomer *self)
{
    h2o_timeout_unlink(&self->timer);
    h2o_socket_close(self->connection->socket);
}

static void newcomer_on_timer(h2o_timeout_entry_t *timer)
{
    newcomer_close(H2O_STRUCT_FROM_MEMBER(newcomer, timer, timer));
}

/* Passes the connection to libh2o. */
static void newcomer_pass(newcomer *self, bool http2)
{
    gbxi_connection *connection = self->connection;
    h2o_accept_ctx_t *accept = self->accept;
    struct timeval connected_at = self->connected_at;

    newcomer_on_close(connection);
    connection->reader = NULL;
    connection->on_close = NULL;
    h2o_socket_read_stop(connection->socket);
    if (http2) {
        gbxi_http2_guard_accept(connection, accept, connected_at);
    } else {
        gbxi_http1_watch(connection, accept->ssl_ctx != NULL);
        h2o_http1_accept(accept, connection->socket, connected_at);
    }
}

/* Any method of HTTP/1 differs from the preface in its first bytes. */
static void newcomer_on_read(h2o_socket_t *socket, const char *error)
{
    static const char preface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    const size_t length = strlen(preface);
    size_t size = socket->input->size;

    if (error != NULL)
        newcomer_close(socket->data);
    else if (memcmp(socket->input->bytes, preface, size < length ? size : length) != 0)
        newcomer_pass(socket->data, false);
    else if (size >= length)
        newcomer_pass(socket->data, true);
}

static void newcomer_on_handshake(h2o_socket_t *socket, const char *error)
{
    h2o_iovec_t protocol;

    if (error != NULL) {
        newcomer_close(socket->data);
        return;
    }
    protocol = h2o_socket_ssl_get_selected_protocol(socket);
    newcomer_pass(socket->data, protocol.len >= 2 && memcmp(protocol.base, "h2", 2) == 0);
}

static struct timeval newcomer_now(h2o_context_t *context)
{
    return *h2o_get_timestamp(context, NULL, NULL);
}

void gbxi_http2_accept(gbxi_connection *connection, h2o_accept_ctx_t *accept)
{
    h2o_socket_t *socket = connection->socket;
    h2o_context_t *context = accept->ctx;
    newcomer *self = calloc(1, sizeof(*self));

    if (self == NULL) {
        h2o_socket_close(socket);
        return;
    }
    *self = (newcomer){.connection = connection,
                       .accept = accept,
                       .connected_at = newcomer_now(context),
                       .timer = {.cb = newcomer_on_timer}};
    connection->reader = self;
    connection->on_close = newcomer_on_close;
    socket->data = self;
    h2o_timeout_link(context->loop, &context->handshake_timeout, &self->timer);
    if (accept->ssl_ctx != NULL)
        h2o_socket_ssl_handshake(socket, accept->ssl_ctx, NULL, newcomer_on_handshake);
    else
        h2o_socket_read_start(socket, newcomer_on_read);
}
