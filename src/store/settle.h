/* SPDX-License-Identifier: MIT */
/* Settles runs that broke off: what their counters say comes into their databases, and their files become whole. */
#ifndef GBX_STORE_SETTLE_H
#define GBX_STORE_SETTLE_H

#include <glassbox/error.h>

/* Settles all runs of a folder that no process writes. A run that cannot be settled stays as it is, and the others are
 * settled. Errors: MISSING if there is no such folder, IO, NO_MEMORY. Cost: one look at each run. */
GBX_MUST_USE gbx_err gbxi_settle_all(const char *directory, gbx_error *error);

#endif
