/* SPDX-License-Identifier: MIT */
/* A table of routes, and how libh2o comes to it: path first, then method; 404 and 405 for what the table has not.
 *
 * Usage: a const table of gbxi_endpoint, a gbxi_router around it, gbxi_router_register. A path may stand in several
 * rows of one prefix, each with another method. */
#ifndef GBX_HTTP_ROUTER_H
#define GBX_HTTP_ROUTER_H

#include <glassbox/error.h>
#include <h2o.h>
#include <stdbool.h>

/* One method of one path. */
typedef struct gbxi_endpoint {
    const char *method;                                /* GET stands for HEAD too */
    const char *path;                                  /* as people write it */
    const char *prefix;                                /* as libh2o is told; NULL: the path itself */
    bool (*has_path)(const char *path, size_t length); /* NULL: the path itself and nothing below it */
    bool traced;                                       /* the middleware stands in front */
    void (*answer)(h2o_req_t *req);
    const char *summary;
} gbxi_endpoint;

/* Immutable from its registration on; it outlives the configuration. libh2o takes the first prefix that matches, so
 * the longer ones come first, and endpoints of one prefix stand together. */
typedef struct gbxi_router {
    const gbxi_endpoint *endpoints;
    size_t count;
    const char *advice; /* what a 404 adds to "there is nothing at PATH; " */
} gbxi_router;

/* What else stands in front of the endpoints of a prefix, of which `first` is the first. */
typedef gbx_err gbxi_router_prepare(h2o_pathconf_t *path, const gbxi_endpoint *first, void *context);

/* Registers every prefix with its checks (http/framing.h), what `prepare` puts there, and the table. Errors: those of
 * `prepare`. Thread: while the configuration is built. */
GBX_MUST_USE gbx_err gbxi_router_register(h2o_hostconf_t *host, const gbxi_router *router, gbxi_router_prepare *prepare,
                                          void *context);

#endif
