/* SPDX-License-Identifier: MIT */
/* Large bodies: their config is read by the host's executor, while the event loop serves other requests.
 *
 * Thread: the event loop. */
#ifndef GBX_MIDDLEWARE_READING_H
#define GBX_MIDDLEWARE_READING_H

#include "middleware/mirror.h"
#include <glassbox/h2o.h>

/* Passes the request's body to the executor. When it has been read, or cannot be, the request is answered. If the
 * client leaves before, its permission is given back. Owns: takes over the permission if it succeeds. Errors: LIMIT if
 * the executor takes no more work, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_reading_begin(gbxi_mirrored *mirrored, gbx_error *error);

#endif
