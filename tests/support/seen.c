/* SPDX-License-Identifier: MIT */
/* Owns /seen, /asked, /kept and /got, which tell every byte of the request that the handler sees. */
#define _GNU_SOURCE
#include "tests/support/pieces.h"
#include "tests/support/routes.h"
#include <glassbox/h2o.h>
#include <glassbox/span.h>
#include <stdlib.h>

static void write_view(gbxi_json_writer *w, const char *key, const char *at, size_t length)
{
    gbxi_json_key_n(w, key, strlen(key));
    gbxi_json_string_n(w, at, length);
}

static void write_headers(gbxi_json_writer *w, const h2o_req_t *req)
{
    gbxi_json_key(w, "headers");
    gbxi_json_array_begin(w);
    for (size_t i = 0; i < req->headers.size; i++) {
        const h2o_header_t *each = &req->headers.entries[i];

        gbxi_json_array_begin(w);
        gbxi_json_string_n(w, each->name->base, each->name->len);
        gbxi_json_string_n(w, each->value.base, each->value.len);
        gbxi_json_array_end(w);
    }
    gbxi_json_array_end(w);
}

static void write_body(gbxi_json_writer *w, h2o_req_t *req)
{
    static const char digits[] = "0123456789abcdef";
    char *hex = h2o_mem_alloc_pool(&req->pool, 2 * req->entity.len + 1);

    for (size_t i = 0; i < req->entity.len; i++) {
        hex[2 * i] = digits[(unsigned char)req->entity.base[i] >> 4];
        hex[2 * i + 1] = digits[(unsigned char)req->entity.base[i] & 15];
    }
    write_view(w, "body", req->entity.base != NULL ? hex : NULL, 2 * req->entity.len);
}

static int on_seen(h2o_handler_t *self, h2o_req_t *req)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer w;

    GBX_SPAN_NAMED("seen");
    (void)self;
    gbxi_json_writer_init_buffer(&w, &buffer);
    gbxi_json_object_begin(&w);
    write_view(&w, "method", req->method.base, req->method.len);
    write_view(&w, "path", req->path.base, req->path.len);
    write_view(&w, "path_normalized", req->path_normalized.base, req->path_normalized.len);
    gbxi_json_key(&w, "query_at");
    gbxi_json_int(&w, req->query_at != SIZE_MAX ? (int64_t)req->query_at : -1);
    write_headers(&w, req);
    write_body(&w, req);
    gbxi_json_object_end(&w);
    send_json(req, 200, &w, &buffer);
    return 0;
}

static void register_one(h2o_hostconf_t *host, const char *path, const gbx_h2o_config *config)
{
    h2o_pathconf_t *pathconf = h2o_config_register_path(host, path, 0);

    if (gbx_h2o_register(pathconf, config) != GBX_ERR_OK)
        abort();
    h2o_create_handler(pathconf, sizeof(h2o_handler_t))->on_req = on_seen;
}

void register_seen(h2o_hostconf_t *host)
{
    const gbx_h2o_config asked = {.size = sizeof(asked), .claim = GBX_H2O_CLAIM_ON_REQUEST};
    const gbx_h2o_config kept = {.size = sizeof(kept), .keep_trace_config = true};
    const gbx_h2o_config got = {.size = sizeof(got), .handler_method = "GET"};

    register_one(host, "/seen", NULL);
    register_one(host, "/asked", &asked);
    register_one(host, "/kept", &kept);
    register_one(host, "/got", &got);
}
