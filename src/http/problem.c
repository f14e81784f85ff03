/* SPDX-License-Identifier: MIT */
/* Owns the form of error responses and the titles of their statuses. */
#define _GNU_SOURCE
#include "http/problem.h"
#include "http/headers.h"
#include "http/send.h"
#include "json/writer.h"
#include <inttypes.h>
#include <stdio.h>

typedef struct title {
    int status;
    const char *text;
} title;

/* The reason phrases of RFC 9110, section 15, and RFC 6585; problems of type about:blank use them as titles. */
static const title titles[] = {
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {431, "Request Header Fields Too Large"},
};

const char *gbxi_problem_title(int status)
{
    for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
        if (titles[i].status == status)
            return titles[i].text;
    return "Error";
}

int gbxi_problem_status(gbx_err err)
{
    switch (err) {
    case GBX_ERR_SYNTAX:
    case GBX_ERR_LIMIT:
        return 400;
    case GBX_ERR_NO_MEMORY:
        return 503;
    default:
        return 422;
    }
}

size_t gbxi_problem_write(char *body, int status, const gbx_error *error)
{
    gbxi_json_writer w;

    gbxi_json_writer_init_room(&w, body, GBXI_PROBLEM_BYTES);
    gbxi_json_object_begin(&w);
    gbxi_json_key(&w, "type");
    gbxi_json_string_z(&w, "about:blank");
    gbxi_json_key(&w, "title");
    gbxi_json_string_z(&w, gbxi_problem_title(status));
    gbxi_json_key(&w, "status");
    gbxi_json_int(&w, status);
    gbxi_json_key(&w, "detail");
    gbxi_json_string_z(&w, error != NULL && error->text[0] != '\0' ? error->text : gbxi_problem_title(status));
    if (error != NULL && error->pointer[0] != '\0') {
        gbxi_json_key(&w, "pointer");
        gbxi_json_string_z(&w, error->pointer);
    }
    gbxi_json_object_end(&w);
    assert(w.error == GBX_ERR_OK);
    return (size_t)(w.at - body);
}

h2o_iovec_t gbxi_problem_prepare(h2o_req_t *req, int status, const gbx_error *error)
{
    h2o_iovec_t body;

    body.base = h2o_mem_alloc_pool(&req->pool, GBXI_PROBLEM_BYTES);
    body.len = gbxi_problem_write(body.base, status, error);
    req->res.status = status;
    req->res.reason = gbxi_problem_title(status);
    req->res.content_length = body.len;
    h2o_set_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, H2O_STRLIT("application/problem+json"), 1);
    gbxi_header_forbid_sniffing(req);
    return body;
}

void gbxi_problem_retry_after(h2o_req_t *req, uint32_t seconds)
{
    char text[sizeof("4294967295")];
    int length = snprintf(text, sizeof(text), "%" PRIu32, seconds);
    h2o_iovec_t value = h2o_strdup(&req->pool, text, (size_t)length);

    h2o_add_header_by_str(&req->pool, &req->res.headers, H2O_STRLIT("retry-after"), 0, "Retry-After", value.base,
                          value.len);
}

void gbxi_problem_send(h2o_req_t *req, int status, const gbx_error *error)
{
    gbxi_send_body(req, gbxi_problem_prepare(req, status, error));
}
