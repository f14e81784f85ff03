/* SPDX-License-Identifier: MIT */
/* Refuses requests for hosts that the server does not answer to. */
#ifndef GBX_SERVER_HOST_GUARD_H
#define GBX_SERVER_HOST_GUARD_H

#include "permission/host_check.h"
#include <h2o.h>

/* Answers requests with 421 if `check` does not allow their Host or :authority, before they reach the handlers that are
 * registered on `path` after this call. `advice` ends the sentence that says so. A request without a host is let
 * through: no browser sends one. Borrows both as long as the configuration lives. Thread: while the configuration is
 * built. */
void gbxi_host_guard_register(h2o_pathconf_t *path, const gbxi_host_check *check, const char *advice);

#endif
