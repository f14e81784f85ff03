/* SPDX-License-Identifier: MIT */
/* The errors that libh2o answers before any handler runs: a body over the limit, a broken transfer coding. */
#ifndef GBX_HTTP_EARLY_ERROR_H
#define GBX_HTTP_EARLY_ERROR_H

#include <h2o.h>

/* Turns those plain text answers, which go through the host's fallback path, into problem documents, and sees to it
 * that a client which is still sending its body gets to read them. Thread: while the configuration is built. */
void gbxi_early_error_register(h2o_pathconf_t *fallback_path);

#endif
