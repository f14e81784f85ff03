/* SPDX-License-Identifier: MIT */
/* Wrong methods on mirrored routes: they are refused as on the route itself, and HEAD is one of them. */
#ifndef GBX_SERVER_MIRROR_GUARD_H
#define GBX_SERVER_MIRROR_GUARD_H

#include "http/router.h"
#include <h2o.h>

/* Registers the guard in front of the middleware. `endpoint`, the only one of its prefix, is borrowed and must outlive
 * the configuration. Thread: while the configuration is built. */
void gbxi_mirror_guard_register(h2o_pathconf_t *path, const gbxi_endpoint *endpoint);

#endif
