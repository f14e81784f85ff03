/* SPDX-License-Identifier: MIT */
/* Reads the config of a request from its header. */
#define _GNU_SOURCE
#include "middleware/optin.h"
#include "http/field.h"
#include "http/headers.h"
#include "http/problem.h"
#include "middleware/headers.h"

enum { VALUE_BYTES_MAX = 4096 };

static const char optin_name[] = "glassbox-trace-config";

bool gbxi_optin_has_header(const h2o_req_t *req)
{
    h2o_iovec_t value;

    return gbxi_header_find(&req->headers, optin_name, &value) != 0;
}

/* What is wrong is in the header, and nothing in the body. */
static void optin_name_header(gbx_error *error)
{
    gbx_error inner = *error;

    gbx_error_set(error, inner.code, inner.pointer, "the header " GBXI_OPTIN_HEADER ": %s", inner.text);
}

static int optin_decode_text(gbxi_view text, gbx_format format, gbxi_trace_config *config, gbx_error *error)
{
    gbxi_json_document *document = NULL;
    gbx_err err = gbxi_json_parse(text.at, text.length, &document, error);
    int status = 0;

    if (err == GBX_ERR_OK && gbxi_json_typeof(gbxi_json_root(document)) != GBXI_JSON_OBJECT) {
        gbx_error_set(error, GBX_ERR_TYPE, NULL, "its value is not a JSON object");
        status = 400;
    } else {
        if (err == GBX_ERR_OK)
            err = gbxi_trace_config_decode_alone(gbxi_json_root(document), format, config, error);
        status = err != GBX_ERR_OK ? gbxi_problem_status(err) : 0;
    }
    gbxi_json_free(document);
    if (status != 0)
        optin_name_header(error);
    return status;
}

int gbxi_optin_decode(const h2o_req_t *req, gbx_format format, gbxi_trace_config *config, gbx_error *error)
{
    h2o_iovec_t value;
    size_t count = gbxi_header_find(&req->headers, optin_name, &value);
    gbxi_view text = gbxi_field_trim((gbxi_view){value.base, value.len});

    if (count > 1) {
        gbx_error_set(error, GBX_ERR_CONFLICT, NULL, "the header " GBXI_OPTIN_HEADER " is given more than once");
        return 422;
    }
    if (text.length > VALUE_BYTES_MAX) {
        gbx_error_set(error, GBX_ERR_LIMIT, NULL,
                      "the header " GBXI_OPTIN_HEADER " has %zu bytes; at most %d are allowed", text.length,
                      VALUE_BYTES_MAX);
        return 422;
    }
    return optin_decode_text(text.length != 0 ? text : gbxi_view_of(""), format, config, error);
}

void gbxi_optin_hide_header(h2o_req_t *req)
{
    static const char *const names[] = {optin_name, NULL};

    gbxi_headers_drop(&req->headers, names);
}
