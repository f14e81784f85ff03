/* SPDX-License-Identifier: MIT */
/* Random ids of captures. */
#ifndef GBX_CAPTURE_RANDOM_ID_H
#define GBX_CAPTURE_RANDOM_ID_H

#include <stdint.h>

/* Fills `id` with a random UUID (version 4), which is never all zero. No state is kept, so the child of a fork gets
 * other ids than its parent. Thread: any. Cost: one system call. */
void gbxi_random_id(uint8_t id[16]);

#endif
