/* SPDX-License-Identifier: MIT */
/* Checks and decodes bodies. */
#define _GNU_SOURCE
#include "middleware/body.h"
#include "http/headers.h"
#include "http/problem.h"

int gbxi_body_check(const h2o_req_t *req, size_t bytes_max, gbx_error *error)
{
    if (gbxi_request_media(req) != GBXI_MEDIA_JSON) {
        gbx_error_set(error, GBX_ERR_TYPE, NULL, "the request's content type is not JSON");
        return 415;
    }
    if (req->entity.len > bytes_max) {
        gbx_error_set(error, GBX_ERR_LIMIT, NULL, "the request's body has %zu bytes; at most %zu are allowed",
                      req->entity.len, bytes_max);
        return 413;
    }
    return 0;
}

int gbxi_body_decode(const char *text, size_t length, gbx_format format, gbxi_trace_config *config, gbx_error *error)
{
    gbxi_json_document *document = NULL;
    gbx_err err = gbxi_json_parse(length > 0 ? text : "", length, &document, error);
    int status = 0;

    if (err != GBX_ERR_OK) {
        status = gbxi_problem_status(err);
        goto Exit;
    }
    if (gbxi_json_typeof(gbxi_json_root(document)) != GBXI_JSON_OBJECT) {
        gbx_error_set(error, GBX_ERR_TYPE, NULL, "the request's body is not a JSON object");
        status = 400;
        goto Exit;
    }
    err = gbxi_trace_config_decode(gbxi_json_root(document), format, config, error);
    if (err != GBX_ERR_OK)
        status = gbxi_problem_status(err);
Exit:
    gbxi_json_free(document);
    return status;
}
