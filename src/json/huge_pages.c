/* SPDX-License-Identifier: MIT */
/* Owns the advice about huge pages. */
#define _GNU_SOURCE
#include "json/huge_pages.h"
#include <stdint.h>
#include <sys/mman.h>

enum { PAGE_BYTES = 4096, BLOCK_BYTES_LEAST = 4 << 20 /* holds a huge page of 2 MiB wherever it begins */ };

/* Whole pages: what else is on the first and the last of them is none the worse for it. */
void gbx__huge_pages(void *memory, size_t bytes)
{
    uintptr_t begin = (uintptr_t)memory & ~(uintptr_t)(PAGE_BYTES - 1);

    if (memory != NULL && bytes >= BLOCK_BYTES_LEAST)
        (void)madvise((void *)begin, (uintptr_t)memory + bytes - begin, MADV_HUGEPAGE);
}
