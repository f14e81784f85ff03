/* SPDX-License-Identifier: MIT */
/* Protection against request smuggling: requests with an ambiguous body length are refused. */
#ifndef GBX_HTTP_FRAMING_H
#define GBX_HTTP_FRAMING_H

#include <h2o.h>

/* Refuses HTTP/1 requests that state the length of their body more than once, before they reach the handlers that are
 * registered on `path` after this call: requests with Content-Length and Transfer-Encoding, or with two of either (RFC
 * 9112, section 6.3). libh2o uses one of the headers. A proxy in front that uses the other would treat the rest of the
 * body as a separate request. Thread: while the configuration is built. */
void gbxi_framing_register(h2o_pathconf_t *path);

#endif
