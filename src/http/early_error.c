/* SPDX-License-Identifier: MIT */
/* The filter behind early errors. */
#define _GNU_SOURCE
#include "http/early_error.h"
#include "http/headers.h"
#include "http/linger.h"
#include "http/problem.h"
#include <stdbool.h>
#include <string.h>

struct early_error {
    h2o_ostream_t super;
    h2o_req_t *req;
    bool answered;
    int status; /* of what the error is really about; 0: what libh2o says */
    gbx_error error;
    gbxi_linger linger;
};

/* What the next early error of this thread is really about; status 0: nobody has said. */
static _Thread_local struct {
    int status;
    gbx_error error;
} early_error_reason;

void gbxi_early_error_explain(int status, const char *text)
{
    early_error_reason.status = status;
    gbx_error_set(&early_error_reason.error, GBX_ERR_SYNTAX, NULL, "%s", text);
}

void gbxi_early_error_forget(void)
{
    early_error_reason.status = 0;
}

int gbxi_early_error_take(gbx_error *error)
{
    int status = early_error_reason.status;

    if (status != 0)
        *error = early_error_reason.error;
    gbxi_early_error_forget();
    return status;
}

static void early_error_stop(h2o_ostream_t *super, h2o_req_t *req)
{
    (void)req;
    gbxi_linger_cancel(&((struct early_error *)super)->linger);
}

/* Returns the connection to libh2o, which closes it. */
static void early_error_on_linger_end(gbxi_linger *linger)
{
    struct early_error *self = H2O_STRUCT_FROM_MEMBER(struct early_error, linger, linger);

    h2o_ostream_send_next(&self->super, self->req, NULL, 0, H2O_SEND_STATE_FINAL);
}

static void early_error_linger(struct early_error *self)
{
    h2o_conn_t *connection = self->req->conn;

    gbxi_linger_begin(&self->linger, connection->ctx, connection->callbacks->get_socket(connection),
                      early_error_on_linger_end);
}

static h2o_iovec_t early_error_make_problem(const struct early_error *self, const h2o_iovec_t *text)
{
    h2o_req_t *req = self->req;
    gbx_error error;

    if (self->status != 0)
        return gbxi_problem_prepare(req, self->status, &self->error);
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
    body = early_error_make_problem(self, buffers);
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
            .super = {.next = self->super.next, .do_send = early_error_send, .stop = early_error_stop}, .req = req};
        if ((self->status = gbxi_early_error_take(&self->error)) != 0)
            req->res.status = self->status;
        slot = &self->super.next;
    }
    h2o_setup_next_ostream(req, slot);
}

void gbxi_early_error_register(h2o_pathconf_t *fallback_path)
{
    h2o_create_filter(fallback_path, sizeof(h2o_filter_t))->on_setup_ostream = early_error_on_setup;
}
