/* SPDX-License-Identifier: MIT */
/* Owns the test server's handlers that answer in small pieces, abort, or never end. */
#define _GNU_SOURCE
#include "tests/support/pieces.h"
#include "tests/support/routes.h"
#include <glassbox/span.h>
#include <string.h>

typedef struct stream {
    h2o_generator_t super;
    size_t sent;
    size_t count;
    char text[64];
} stream;

/* Sends [0,1,2,... with one number per chunk. */
static void send_number(h2o_generator_t *super, h2o_req_t *req)
{
    stream *self = (stream *)super;
    bool last = self->sent + 1 >= self->count;
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer w;
    h2o_iovec_t chunk;

    GBX_SPAN_NAMED("stream.chunk");
    gbxi_json_writer_init_buffer(&w, &buffer);
    gbxi_json_uint(&w, self->sent);
    if (gbxi_json_writer_finish(&w) != GBX_ERR_OK)
        abort();
    self->text[0] = self->sent == 0 ? '[' : ',';
    memcpy(self->text + 1, buffer.bytes, buffer.length);
    self->text[1 + buffer.length] = ']';
    chunk = h2o_iovec_init(self->text, 1 + buffer.length + last);
    gbxi_json_buffer_fini(&buffer);
    self->sent++;
    h2o_send(req, &chunk, 1, last ? H2O_SEND_STATE_FINAL : H2O_SEND_STATE_IN_PROGRESS);
}

int on_stream(h2o_handler_t *handler, h2o_req_t *req)
{
    stream *self = h2o_mem_alloc_pool(&req->pool, sizeof(*self));

    GBX_SPAN_NAMED("stream");
    (void)handler;
    *self = (stream){.super = {send_number, NULL}, .count = query_number(req, "chunks", 10)};
    set_response(req, 200, "application/json");
    h2o_start_response(req, &self->super);
    send_number(&self->super, req);
    return 0;
}

static void break_off(h2o_generator_t *super, h2o_req_t *req)
{
    (void)super;
    h2o_send(req, NULL, 0, H2O_SEND_STATE_ERROR);
}

int on_abort(h2o_handler_t *handler, h2o_req_t *req)
{
    static h2o_generator_t generator = {break_off, NULL};
    h2o_iovec_t half = {H2O_STRLIT("{\"half\":")};

    GBX_SPAN_NAMED("abort");
    (void)handler;
    set_response(req, 200, "application/json");
    h2o_start_response(req, &generator);
    if (query_has(req, "at_once"))
        break_off(&generator, req);
    else
        h2o_send(req, &half, 1, H2O_SEND_STATE_IN_PROGRESS);
    return 0;
}

typedef struct endless {
    h2o_generator_t super;
    h2o_timeout_entry_t timer;
    h2o_req_t *req;
} endless;

static void stop_endless(h2o_generator_t *super, h2o_req_t *req)
{
    endless *self = (endless *)super;

    (void)req;
    h2o_timeout_unlink(&self->timer);
}

static void send_blank(h2o_timeout_entry_t *timer)
{
    endless *self = H2O_STRUCT_FROM_MEMBER(endless, timer, timer);
    h2o_iovec_t blank = {H2O_STRLIT(" ")};

    h2o_send(self->req, &blank, 1, H2O_SEND_STATE_IN_PROGRESS);
}

/* Sends a little from time to time, because over HTTP/1 libh2o notices only when writing that the client has left. */
static void wait_a_little(h2o_generator_t *super, h2o_req_t *req)
{
    endless *self = (endless *)super;

    h2o_timeout_link(req->conn->ctx->loop, &req->conn->ctx->hundred_ms_timeout, &self->timer);
}

int on_never(h2o_handler_t *handler, h2o_req_t *req)
{
    endless *self = h2o_mem_alloc_pool(&req->pool, sizeof(*self));
    h2o_iovec_t start = {H2O_STRLIT("{\"never\":")};

    GBX_SPAN_NAMED("never");
    (void)handler;
    *self = (endless){.super = {wait_a_little, stop_endless}, .timer.cb = send_blank, .req = req};
    set_response(req, 200, "application/json");
    h2o_start_response(req, &self->super);
    h2o_send(req, &start, 1, H2O_SEND_STATE_IN_PROGRESS);
    return 0;
}
