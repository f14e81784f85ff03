/* SPDX-License-Identifier: MIT */
/* Follows libh2o from connection to connection. It parses what a connection sends while it handles a read of it, or
 * right after it has begun to read. */
#define _GNU_SOURCE
#include "runtime/http1.h"
#include "http/early_error.h"
#include "http/head_refusal.h"
#include "runtime/libh2o/calls.h"
#include "runtime/libh2o/input.h"
#include <stdio.h>

static void http1_on_read(h2o_socket_t *socket, const char *error)
{
    gbxi_connection *connection = gbxi_connection_of_socket(socket);

    gbxi_connection_make_current(connection);
    gbxi_input_end_turn();
    gbxi_early_error_forget();
    connection->http1.read(socket, error);
}

static void http1_on_read_start(gbxi_connection *connection, h2o_socket_cb callback)
{
    gbxi_connection_make_current(connection);
    connection->http1.read = callback;
    gbxi_libh2o_read_start(connection->socket, http1_on_read);
}

static void http1_on_close(gbxi_connection *connection)
{
    gbxi_head_refusal_free(connection->reader);
}

static void http1_on_refusal_written(h2o_socket_t *socket, const char *error)
{
    gbxi_head_refusal_on_written(gbxi_connection_of_socket(socket)->reader, error);
}

/* libh2o does not look at the error: it begins the next request that is there, and the next. */
static void http1_on_written(h2o_socket_t *socket, const char *error)
{
    gbxi_connection *connection = gbxi_connection_of_socket(socket);

    connection->http1.has_left |= error != NULL;
    connection->http1.written(socket, error);
}

/* libh2o's answer to a refused head is the last that it writes. */
static void http1_on_write(gbxi_connection *connection, h2o_iovec_t *buffers, size_t count, h2o_socket_cb callback)
{
    gbxi_head_refusal *refusal = gbxi_head_refusal_new(connection->socket, buffers, count, callback);
    h2o_iovec_t text;

    if (refusal == NULL) {
        connection->http1.written = callback;
        gbxi_libh2o_write(connection->socket, buffers, count, http1_on_written);
        return;
    }
    connection->reader = refusal;
    connection->on_close = http1_on_close;
    text = gbxi_head_refusal_text(refusal);
    gbxi_libh2o_write(connection->socket, &text, 1, http1_on_refusal_written);
}

void gbxi_http1_watch(gbxi_connection *connection, bool tls)
{
    connection->on_read_start = http1_on_read_start;
    connection->on_write = http1_on_write;
    if (!tls)
        gbxi_input_take_turns(connection->socket);
}

bool gbxi_http1_client_has_left(void)
{
    const gbxi_connection *connection = gbxi_connection_current();

    return connection != NULL && connection->http1.has_left;
}

bool gbxi_http1_is_encrypted(void)
{
    const gbxi_connection *connection = gbxi_connection_current();

    return connection != NULL && connection->socket->ssl != NULL;
}

void gbxi_http1_head_is_read(void)
{
    gbxi_connection *connection = gbxi_connection_current();

    if (connection != NULL)
        connection->http1.announced = 0;
}

/* libh2o's connection begins with what all its connections have. */
static size_t http1_body_max(const gbxi_connection *connection)
{
    const h2o_conn_t *libh2o_connection = connection->socket->data;

    return libh2o_connection->ctx->globalconf->max_request_entity_size;
}

bool gbxi_http1_chunk_fits(size_t size)
{
    gbxi_connection *connection = gbxi_connection_current();
    char text[80];
    size_t max;

    if (connection == NULL) /* no body of a request */
        return true;
    max = http1_body_max(connection);
    if (size <= max - connection->http1.announced) {
        connection->http1.announced += size;
        return true;
    }
    snprintf(text, sizeof(text), "the body is larger than %zu bytes", max);
    gbxi_early_error_explain(413, text);
    return false;
}
