/* SPDX-License-Identifier: MIT */
/* The table of routes, the checks they share, and the index. */
#define _GNU_SOURCE
#include "server/routes.h"
#include "http/early_error.h"
#include "http/framing.h"
#include "http/negotiate.h"
#include "http/problem.h"
#include "http/respond.h"
#include "service/contract_handler.h"
#include "service/graph_handler.h"
#include "service/graph_route.h"
#include "service/health.h"
#include "service/site_handler.h"
#include <glassbox/format.h>
#include <glassbox/h2o.h>
#include <glassbox/version.h>

struct endpoint {
    const char *method;                                /* GET stands for HEAD too */
    const char *path;                                  /* as people write it */
    const char *prefix;                                /* as libh2o is told; NULL: the path itself */
    bool (*has_path)(const char *path, size_t length); /* NULL: the path itself and nothing below it */
    bool traced;                                       /* the middleware stands in front */
    void (*answer)(h2o_req_t *req);
    const char *summary;
};

static void answer_root(h2o_req_t *req);

/* libh2o takes the first prefix that matches, so the longer ones come first; endpoints of one prefix stand together. */
static const struct endpoint endpoints[] = {
    {"GET", "/healthz", NULL, NULL, false, gbxi_health_answer, "Whether the server is well, and the captures it holds"},
    {"GET", "/graph/engines", NULL, NULL, false, gbxi_graph_engines_answer, "The output engines"},
    {"GET", "/graph/transformations", NULL, NULL, false, gbxi_graph_transformations_answer, "The transformations"},
    {"POST", GBXI_GRAPH_ROUTE_TEMPLATE, "/graph", gbxi_graph_has_path, true, gbxi_graph_answer,
     "Turns graph_data into a graph, transforms it and renders it for the engine"},
    {"GET", "/openapi.json", NULL, NULL, false, gbxi_openapi_answer, "These routes as an OpenAPI document"},
    {"GET", "/schemas/{name}", "/schemas/", gbxi_schema_has_path, false, gbxi_schema_answer, "One JSON Schema"},
    {"GET", "/schemas", NULL, NULL, false, gbxi_schema_list_answer, "The JSON Schemas of all documents"},
    {"GET", "/docs/{file}", "/docs/", gbxi_site_has_file, false, gbxi_site_answer, "What the API page loads"},
    {"GET", "/docs", NULL, NULL, false, gbxi_site_answer, "The API as a page to read and to try"},
    {"GET", "/speedscope/{file}", "/speedscope/", gbxi_site_has_file, false, gbxi_site_answer, "What speedscope loads"},
    {"GET", "/speedscope/", NULL, NULL, false, gbxi_site_answer, "speedscope, which shows traces"},
    {"GET", "/speedscope", NULL, NULL, false, gbxi_site_answer, "Leads to speedscope"},
    {"GET", "/ui/{file}", "/ui/", gbxi_site_has_file, false, gbxi_site_answer, "What the page loads"},
    {"GET", "/", NULL, NULL, false, answer_root, "The page to try the service on; this list for who prefers JSON"},
};
enum { ENDPOINT_COUNT = sizeof(endpoints) / sizeof(endpoints[0]) };

struct endpoint_handler {
    h2o_handler_t super;
    const struct endpoint *endpoint;
};

static void write_suffixes(gbxi_json_writer *out)
{
    gbxi_json_array_begin(out);
    for (int format = 0; gbx_format_name((gbx_format)format) != NULL; ++format)
        gbxi_json_string_z(out, gbx_format_name((gbx_format)format));
    gbxi_json_array_end(out);
}

static void write_index(gbxi_json_writer *out)
{
    gbxi_json_object_begin(out);
    gbxi_json_key(out, "service");
    gbxi_json_string_z(out, "glassbox");
    gbxi_json_key(out, "version");
    gbxi_json_string_z(out, GBX_VERSION);
    gbxi_json_key(out, "routes");
    gbxi_json_array_begin(out);
    for (int i = 0; i != ENDPOINT_COUNT; ++i) {
        gbxi_json_object_begin(out);
        gbxi_json_key(out, "method");
        gbxi_json_string_z(out, endpoints[i].method);
        gbxi_json_key(out, "path");
        gbxi_json_string_z(out, endpoints[i].path);
        gbxi_json_key(out, "summary");
        gbxi_json_string_z(out, endpoints[i].summary);
        if (endpoints[i].traced) {
            gbxi_json_key(out, "trace_suffixes");
            write_suffixes(out);
        }
        gbxi_json_object_end(out);
    }
    gbxi_json_array_end(out);
    gbxi_json_object_end(out);
}

