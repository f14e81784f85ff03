/* SPDX-License-Identifier: MIT */
/* Finds the endpoint of a request. */
#define _GNU_SOURCE
#include "http/router.h"
#include "http/framing.h"
#include "http/headers.h"
#include "http/problem.h"
#include "http/send.h"
#include "json/quote.h"
#include <stdio.h>
#include <string.h>

/* The endpoints of one prefix. They are adjacent in the router's table. */
typedef struct router_handler {
    h2o_handler_t super;
    const gbxi_router *router;
    const gbxi_endpoint *first;
    const gbxi_endpoint *end;
} router_handler;

static const char *endpoint_prefix(const gbxi_endpoint *endpoint)
{
    return endpoint->prefix != NULL ? endpoint->prefix : endpoint->path;
}

bool gbxi_endpoint_has_path(const gbxi_endpoint *endpoint, h2o_iovec_t path)
{
    if (endpoint->has_path != NULL)
        return endpoint->has_path(path.base, path.len);
    return h2o_memis(path.base, path.len, endpoint->path, strlen(endpoint->path));
}

bool gbxi_endpoint_has_method(const gbxi_endpoint *endpoint, h2o_iovec_t method)
{
    if (h2o_memis(method.base, method.len, H2O_STRLIT("HEAD")))
        method = h2o_iovec_init(H2O_STRLIT("GET"));
    return h2o_memis(method.base, method.len, endpoint->method, strlen(endpoint->method));
}

static void router_refuse_path(h2o_req_t *req, const gbxi_router *router)
{
    gbx_error error;
    gbxi_view path = {req->path_normalized.base, req->path_normalized.len};

    gbx_error_set(&error, GBX_ERR_UNKNOWN, NULL, "there is nothing at %s; %s", gbxi_quoted(path).text, router->advice);
    gbxi_problem_send(req, 404, &error);
}

/* Appends a word to the comma-separated list in `text`, which must have room for it. */
static void list_add(char *text, size_t size, const char *word)
{
    size_t used = strlen(text);

    snprintf(text + used, size - used, "%s%s", used != 0 ? ", " : "", word);
}

void gbxi_endpoints_refuse_method(h2o_req_t *req, h2o_iovec_t path, const gbxi_endpoint *first,
                                  const gbxi_endpoint *end)
{
    char allow[128] = "", methods[128] = "";
    size_t count = 0;
    gbx_error error;
    h2o_iovec_t value;

    for (const gbxi_endpoint *each = first; each != end; each++) {
        if (!gbxi_endpoint_has_path(each, path))
            continue;
        count++;
        list_add(methods, sizeof(methods), each->method);
        list_add(allow, sizeof(allow), each->method);
        if (strcmp(each->method, "GET") == 0)
            list_add(allow, sizeof(allow), "HEAD");
    }
    gbx_error_set(&error, GBX_ERR_ARGUMENT, NULL, count == 1 ? "the method here is %s" : "the methods here are %s",
                  methods);
    value = h2o_strdup(&req->pool, allow, SIZE_MAX);
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_ALLOW, NULL, value.base, value.len);
    gbxi_problem_send(req, 405, &error);
}

/* RFC 9110, section 9.3.7: OPTIONS * is about the server and not about a path. */
static bool router_is_about_server(const h2o_req_t *req)
{
    return h2o_memis(req->path.base, req->path.len, H2O_STRLIT("*"));
}

static bool router_has_method(const gbxi_router *router, const char *method)
{
    for (size_t i = 0; i < router->count; i++)
        if (strcmp(router->endpoints[i].method, method) == 0)
            return true;
    return false;
}

/* Names the methods that some path has. */
static void router_answer_for_server(h2o_req_t *req, const gbxi_router *router)
{
    static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
    char allow[128] = "";
    h2o_iovec_t value;

    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        if (router_has_method(router, i == 1 ? "GET" : methods[i]))
            list_add(allow, sizeof(allow), methods[i]);
    list_add(allow, sizeof(allow), "OPTIONS");
    value = h2o_strdup(&req->pool, allow, SIZE_MAX);
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_ALLOW, NULL, value.base, value.len);
    req->res.status = 204;
    req->res.reason = "No Content";
    gbxi_send_body(req, h2o_iovec_init(H2O_STRLIT("")));
}

static int router_on_request(h2o_handler_t *super, h2o_req_t *req)
{
    const router_handler *self = (const router_handler *)super;
    bool has_path = false;

    if (router_is_about_server(req)) {
        router_answer_for_server(req, self->router);
        return 0;
    }
    for (const gbxi_endpoint *each = self->first; each != self->end; each++) {
        if (!gbxi_endpoint_has_path(each, req->path_normalized))
            continue;
        if (gbxi_endpoint_has_method(each, req->method)) {
            each->answer(req);
            return 0;
        }
        has_path = true;
    }
    if (has_path)
        gbxi_endpoints_refuse_method(req, req->path_normalized, self->first, self->end);
    else
        router_refuse_path(req, self->router);
    return 0;
}

/* The end of the endpoints that share the prefix of `first`. */
static const gbxi_endpoint *router_prefix_end(const gbxi_router *router, const gbxi_endpoint *first)
{
    const gbxi_endpoint *each = first;

    while (each != router->endpoints + router->count && strcmp(endpoint_prefix(each), endpoint_prefix(first)) == 0)
        each++;
    return each;
}

gbx_err gbxi_router_register(h2o_hostconf_t *host, const gbxi_router *router, gbxi_router_prepare *prepare,
                             void *context)
{
    const gbxi_endpoint *first = router->endpoints, *end;
    gbx_err err;

    for (; first != router->endpoints + router->count; first = end) {
        h2o_pathconf_t *path = h2o_config_register_path(host, endpoint_prefix(first), 0);
        router_handler *handler;

        end = router_prefix_end(router, first);
        gbxi_framing_register(path);
        if ((err = prepare(path, first, context)) != GBX_ERR_OK)
            return err;
        handler = (router_handler *)h2o_create_handler(path, sizeof(*handler));
        handler->super.on_req = router_on_request;
        handler->router = router;
        handler->first = first;
        handler->end = end;
    }
    return GBX_ERR_OK;
}
