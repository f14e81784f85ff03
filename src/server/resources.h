/* SPDX-License-Identifier: MIT */
/* What a server needs of the system, looked for before it starts, because libh2o ends the process if it gets less. */
#ifndef GBX_SERVER_RESOURCES_H
#define GBX_SERVER_RESOURCES_H

#include <glassbox/error.h>
#include <stddef.h>

/* Checks that there is memory to configure a server, and that the process may open the descriptors of `loop_count`
 * loops with a listener each and of a few connections. Thread: one that no other opens descriptors beside. Errors:
 * NO_MEMORY; IO with the number of descriptors that are needed and of those that are allowed in `error`. */
GBX_MUST_USE gbx_err gbxi_resources_check(size_t loop_count, gbx_error *error);

#endif
