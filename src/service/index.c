/* SPDX-License-Identifier: MIT */
/* Writes the list of routes. */
#define _GNU_SOURCE
#include "service/index.h"
#include "http/headers.h"
#include "http/negotiate.h"
#include "http/respond.h"
#include "schemas/format.h"
#include "service/service.h"
#include "service/site_handler.h"
#include <glassbox/version.h>

static void index_write_suffixes(gbxi_json_writer *out)
{
    gbxi_json_key(out, "trace_suffixes");
    gbxi_json_array_begin(out);
    for (int format = 0; gbx_format_name((gbx_format)format) != NULL; format++)
        if (gbxi_format_is_routed((gbx_format)format))
            gbxi_json_string_z(out, gbx_format_name((gbx_format)format));
    gbxi_json_array_end(out);
}

static void index_write_endpoint(gbxi_json_writer *out, const gbxi_endpoint *endpoint)
{
    gbxi_json_object_begin(out);
    gbxi_json_key(out, "method");
    gbxi_json_string_z(out, endpoint->method);
    gbxi_json_key(out, "path");
    gbxi_json_string_z(out, endpoint->path);
    gbxi_json_key(out, "summary");
    gbxi_json_string_z(out, endpoint->summary);
    if (endpoint->traced)
        index_write_suffixes(out);
    gbxi_json_object_end(out);
}

static void index_write(gbxi_json_writer *out, const gbxi_router *router)
{
    gbxi_json_object_begin(out);
    gbxi_json_key(out, "service");
    gbxi_json_string_z(out, "glassbox");
    gbxi_json_key(out, "version");
    gbxi_json_string_z(out, GBX_VERSION);
    gbxi_json_key(out, "routes");
    gbxi_json_array_begin(out);
    for (size_t i = 0; i < router->count; i++)
        index_write_endpoint(out, &router->endpoints[i]);
    gbxi_json_array_end(out);
    gbxi_json_object_end(out);
}

void gbxi_index_answer(h2o_req_t *req)
{
    gbxi_json_buffer buffer = {0};
    gbxi_json_writer writer;
    h2o_iovec_t accept;

    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_VARY, NULL, H2O_STRLIT("accept"));
    gbxi_header_find(&req->headers, "accept", &accept);
    if (accept.base == NULL || !gbxi_prefers_json(accept.base, accept.len)) {
        gbxi_site_answer(req);
        return;
    }
    gbxi_json_writer_init_buffer(&writer, &buffer);
    index_write(&writer, gbxi_service_of(req)->router);
    gbxi_respond_buffer(req, &writer, &buffer);
}
