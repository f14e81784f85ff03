/* SPDX-License-Identifier: MIT */
/* Finds and adds headers. */
#define _GNU_SOURCE
#include "http/headers.h"
#include "base/cut.h"
#include "http/field.h"
#include <string.h>

enum { CODING_SHOWN_BYTES = 40 };

bool gbxi_header_is(const h2o_header_t *header, const char *name)
{
    return h2o_lcstris(header->name->base, header->name->len, name, strlen(name));
}

size_t gbxi_header_find(const h2o_headers_t *headers, const char *name, h2o_iovec_t *value)
{
    size_t found = 0;

    *value = h2o_iovec_init(NULL, 0);
    for (size_t i = 0; i < headers->size; i++)
        if (gbxi_header_is(&headers->entries[i], name) && found++ == 0)
            *value = headers->entries[i].value;
    return found;
}

void gbxi_header_add(h2o_req_t *req, const char *name, const char *value)
{
    h2o_add_header_by_str(&req->pool, &req->res.headers, name, strlen(name), 0, NULL, value, strlen(value));
}

void gbxi_header_forbid_sniffing(h2o_req_t *req)
{
    h2o_set_header_by_str(&req->pool, &req->res.headers, H2O_STRLIT("x-content-type-options"), 0, H2O_STRLIT("nosniff"),
                          1);
}

bool gbxi_request_is_head(const h2o_req_t *req)
{
    return h2o_memis(req->input.method.base, req->input.method.len, H2O_STRLIT("HEAD"));
}

gbxi_coding gbxi_request_coding(const h2o_req_t *req)
{
    h2o_iovec_t value;
    size_t count = gbxi_header_find(&req->headers, "content-encoding", &value);
    gbxi_view coding = gbxi_field_trim((gbxi_view){value.base, value.len});

    if (count > 1)
        return GBXI_CODING_OTHER;
    if (coding.length == 0 || gbxi_field_is(coding, "identity"))
        return GBXI_CODING_NONE;
    return gbxi_field_is(coding, "gzip") || gbxi_field_is(coding, "x-gzip") ? GBXI_CODING_GZIP : GBXI_CODING_OTHER;
}

void gbxi_coding_refuse(h2o_req_t *req, gbx_error *error, const char *advice)
{
    h2o_iovec_t value;
    size_t count = gbxi_header_find(&req->headers, "content-encoding", &value);

    gbxi_header_add(req, "accept-encoding", "gzip");
    gbx_error_set(error, GBX_ERR_TYPE, NULL, "the request's Content-Encoding is \"%.*s\"%s; only gzip is read%s",
                  (int)gbxi_cut(value.base, value.len, CODING_SHOWN_BYTES), value.base, count > 1 ? " and others" : "",
                  advice);
}

gbxi_media gbxi_request_media(const h2o_req_t *req)
{
    h2o_iovec_t type;

    gbxi_header_find(&req->headers, "content-type", &type);
    return gbxi_media_of(type.base, type.len);
}
