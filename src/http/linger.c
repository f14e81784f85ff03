/* SPDX-License-Identifier: MIT */
/* Reads and discards what a refused client still sends. */
#define _GNU_SOURCE
#include "http/linger.h"
#include <sys/socket.h>

enum { LINGER_SECONDS = 5 };

static void linger_finish(gbxi_linger *self)
{
    h2o_timeout_unlink(&self->timer);
    h2o_socket_read_stop(self->socket);
    self->socket->data = self->socket_data;
    self->on_end(self);
}

static void linger_on_read(h2o_socket_t *socket, const char *error)
{
    gbxi_linger *self = socket->data;

    if (error != NULL)
        linger_finish(self);
    else
        h2o_buffer_consume(&socket->input, socket->input->size);
}

static void linger_wait_a_second(gbxi_linger *self)
{
    h2o_timeout_link(self->context->loop, &self->context->one_sec_timeout, &self->timer);
}

static void linger_on_timer(h2o_timeout_entry_t *timer)
{
    gbxi_linger *self = H2O_STRUCT_FROM_MEMBER(gbxi_linger, timer, timer);

    if (--self->seconds_left == 0 || self->context->shutdown_requested)
        linger_finish(self);
    else
        linger_wait_a_second(self);
}

void gbxi_linger_begin(gbxi_linger *linger, h2o_context_t *context, h2o_socket_t *socket,
                       void (*on_end)(gbxi_linger *linger))
{
    *linger = (gbxi_linger){.context = context,
                            .socket = socket,
                            .socket_data = socket->data,
                            .seconds_left = LINGER_SECONDS,
                            .timer = {.cb = linger_on_timer},
                            .on_end = on_end};
    socket->data = linger;
    if (socket->ssl == NULL)
        shutdown(h2o_socket_get_fd(socket), SHUT_WR);
    linger_wait_a_second(linger);
    h2o_socket_read_start(socket, linger_on_read);
}

void gbxi_linger_cancel(gbxi_linger *linger)
{
    h2o_timeout_unlink(&linger->timer);
}
