/* SPDX-License-Identifier: MIT */
/* Protection against request smuggling: requests whose head others may read differently are refused. */
#ifndef GBX_HTTP_FRAMING_H
#define GBX_HTTP_FRAMING_H

#include <h2o.h>

/* Refuses HTTP/1 requests with 400 and closes their connection, before they reach the handlers that are registered on
 * `path` after this call, if libh2o has accepted a head that RFC 9112 forbids:
 * - the length of the body is given more than once: Content-Length and Transfer-Encoding, or two of either (section
 *   6.3). libh2o uses one of them, and a proxy in front that uses the other would treat the rest of the body as a
 *   separate request;
 * - a line ends with a bare line feed (section 2.2), or a header goes on in the next line (section 5.2);
 * - Host is given more than once (section 3.2).
 * libh2o itself refuses a NUL and a bare carriage return. Thread: while the configuration is built. */
void gbxi_framing_register(h2o_pathconf_t *path);

#endif
