/* SPDX-License-Identifier: MIT */
/* Sends JSON and problem documents. */
#define _GNU_SOURCE
#include "http/respond.h"
#include "http/headers.h"
#include "http/problem.h"
#include "http/send.h"

int gbxi_status_of(const gbx_error *error)
{
    if (error->pointer[0] != '\0')
        return gbxi_problem_status(error->code);
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
        return gbxi_problem_status(error->code);
    }
}

static void respond_free_buffer(void *buffer)
{
    gbxi_json_buffer_fini(buffer);
}

void gbxi_respond_head(h2o_req_t *req, size_t content_length)
{
    req->res.status = 200;
    req->res.reason = "OK";
    req->res.content_length = content_length;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("application/json"));
    gbxi_header_forbid_sniffing(req);
}

void gbxi_respond_json(h2o_req_t *req, gbxi_json_buffer *buffer)
{
    gbxi_json_buffer *kept = h2o_mem_alloc_shared(&req->pool, sizeof(*kept), respond_free_buffer);

    *kept = *buffer;
    *buffer = (gbxi_json_buffer){0};
    gbxi_respond_head(req, kept->length);
    gbxi_send_body(req, h2o_iovec_init(kept->bytes, kept->length));
}

void gbxi_respond_error(h2o_req_t *req, const gbx_error *error)
{
    gbxi_problem_send(req, gbxi_status_of(error), error);
}

void gbxi_respond_buffer(h2o_req_t *req, gbxi_json_writer *writer, gbxi_json_buffer *buffer)
{
    gbx_error error;

    error.code = gbxi_json_writer_finish(writer);
    if (error.code == GBX_ERR_OK) {
        gbxi_respond_json(req, buffer);
        return;
    }
    gbxi_json_buffer_fini(buffer);
    gbx_error_set(&error, error.code, NULL, "%s", gbx_err_text(error.code));
    gbxi_respond_error(req, &error);
}

void gbxi_respond_written(h2o_req_t *req, void (*write)(gbxi_json_writer *out))
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, &buffer);
    write(&writer);
    gbxi_respond_buffer(req, &writer, &buffer);
}
