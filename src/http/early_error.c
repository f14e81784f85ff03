/* SPDX-License-Identifier: MIT */
/* The filter behind early errors. */
#define _GNU_SOURCE
#include "http/early_error.h"
#include "http/headers.h"
#include "http/problem.h"
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

/* How long a refused client may continue to send before the connection is closed. */
enum { LINGER_SECONDS = 5 };

struct early_error {
    h2o_ostream_t super;
    h2o_req_t *req;
    bool answered;
    unsigned seconds_left;
    h2o_timeout_entry_t timer; /* linked while lingering */
    h2o_socket_t *socket;
    void *socket_data; /* libh2o's value, saved while `socket` carries ours */
};

static void early_error_stop(h2o_ostream_t *super, h2o_req_t *req)
{
    (void)req;
    h2o_timeout_unlink(&((struct early_error *)super)->timer);
}

/* Returns the connection to libh2o, which closes it. */
static void early_error_finish(struct early_error *self)
{
    h2o_timeout_unlink(&self->timer);
    h2o_socket_read_stop(self->socket);
    self->socket->data = self->socket_data;
    h2o_ostream_send_next(&self->super, self->req, NULL, 0, H2O_SEND_STATE_FINAL);
}

static void early_error_on_read(h2o_socket_t *socket, const char *error)
{
    struct early_error *self = socket->data;

    if (error != NULL)
        early_error_finish(self);
    else
        h2o_buffer_consume(&socket->input, socket->input->size);
}

static void early_error_wait_a_second(struct early_error *self)
{
    h2o_context_t *context = self->req->conn->ctx;

    h2o_timeout_link(context->loop, &context->one_sec_timeout, &self->timer);
}

static void early_error_on_timer(h2o_timeout_entry_t *timer)
{
    struct early_error *self = H2O_STRUCT_FROM_MEMBER(struct early_error, timer, timer);

    if (--self->seconds_left == 0 || self->req->conn->ctx->shutdown_requested)
        early_error_finish(self);
    else
        early_error_wait_a_second(self);
}

/* Closing a socket with unread input resets the connection, and the client may see the reset before the response. So
 * the rest of the body is read and discarded until the client disconnects or LINGER_SECONDS have passed. */
static void early_error_linger(struct early_error *self)
{
    self->socket = self->req->conn->callbacks->get_socket(self->req->conn);
    self->socket_data = self->socket->data;
    self->socket->data = self;
    if (self->socket->ssl == NULL)
        shutdown(h2o_socket_get_fd(self->socket), SHUT_WR);
    early_error_wait_a_second(self);
    h2o_socket_read_start(self->socket, early_error_on_read);
}

static h2o_iovec_t early_error_make_problem(h2o_req_t *req, const h2o_iovec_t *text)
{
    gbx_error error;

    if (req->res.status == 413)
        gbx_error_set(&error, GBX_ERR_LIMIT, NULL, "the body is larger than %zu bytes",
                      req->conn->ctx->globalconf->max_request_entity_size);
    else
        gbx_error_set(&error, GBX_ERR_SYNTAX, NULL, "%.*s", (int)text->len, text->base);
    return gbxi_problem_prepare(req, req->res.status, &error);
}

/* Called with libh2o's complete response, and again without buffers when our response has been written. */
static void early_error_send(h2o_ostream_t *super, h2o_req_t *req, h2o_iovec_t *buffers, size_t count,
                             h2o_send_state_t state)
{
    struct early_error *self = (struct early_error *)super;
    h2o_iovec_t body;

    if (self->answered) {
        early_error_linger(self);
        return;
    }
    self->answered = true;
    if (count == 0) { /* response to a HEAD */
        h2o_ostream_send_next(super, req, NULL, 0, state);
        return;
    }
    body = early_error_make_problem(req, buffers);
    if (req->version < 0x200 && !req->http1_is_persistent)
        state = H2O_SEND_STATE_IN_PROGRESS;
    h2o_ostream_send_next(super, req, &body, 1, state);
}

/* On the fallback path, plain-text responses come only from libh2o itself. */
static bool is_plain_error(const h2o_req_t *req)
{
    static const char plain[] = "text/plain";
    h2o_iovec_t type;

    gbxi_header_find(&req->res.headers, "content-type", &type);
    return req->res.status >= 400 && type.len >= strlen(plain) && memcmp(type.base, plain, strlen(plain)) == 0;
}

static void early_error_on_setup(h2o_filter_t *filter, h2o_req_t *req, h2o_ostream_t **slot)
{
    struct early_error *self;

    (void)filter;
    if (is_plain_error(req)) {
        self = (struct early_error *)h2o_add_ostream(req, sizeof(*self), slot);
        *self = (struct early_error){
            .super = {.next = self->super.next, .do_send = early_error_send, .stop = early_error_stop},
            .req = req,
            .seconds_left = LINGER_SECONDS,
            .timer = {.cb = early_error_on_timer}};
        slot = &self->super.next;
    }
    h2o_setup_next_ostream(req, slot);
}

void gbxi_early_error_register(h2o_pathconf_t *fallback_path)
{
    h2o_create_filter(fallback_path, sizeof(h2o_filter_t))->on_setup_ostream = early_error_on_setup;
}
