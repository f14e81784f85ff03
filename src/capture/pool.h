/* SPDX-License-Identifier: MIT */
/* The process-wide pool of equal memory blocks that every lane records into: bounded, recycled, given back. */
#ifndef GBX_CAPTURE_POOL_H
#define GBX_CAPTURE_POOL_H

#include <glassbox/capture.h>

#define GBXI_BLOCK_BYTES GBX_CAPTURE_BLOCK_BYTES

/* A block of GBXI_BLOCK_BYTES, page-aligned, contents undefined; NULL at the pool's bound or when memory is short.
 * Thread: any. Cost: a short lock, and a system call when no idle block is at hand. */
void *gbxi_pool_take(void);
/* Gives a block back. Up to 16 MiB of idle blocks, within the bound, are kept for the next capture, the rest returns to
 * the system. */
void gbxi_pool_give(void *memory);

/* Blocks in use now. Thread: any. */
size_t gbxi_pool_used_count(void);
/* Blocks kept for the next captures. Thread: any. */
size_t gbxi_pool_idle_count(void);
/* Bounds the blocks in use at the same time, over all captures; default 16,384 (1 GiB). Thread: any. Takes effect at
 * the next take. Returns the bound before. */
size_t gbxi_pool_limit_set(size_t block_count);

#endif
