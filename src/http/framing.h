/* SPDX-License-Identifier: MIT */
/* Requests whose end two readers could see in two places. */
#ifndef GBX_HTTP_FRAMING_H
#define GBX_HTTP_FRAMING_H

#include <h2o.h>

/* Refuses, in front of the handlers registered on `path` after this call, an HTTP/1 request that gives the length of
 * its body more than once: by Content-Length and Transfer-Encoding, or by two of either (RFC 9112, 6.3). libh2o picks
 * one of them; a proxy in front that picks the other would take the rest for a request of its own. Thread: while the
 * configuration is built. */
void gbxi_framing_register(h2o_pathconf_t *path);

#endif
