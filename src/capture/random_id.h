/* SPDX-License-Identifier: MIT */
/* Random ids: of captures, and of whatever else needs one. A process has one maker of them, because it guards the
 * state of random(). So the function is exported: other libraries of Glassbox use it too. */
#ifndef GBX_CAPTURE_RANDOM_ID_H
#define GBX_CAPTURE_RANDOM_ID_H

#include <glassbox/api.h>
#include <stdint.h>

/* Fills `id` with a random UUID of libuuid (version 4), which is never all zero. No random bytes are kept for later, so
 * the child of a fork gets other ids than its parent. random() gives the same numbers afterwards as it would have
 * without. Thread: any; a thread that calls random() at the same time gets a number of another sequence. Cost: six
 * system calls, about 1 us. */
GBX_API void gbxi_random_id(uint8_t id[16]);

#endif
