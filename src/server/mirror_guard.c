/* SPDX-License-Identifier: MIT */
/* Refuses wrong methods on mirrored routes. */
#define _GNU_SOURCE
#include "server/mirror_guard.h"
#include "middleware/route.h"

typedef struct mirror_guard {
    h2o_handler_t super;
    const gbxi_endpoint *endpoint;
} mirror_guard;

static int mirror_guard_on_req(h2o_handler_t *super, h2o_req_t *req)
{
    const gbxi_endpoint *endpoint = ((mirror_guard *)super)->endpoint;
    h2o_iovec_t path = req->path_normalized;
    gbxi_route route;

    if (!gbxi_route_may_match(req) || gbxi_endpoint_has_method(endpoint, req->method) || !gbxi_route_match(req, &route))
        return -1;
    path.len -= route.suffix_length;
    if (!gbxi_endpoint_has_path(endpoint, path))
        return -1;
    gbxi_endpoints_refuse_method(req, path, endpoint, endpoint + 1);
    return 0;
}

void gbxi_mirror_guard_register(h2o_pathconf_t *path, const gbxi_endpoint *endpoint)
{
    mirror_guard *self = (mirror_guard *)h2o_create_handler(path, sizeof(*self));

    self->super.on_req = mirror_guard_on_req;
    self->endpoint = endpoint;
}
