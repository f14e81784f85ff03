/* SPDX-License-Identifier: MIT */
/* Checks and decodes bodies. */
#define _GNU_SOURCE
#include "middleware/body.h"
#include "base/account.h"
#include "base/cut.h"
#include "http/gzip.h"
#include "http/headers.h"
#include "http/problem.h"
#include "middleware/optin.h"

enum { TYPE_SHOWN_BYTES = 80 };

#define IN_HEADER "the trace_config can be sent in the header " GBXI_OPTIN_HEADER

/* Methods of which a request without a body is one whose body is missing, if it says that it is JSON. */
static bool body_is_expected(const h2o_req_t *req)
{
    static const char *const methods[] = {"POST", "PUT", "PATCH", NULL};

    return gbxi_view_is_among((gbxi_view){req->method.base, req->method.len}, methods);
}

static gbxi_body_kind body_kind_of_json(const h2o_req_t *req)
{
    static const gbxi_body_kind kinds[] = {[GBXI_CODING_NONE] = GBXI_BODY_JSON,
                                           [GBXI_CODING_GZIP] = GBXI_BODY_GZIP,
                                           [GBXI_CODING_OTHER] = GBXI_BODY_CODED};

    return kinds[gbxi_request_coding(req)];
}

gbxi_body gbxi_body_init(const h2o_req_t *req)
{
    bool is_json = gbxi_request_media(req) == GBXI_MEDIA_JSON;
    gbxi_body body = {.kind = is_json ? body_kind_of_json(req) : GBXI_BODY_OTHER};

    if (req->entity.len == 0 && !(body.kind == GBXI_BODY_JSON && body_is_expected(req)))
        body.kind = GBXI_BODY_EMPTY;
    return body;
}

bool gbxi_body_may_carry(const gbxi_body *body, const h2o_req_t *req)
{
    if (body->kind == GBXI_BODY_JSON)
        return req->entity.len <= body->bytes_max && gbxi_member_may_be(req->entity.base, req->entity.len);
    return body->kind == GBXI_BODY_GZIP && req->entity.len <= body->bytes_max;
}

static int body_refuse_type(const h2o_req_t *req, gbx_error *error)
{
    h2o_iovec_t type;

    if (gbxi_header_find(&req->headers, "content-type", &type) == 0)
        gbx_error_set(error, GBX_ERR_TYPE, NULL, "the request has a body without a content type; " IN_HEADER);
    else
        gbx_error_set(error, GBX_ERR_TYPE, NULL,
                      "the request's content type is not JSON in UTF-8 but \"%.*s\"; " IN_HEADER,
                      (int)gbxi_cut(type.base, type.len, TYPE_SHOWN_BYTES), type.base);
    return 415;
}

int gbxi_body_check(const gbxi_body *body, h2o_req_t *req, gbx_error *error)
{
    if (!body->has_header && body->kind == GBXI_BODY_OTHER)
        return body_refuse_type(req, error);
    if (!body->has_header && body->kind == GBXI_BODY_CODED) {
        gbxi_coding_refuse(req, error, "; " IN_HEADER);
        return 415;
    }
    if (req->entity.len > body->bytes_max) {
        gbx_error_set(error, GBX_ERR_LIMIT, NULL, "the request's body has %zu bytes; at most %zu are allowed",
                      req->entity.len, body->bytes_max);
        return 413;
    }
    return 0;
}

/* The config is in the header, so what the body is does not matter, as long as it has none as well. */
static int body_decode_beside_header(gbxi_body *body, gbxi_json_value root, gbx_err err, gbx_error *error)
{
    if (err == GBX_ERR_NO_MEMORY)
        return 503;
    body->carries = err == GBX_ERR_OK && gbxi_json_member(root, GBXI_TRACE_CONFIG_KEY).tape != NULL;
    if (!body->carries)
        return 0;
    gbx_error_set(error, GBX_ERR_CONFLICT, "/" GBXI_TRACE_CONFIG_KEY,
                  "trace_config is given twice, in the body and in the header " GBXI_OPTIN_HEADER);
    return 422;
}

static int body_decode_root(gbxi_body *body, gbxi_json_value root, gbx_err err, gbxi_trace_config *config,
                            gbx_error *error)
{
    if (err == GBX_ERR_OK && gbxi_json_typeof(root) != GBXI_JSON_OBJECT) {
        gbx_error_set(error, GBX_ERR_TYPE, NULL, "the request's body is not a JSON object; " IN_HEADER);
        return 400;
    }
    if (err == GBX_ERR_OK) {
        body->carries = gbxi_json_member(root, GBXI_TRACE_CONFIG_KEY).tape != NULL;
        err = gbxi_trace_config_decode(root, body->format, config, error);
    }
    return err != GBX_ERR_OK ? gbxi_problem_status(err) : 0;
}

/* Reads a body that is not packed. */
static int body_decode_text(gbxi_body *body, gbxi_view text, gbxi_trace_config *config, gbx_error *error)
{
    gbxi_json_document *document = NULL;
    gbxi_json_value root = {0};
    gbx_err err;
    int status;

    if (body->has_header && !gbxi_member_may_be(text.at, text.length))
        return 0;
    err = gbxi_json_parse(text.length > 0 ? text.at : "", text.length, &document, error);
    if (err == GBX_ERR_OK)
        root = gbxi_json_root(document);
    status = body->has_header ? body_decode_beside_header(body, root, err, error)
                              : body_decode_root(body, root, err, config, error);
    gbxi_json_free(document);
    if (status == 0 && body->carries && !body->keep)
        body->cut = gbxi_member_find(text.at, text.length);
    return status;
}

/* Packs the text again, without the member. */
static int body_pack_rest(gbxi_body *body, char *text, size_t length, gbx_error *error)
{
    gbxi_member cut = body->cut;

    body->cut = (gbxi_member){0};
    memmove(text + cut.at, text + cut.at + cut.length, length - cut.at - cut.length);
    return gbxi_gzip_pack((gbxi_view){text, length - cut.length}, &body->packed, &body->packed_length, error) ==
                   GBX_ERR_OK
               ? 0
               : 503;
}

static int body_decode_packed(gbxi_body *body, gbxi_view packed, gbxi_trace_config *config, gbx_error *error)
{
    char *text = NULL;
    size_t length = 0;
    gbx_err err = gbxi_gzip_unpack(packed, body->bytes_max, &text, &length, error);
    int status;

    body->too_long = err == GBX_ERR_LIMIT;
    if (err != GBX_ERR_OK && body->has_header && err != GBX_ERR_NO_MEMORY)
        return 0;
    if (err != GBX_ERR_OK)
        return err == GBX_ERR_LIMIT ? 413 : gbxi_problem_status(err);
    status = body_decode_text(body, (gbxi_view){text, length}, config, error);
    if (status == 0 && body->cut.length != 0)
        status = body_pack_rest(body, text, length, error);
    gbxi_account_free(text);
    return status;
}

int gbxi_body_decode(gbxi_body *body, const char *text, size_t length, gbxi_trace_config *config, gbx_error *error)
{
    gbxi_view view = {text, length};

    if (!body->has_header)
        gbxi_trace_config_init(config, body->format);
    if (body->kind == GBXI_BODY_JSON)
        return body_decode_text(body, view, config, error);
    return body->kind == GBXI_BODY_GZIP ? body_decode_packed(body, view, config, error) : 0;
}

void gbxi_body_fini(gbxi_body *body)
{
    free(body->packed);
    body->packed = NULL;
}