static void answer_root(h2o_req_t *req)
{
    ssize_t index = h2o_find_header(&req->headers, H2O_TOKEN_ACCEPT, -1);
    const h2o_iovec_t *accept = index != -1 ? &req->headers.entries[index].value : NULL;

    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_VARY, NULL, H2O_STRLIT("accept"));
    if (accept != NULL && gbxi_prefers_json(accept->base, accept->len))
        gbxi_respond_written(req, write_index);
    else
        gbxi_site_answer(req);
}

static const char *prefix_of(const struct endpoint *endpoint)
{
    return endpoint->prefix != NULL ? endpoint->prefix : endpoint->path;
}

static bool shares_prefix(const struct endpoint *endpoint, const struct endpoint *other)
{
    return strcmp(prefix_of(endpoint), prefix_of(other)) == 0;
}

static bool has_path(const struct endpoint *endpoint, h2o_iovec_t path)
{
    if (endpoint->has_path != NULL)
        return endpoint->has_path(path.base, path.len);
    return h2o_memis(path.base, path.len, endpoint->path, strlen(endpoint->path));
}

static bool has_method(const struct endpoint *endpoint, h2o_iovec_t method)
{
    if (h2o_memis(method.base, method.len, H2O_STRLIT("HEAD")))
        method = h2o_iovec_init(H2O_STRLIT("GET"));
    return h2o_memis(method.base, method.len, endpoint->method, strlen(endpoint->method));
}

static void refuse_path(h2o_req_t *req)
{
    gbx_error error;
    int shown = req->path_normalized.len < 128 ? (int)req->path_normalized.len : 128;

    gbx_error_set(&error, GBX_ERR_UNKNOWN, NULL, "there is nothing at %.*s; graph requests go to %s, GET / lists all",
                  shown, req->path_normalized.base, GBXI_GRAPH_ROUTE_TEMPLATE);
    gbxi_problem_send(req, 404, &error);
}

static void refuse_method(h2o_req_t *req, const struct endpoint *endpoint)
{
    bool get = strcmp(endpoint->method, "GET") == 0;
    h2o_iovec_t allow = get ? h2o_iovec_init(H2O_STRLIT("GET, HEAD")) : h2o_iovec_init(H2O_STRLIT("POST"));
    gbx_error error;

    gbx_error_set(&error, GBX_ERR_ARGUMENT, NULL, "the method here is %s", endpoint->method);
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_ALLOW, NULL, allow.base, allow.len);
    gbxi_problem_send(req, 405, &error);
}

/* The one of `first` and the endpoints that share its prefix that has the path, or NULL. */
static const struct endpoint *find(const struct endpoint *first, h2o_iovec_t path)
{
    const struct endpoint *each = first;

    for (; each != endpoints + ENDPOINT_COUNT && shares_prefix(each, first); ++each)
        if (has_path(each, path))
            return each;
    return NULL;
}

static int on_req(h2o_handler_t *super, h2o_req_t *req)
{
    const struct endpoint *endpoint = find(((struct endpoint_handler *)super)->endpoint, req->path_normalized);

    if (endpoint == NULL)
        refuse_path(req);
    else if (!has_method(endpoint, req->method))
        refuse_method(req, endpoint);
    else
        endpoint->answer(req);
    return 0;
}

static gbx_err register_endpoint(h2o_hostconf_t *host, const struct endpoint *endpoint, const gbx_h2o_config *traced)
{
    h2o_pathconf_t *path = h2o_config_register_path(host, prefix_of(endpoint), 0);
    struct endpoint_handler *handler;
    gbx_err result;

    gbxi_framing_register(path);
    if (endpoint->traced && (result = gbx_h2o_register(path, traced)) != GBX_ERR_OK)
        return result;
    handler = (struct endpoint_handler *)h2o_create_handler(path, sizeof(*handler));
    handler->super.on_req = on_req;
    handler->endpoint = endpoint;
    return GBX_ERR_OK;
}

gbx_err gbxi_routes_register(h2o_hostconf_t *host, const gbx_h2o_config *traced)
{
    gbx_h2o_config config = *traced;
    gbx_err result = GBX_ERR_OK;

    config.output_key = "graph_output";
    for (int i = 0; i != ENDPOINT_COUNT && result == GBX_ERR_OK; ++i)
        if (i == 0 || !shares_prefix(&endpoints[i], &endpoints[i - 1]))
            result = register_endpoint(host, &endpoints[i], &config);
    gbxi_early_error_register(&host->fallback_path);
    return result;
}
