/* SPDX-License-Identifier: MIT */
/* Large blocks in large pages: the first touch of a block costs a fault for every 2 MiB instead of for every 4 KiB, and
 * random access to it rarely waits for an address to be translated. */
#ifndef GBX_JSON_HUGE_PAGES_H
#define GBX_JSON_HUGE_PAGES_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Advises the kernel to back `bytes` bytes at `memory`, fresh from the allocator, with huge pages. Only advice: a
 * kernel that has none does without, and blocks that are too small to hold one are left alone. NULL is allowed. Any
 * thread. */
void gbx__huge_pages(void *memory, size_t bytes);

#ifdef __cplusplus
}
#endif

#endif
