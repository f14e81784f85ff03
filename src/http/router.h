/* SPDX-License-Identifier: MIT */
/* A table of routes and its registration with libh2o. Requests are matched by path, then by method. A path that is not
 * in the table gets 404, and a method that is not in the table gets 405.
 *
 * Usage: define a const table of gbxi_endpoint and a gbxi_router that refers to it, then call gbxi_router_register. A
 * path may occur in several rows of one prefix, each with another method. */
#ifndef GBX_HTTP_ROUTER_H
#define GBX_HTTP_ROUTER_H

#include <glassbox/error.h>
#include <h2o.h>
#include <stdbool.h>

/* One method of one path. */
typedef struct gbxi_endpoint {
    const char *method;                                /* GET includes HEAD */
    const char *path;                                  /* as shown to people */
    const char *prefix;                                /* as registered with libh2o; NULL: the path itself */
    bool (*has_path)(const char *path, size_t length); /* NULL: only the path itself, and nothing below it */
    bool traced;                                       /* the middleware is in front of it */
    void (*answer)(h2o_req_t *req);
    const char *summary;
} gbxi_endpoint;

/* Immutable once registered; must outlive the configuration. libh2o uses the first prefix that matches, so longer
 * prefixes come first. The endpoints of one prefix are adjacent. */
typedef struct gbxi_router {
    const gbxi_endpoint *endpoints;
    size_t count;
    const char *advice; /* the text that a 404 appends to "there is nothing at PATH; " */
} gbxi_router;

/* Whether the endpoint answers that path, and that method. */
bool gbxi_endpoint_has_path(const gbxi_endpoint *endpoint, h2o_iovec_t path);
bool gbxi_endpoint_has_method(const gbxi_endpoint *endpoint, h2o_iovec_t method);

/* Answers 405 with all methods that the endpoints have for `path`, in Allow and in the detail. */
void gbxi_endpoints_refuse_method(h2o_req_t *req, h2o_iovec_t path, const gbxi_endpoint *first,
                                  const gbxi_endpoint *end);

/* Registers further handlers in front of the endpoints of a prefix. `first` is the first of these endpoints. */
typedef gbx_err gbxi_router_prepare(h2o_pathconf_t *path, const gbxi_endpoint *first, void *context);

/* Registers every prefix: first the checks (http/framing.h), then the handlers that `prepare` adds, then the table.
 * Errors: those of `prepare`. Thread: while the configuration is built. */
GBX_MUST_USE gbx_err gbxi_router_register(h2o_hostconf_t *host, const gbxi_router *router, gbxi_router_prepare *prepare,
                                          void *context);

#endif
