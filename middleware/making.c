/* SPDX-License-Identifier: MIT */
/* Owns the names and the limits of captures of requests. */
#define _GNU_SOURCE
#include "middleware/making.h"
#include "base/cut.h"
#include "middleware/headers.h"

h2o_iovec_t gbxi_path_without_query(const h2o_req_t *req)
{
    return h2o_iovec_init(req->path.base, req->query_at != SIZE_MAX ? req->query_at : req->path.len);
}

/* Copies what fits before `end`, and returns the end of it. */
static char *name_put(char *at, const char *end, const char *text, size_t length)
{
    size_t room = (size_t)(end - at);

    memcpy(at, text, length < room ? length : room);
    return at + (length < room ? length : room);
}

/* Names a capture after the request: its method and its path, cut to `size` - 1 bytes. */
static void name_request(char *name, size_t size, const h2o_req_t *req)
{
    h2o_iovec_t path = gbxi_path_without_query(req);
    char *end = name + size, *at = name_put(name, end, req->method.base, req->method.len);

    at = name_put(at, end, " ", 1);
    at = name_put(at, end, path.base, path.len);
    name[gbxi_cut(name, (size_t)(at - name), size - 1)] = '\0';
}

static void tell_parent(const h2o_req_t *req, gbx_capture_options *options)
{
    gbxi_traceparent parent;

    if (!gbxi_headers_traceparent(req, &parent))
        return;
    memcpy(options->trace_id, parent.trace_id, sizeof(options->trace_id));
    memcpy(options->parent_span_id, parent.parent_span_id, sizeof(options->parent_span_id));
    options->trace_flags = parent.flags;
}

gbx_capture *gbxi_make_capture(const gbxi_mirror *mirror, const h2o_req_t *req, const gbxi_trace_config *config)
{
    gbx_capture_options options = {
        .size = sizeof(options), .clock = mirror->config.clock, .redaction = mirror->config.redaction};
    char name[sizeof(config->name)];

    if (config != NULL) {
        options.max_spans = config->max_spans;
        options.max_depth = config->max_depth;
        options.name = config->name;
    }
    if (config == NULL || config->name[0] == '\0') {
        name_request(name, sizeof(name), req);
        options.name = name;
    }
    tell_parent(req, &options);
    return gbx_capture_new(&options);
}
