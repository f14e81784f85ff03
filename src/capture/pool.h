/* SPDX-License-Identifier: MIT */
/* The process-wide pool of equal memory blocks that all lanes record into. It is bounded, reuses blocks, and returns
 * surplus blocks to the system. */
#ifndef GBX_CAPTURE_POOL_H
#define GBX_CAPTURE_POOL_H

#include <glassbox/capture.h>

#define GBXI_BLOCK_BYTES GBX_CAPTURE_BLOCK_BYTES

/* Takes a page-aligned block of GBXI_BLOCK_BYTES with undefined content; NULL at the pool's limit or if memory is
 * short. Thread: any. Cost: a short lock, and a system call if there is no idle block. */
void *gbxi_pool_take(void);
/* Gives a block back. Up to 16 MiB of idle blocks, within the limit, are kept for later captures. The rest is returned
 * to the system. */
void gbxi_pool_give(void *memory);

/* The number of blocks in use. Thread: any. */
size_t gbxi_pool_used_count(void);
/* The number of idle blocks that are kept for later captures. Thread: any. */
size_t gbxi_pool_idle_count(void);
/* Limits the blocks in use at the same time by all captures; default 16,384 (1 GiB). Returns the previous limit.
 * Thread: any; takes effect at the next take. */
size_t gbxi_pool_limit_set(size_t block_count);

#endif
