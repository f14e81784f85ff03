/* SPDX-License-Identifier: MIT */
/* Sends JSON and problem documents. */
#define _GNU_SOURCE
#include "server/respond.h"
#include "middleware/problem.h"

int gbx__status_of(const gbx_error *error)
{
    if (error->pointer[0] != '\0')
        return gbx_problem_status(error->code);
    switch (error->code) {
    case GBX_ERR_UNKNOWN:
        return 404;
    case GBX_ERR_TYPE:
        return 400;
    case GBX_ERR_ARGUMENT:
    case GBX_ERR_STATE:
    case GBX_ERR_IO:
        return 500;
    default:
        return gbx_problem_status(error->code);
    }
}

static void free_buffer(void *buffer)
{
    gbx_json_buffer_fini(buffer);
}

void gbx__respond_head(h2o_req_t *req, size_t content_length)
{
    req->res.status = 200;
    req->res.reason = "OK";
    req->res.content_length = content_length;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("application/json"));
}

void gbx__respond_json(h2o_req_t *req, gbx_json_buffer *buffer)
{
    static h2o_generator_t generator;
    gbx_json_buffer *kept = h2o_mem_alloc_shared(&req->pool, sizeof(*kept), free_buffer);
    h2o_iovec_t body;
    bool head = h2o_memis(req->input.method.base, req->input.method.len, H2O_STRLIT("HEAD"));

    *kept = *buffer;
    *buffer = (gbx_json_buffer){0};
    body = h2o_iovec_init(kept->bytes, kept->length);
    gbx__respond_head(req, kept->length);
    h2o_start_response(req, &generator);
    h2o_send(req, &body, head ? 0 : 1, H2O_SEND_STATE_FINAL);
}

void gbx__respond_error(h2o_req_t *req, const gbx_error *error)
{
    gbx_problem_send(req, gbx__status_of(error), error);
}

void gbx__respond_buffer(h2o_req_t *req, gbx_json_writer *writer, gbx_json_buffer *buffer)
{
    gbx_error error;

    error.code = gbx_json_writer_finish(writer);
    if (error.code == GBX_ERR_OK) {
        gbx__respond_json(req, buffer);
        return;
    }
    gbx_json_buffer_fini(buffer);
    gbx_error_set(&error, error.code, NULL, "%s", gbx_err_text(error.code));
    gbx__respond_error(req, &error);
}

void gbx__respond_written(h2o_req_t *req, void (*write)(gbx_json_writer *out))
{
    gbx_json_buffer buffer = {0};
    gbx_json_writer writer;

    gbx_json_writer_init_buffer(&writer, &buffer);
    write(&writer);
    gbx__respond_buffer(req, &writer, &buffer);
}
