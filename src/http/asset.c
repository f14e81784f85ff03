/* SPDX-License-Identifier: MIT */
/* Sends embedded files. */
#define _GNU_SOURCE
#include "http/asset.h"
#include "http/headers.h"
#include "http/negotiate.h"
#include "http/send.h"
#include "http/unpack.h"
#include <string.h>

bool gbxi_asset_is_known(h2o_req_t *req, const char *etag)
{
    static h2o_generator_t generator;
    h2o_iovec_t known;
    /* A weak tag, because the compressed form of the file has the same tag. */
    h2o_iovec_t quoted = h2o_concat(&req->pool, h2o_iovec_init(H2O_STRLIT("W/\"")), h2o_iovec_init(etag, strlen(etag)),
                                    h2o_iovec_init(H2O_STRLIT("\"")));

    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_ETAG, NULL, quoted.base, quoted.len);
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CACHE_CONTROL, NULL, H2O_STRLIT("no-cache"));
    gbxi_header_find(&req->headers, "if-none-match", &known);
    if (known.base == NULL || !gbxi_etag_is_named(known.base, known.len, etag))
        return false;
    req->res.status = 304;
    req->res.reason = "Not Modified";
    h2o_start_response(req, &generator);
    h2o_send(req, NULL, 0, H2O_SEND_STATE_FINAL);
    return true;
}

void gbxi_asset_answer(h2o_req_t *req, const gbxi_embedded *file)
{
    h2o_iovec_t takes;
    h2o_headers_t *headers = &req->res.headers;

    if (file->gzip != NULL)
        h2o_add_header(&req->pool, headers, H2O_TOKEN_VARY, NULL, H2O_STRLIT("accept-encoding"));
    gbxi_header_forbid_sniffing(req);
    if (gbxi_asset_is_known(req, file->etag))
        return;
    h2o_add_header(&req->pool, headers, H2O_TOKEN_CONTENT_TYPE, NULL, file->type, strlen(file->type));
    req->res.status = 200;
    req->res.reason = "OK";
    req->res.content_length = file->length;
    gbxi_header_find(&req->headers, "accept-encoding", &takes);
    if (file->gzip != NULL && takes.base != NULL && gbxi_takes_gzip(takes.base, takes.len)) {
        req->res.content_length = file->gzip_length;
        h2o_add_header(&req->pool, headers, H2O_TOKEN_CONTENT_ENCODING, NULL, H2O_STRLIT("gzip"));
        gbxi_send_body(req, h2o_iovec_init(file->gzip, file->gzip_length));
    } else if (file->bytes != NULL || gbxi_request_is_head(req)) {
        gbxi_send_body(req, h2o_iovec_init(file->bytes, file->length));
    } else {
        gbxi_unpack_send(req, h2o_iovec_init(file->gzip, file->gzip_length));
    }
}

h2o_iovec_t gbxi_asset_name_in(const char *path, size_t length, const char *folder)
{
    size_t start = strlen(folder);

    if (length <= start || memcmp(path, folder, start) != 0 || memchr(path + start, '/', length - start) != NULL)
        return (h2o_iovec_t){NULL, 0};
    return h2o_iovec_init(path + start, length - start);
}

const gbxi_embedded *gbxi_asset_find(const gbxi_embedded *table, const char *name, size_t length)
{
    for (; table->name != NULL; table++)
        if (strlen(table->name) == length && memcmp(table->name, name, length) == 0)
            return table;
    return NULL;
}
