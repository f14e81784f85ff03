/* SPDX-License-Identifier: MIT */
/* Looks for memory before a call of a library that ends the process when it gets none. */
#ifndef GBX_BASE_SPARE_MEMORY_H
#define GBX_BASE_SPARE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the process can have that many bytes more of address space now. It does not ask the allocator: jemalloc
 * itself crashes if the first allocation of a thread gets no memory, and takes megabytes at a time. So ask for several
 * times what the call needs. Thread: any. Cost: two system calls. */
bool gbxi_memory_is_spare(size_t bytes);

#endif
