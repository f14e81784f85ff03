/* SPDX-License-Identifier: MIT */
/* Errors that libh2o answers before any handler runs: a body over the limit, an invalid transfer coding. */
#ifndef GBX_HTTP_EARLY_ERROR_H
#define GBX_HTTP_EARLY_ERROR_H

#include <glassbox/error.h>
#include <h2o.h>

/* Turns these plain-text responses, which go through the host's fallback path, into problem documents. A client that is
 * still sending its body can read the response before the connection is closed. Thread: while the configuration is
 * built. */
void gbxi_early_error_register(h2o_pathconf_t *fallback_path);

/* Says what the error is really about that libh2o is going to answer before it returns to its event loop. Thread: the
 * connection's event loop; the same for the next two. */
void gbxi_early_error_explain(int status, const char *text);

/* Forgets what was said. */
void gbxi_early_error_forget(void);

/* Forgets what was said and returns its status; 0 if nothing was, and then `error` is not changed. */
int gbxi_early_error_take(gbx_error *error);

#endif
