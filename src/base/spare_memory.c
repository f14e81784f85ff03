/* SPDX-License-Identifier: MIT */
/* Maps memory on trial. */
#define _GNU_SOURCE
#include "base/spare_memory.h"
#include <sys/mman.h>

bool gbxi_memory_is_spare(size_t bytes)
{
    void *trial = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    return trial != MAP_FAILED && munmap(trial, bytes) == 0;
}
