/* SPDX-License-Identifier: MIT */
/* The routes that the server answers, and their registration with libh2o. */
#ifndef GBX_SERVER_ROUTES_H
#define GBX_SERVER_ROUTES_H

#include "http/router.h"
#include "permission/host_check.h"
#include <glassbox/h2o.h>

/* The table of all routes. */
extern const gbxi_router gbxi_routes;

/* Registers every route, with the middleware in front of those that can be traced. `traced` is the middleware's
 * configuration without the output key. `hosts` is borrowed as long as the configuration lives; NULL: requests may have
 * any host. Thread: while the configuration is built. Errors: those of gbx_h2o_register. */
GBX_MUST_USE gbx_err gbxi_routes_register(h2o_hostconf_t *host, const gbx_h2o_config *traced,
                                          const gbxi_host_check *hosts);

#endif
