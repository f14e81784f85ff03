/* SPDX-License-Identifier: MIT */
/* The handler that passes a request's host to src/permission. */
#define _GNU_SOURCE
#include "server/host_guard.h"
#include "http/problem.h"
#include "json/quote.h"

typedef struct host_guard {
    h2o_handler_t super;
    const gbxi_host_check *check;
    const char *advice;
} host_guard;

/* libh2o gives a request without a host that of the configuration. */
static bool host_guard_has_host(const h2o_req_t *req)
{
    return req->input.authority.len != 0 && req->input.authority.base != req->hostconf->authority.hostport.base;
}

static int host_guard_on_request(h2o_handler_t *super, h2o_req_t *req)
{
    const host_guard *self = (const host_guard *)super;
    gbxi_view authority = {req->input.authority.base, req->input.authority.len};
    gbx_error error;

    if (!host_guard_has_host(req) || gbxi_host_check_allows(self->check, authority))
        return -1;
    gbx_error_set(&error, GBX_ERR_UNKNOWN, NULL, "this server does not answer for the host \"%s\"%s",
                  gbxi_quoted(authority).text, self->advice);
    gbxi_problem_send(req, 421, &error);
    return 0;
}

void gbxi_host_guard_register(h2o_pathconf_t *path, const gbxi_host_check *check, const char *advice)
{
    host_guard *self = (host_guard *)h2o_create_handler(path, sizeof(*self));

    self->super.on_req = host_guard_on_request;
    self->check = check;
    self->advice = advice;
}
