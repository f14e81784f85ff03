/* SPDX-License-Identifier: MIT */
/* The names that a server answers to. A page in a browser may point its own name at a loopback address, and to the
 * browser the server behind it is then the page's own (DNS rebinding). But the browser still sends the page's name as
 * Host. */
#ifndef GBX_PERMISSION_HOST_CHECK_H
#define GBX_PERMISSION_HOST_CHECK_H

#include "base/view.h"
#include <glassbox/error.h>

/* Immutable. */
typedef struct gbxi_host_check gbxi_host_check;

/* Whether a text may be one of the names of a check: a host name or an address without a port, IPv6 ones with or
 * without brackets. Thread: any. */
bool gbxi_host_is_valid(const char *name);

/* Creates a check that allows loopback names, `listen_host`, and `names`, which end with NULL (NULL: none). Owns: the
 * caller, until gbxi_host_check_free; the texts are copied. Errors: ARGUMENT with the name that is none, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_host_check_new(const char *listen_host, const char *const *names, gbxi_host_check **check,
                                         gbx_error *error);

/* Whether a request may have this Host or :authority, with any port or none: localhost and names below it, an address
 * of 127.0.0.0/8, ::1, and the names of the check. Case and a dot at the end do not matter. Thread: any. */
bool gbxi_host_check_allows(const gbxi_host_check *check, gbxi_view authority);

/* Frees the check. NULL is allowed. */
void gbxi_host_check_free(gbxi_host_check *check);

#endif
