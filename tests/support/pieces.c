/* SPDX-License-Identifier: MIT */
/* Owns the parsing of queries and the sending of responses in the test server. */
#define _GNU_SOURCE
#include "tests/support/pieces.h"
#include <glassbox/span.h>
#include <string.h>

typedef struct piecewise {
    h2o_generator_t super;
    h2o_iovec_t left;
    size_t piece;
} piecewise;

/* Finds the value of `name` in the query; NULL if there is none. */
static const char *find_parameter(const h2o_req_t *req, const char *name, const char **end)
{
    size_t length = strlen(name);
    const char *at;

    *end = req->path.base + req->path.len;
    if (req->query_at == SIZE_MAX)
        return NULL;
    for (at = req->path.base + req->query_at; at != NULL && at < *end; at = memchr(at, '&', (size_t)(*end - at))) {
        at++;
        if ((size_t)(*end - at) >= length && memcmp(at, name, length) == 0 &&
            (at + length == *end || at[length] == '=' || at[length] == '&'))
            return at + length;
    }
    return NULL;
}

size_t query_number(const h2o_req_t *req, const char *name, size_t fallback)
{
    const char *end;
    const char *at = find_parameter(req, name, &end);
    size_t number = 0;

    if (at == NULL || at == end || *at != '=')
        return fallback;
    for (at++; at < end && *at >= '0' && *at <= '9'; at++)
        number = number * 10 + (size_t)(*at - '0');
    return number;
}

bool query_has(const h2o_req_t *req, const char *name)
{
    const char *end;

    return find_parameter(req, name, &end) != NULL;
}

void set_response(h2o_req_t *req, int status, const char *content_type)
{
    req->res.status = status;
    req->res.reason = "Test";
    if (content_type != NULL)
        h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, content_type, strlen(content_type));
}

void send_body(h2o_req_t *req, h2o_iovec_t body)
{
    static h2o_generator_t generator = {NULL, NULL};

    req->res.content_length = body.len;
    h2o_start_response(req, &generator);
    h2o_send(req, &body, body.len > 0, H2O_SEND_STATE_FINAL);
}

static void send_next(h2o_generator_t *super, h2o_req_t *req)
{
    piecewise *self = (piecewise *)super;
    h2o_iovec_t piece = self->left;

    GBX_SPAN();
    if (piece.len > self->piece)
        piece.len = self->piece;
    self->left.base += piece.len;
    self->left.len -= piece.len;
    gbx_note_int("bytes", (int64_t)piece.len);
    h2o_send(req, &piece, 1, self->left.len > 0 ? H2O_SEND_STATE_IN_PROGRESS : H2O_SEND_STATE_FINAL);
}

void send_pieces(h2o_req_t *req, h2o_iovec_t body, size_t piece)
{
    piecewise *self = h2o_mem_alloc_pool(&req->pool, sizeof(*self));

    *self = (piecewise){.super = {send_next, NULL}, .left = body, .piece = piece > 0 ? piece : 1};
    h2o_start_response(req, &self->super);
    send_next(&self->super, req);
}

void send_json(h2o_req_t *req, int status, gbxi_json_writer *writer, gbxi_json_buffer *buffer)
{
    h2o_iovec_t body;

    if (gbxi_json_writer_finish(writer) != GBX_ERR_OK)
        abort();
    body = h2o_strdup(&req->pool, buffer->bytes, buffer->length);
    gbxi_json_buffer_fini(buffer);
    set_response(req, status, "application/json");
    send_body(req, body);
}
