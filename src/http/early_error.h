/* SPDX-License-Identifier: MIT */
/* Errors that libh2o answers before any handler runs: a body over the limit, an invalid transfer coding. */
#ifndef GBX_HTTP_EARLY_ERROR_H
#define GBX_HTTP_EARLY_ERROR_H

#include <h2o.h>

/* Turns these plain-text responses, which go through the host's fallback path, into problem documents. A client that is
 * still sending its body can read the response before the connection is closed. Thread: while the configuration is
 * built. */
void gbxi_early_error_register(h2o_pathconf_t *fallback_path);

#endif
