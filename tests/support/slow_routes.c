/* SPDX-License-Identifier: MIT */
/* Owns the test server's handlers that answer in small pieces, when told to, abort, or never end. */
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

/* A request that waits for /release. */
typedef struct held {
    h2o_linklist_t link;
    h2o_req_t *req;
    void (*go_on)(h2o_req_t *req);
} held;

/* Those of this loop. */
static _Thread_local h2o_linklist_t held_requests;

static void forget_held(void *memory)
{
    held *self = memory;

    if (h2o_linklist_is_linked(&self->link))
        h2o_linklist_unlink(&self->link);
}

static void hold(h2o_req_t *req, void (*go_on)(h2o_req_t *req))
{
    held *self = h2o_mem_alloc_shared(&req->pool, sizeof(*self), forget_held);

    if (held_requests.next == NULL)
        h2o_linklist_init_anchor(&held_requests);
    *self = (held){.req = req, .go_on = go_on};
    h2o_linklist_insert(&held_requests, &self->link);
}

static void answer_held(h2o_req_t *req)
{
    set_response(req, (int)query_number(req, "status", 200), "application/json");
    send_body(req, h2o_iovec_init(H2O_STRLIT("\"held\"")));
}

int on_held(h2o_handler_t *handler, h2o_req_t *req)
{
    GBX_SPAN_NAMED("held");
    (void)handler;
    hold(req, answer_held);
    return 0;
}

static void release_first(void)
{
    held *first = H2O_STRUCT_FROM_MEMBER(held, link, held_requests.next);

    h2o_linklist_unlink(&first->link);
    first->go_on(first->req);
}

int on_release(h2o_handler_t *handler, h2o_req_t *req)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer w;
    size_t count = 0;

    (void)handler;
    for (; held_requests.next != NULL && !h2o_linklist_is_empty(&held_requests); count++)
        release_first();
    gbxi_json_writer_init_buffer(&w, &buffer);
    gbxi_json_uint(&w, count);
    send_json(req, 200, &w, &buffer);
    return 0;
}

static void abort_now(h2o_req_t *req)
{
    h2o_send(req, NULL, 0, H2O_SEND_STATE_ERROR);
}

static void break_off(h2o_generator_t *super, h2o_req_t *req)
{
    (void)super;
    if (query_has(req, "held"))
        hold(req, abort_now);
    else
        abort_now(req);
}

int on_abort(h2o_handler_t *handler, h2o_req_t *req)
{
    static h2o_generator_t generator = {break_off, NULL};
    h2o_iovec_t half = {H2O_STRLIT("{\"half\":")};

    GBX_SPAN_NAMED("abort");
    (void)handler;
    set_response(req, (int)query_number(req, "status", 200), "application/json");
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
