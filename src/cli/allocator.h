/* SPDX-License-Identifier: MIT */
/* The allocator of a server. */
#ifndef GBX_CLI_ALLOCATOR_H
#define GBX_CLI_ALLOCATOR_H

#include <glassbox/error.h>

/* Starts the thread that gives unused memory back to the system. Call it before the other threads are started. Does
 * nothing in a program that is linked with another allocator. Errors: NO_MEMORY if no thread can be started. */
GBX_MUST_USE gbx_err gbxi_allocator_start(gbx_error *error);

#endif
