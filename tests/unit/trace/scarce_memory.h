/* SPDX-License-Identifier: MIT */
/* Memory that runs out on request, and is counted. Linking this replaces malloc, calloc, realloc and free for all
 * code of the executable. */
#ifndef GBX_TESTS_SCARCE_MEMORY_H
#define GBX_TESTS_SCARCE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* From now on the first `grants` allocations succeed, and none after them. */
void scarce_memory_begin(size_t grants);
/* Back to plenty; tells whether an allocation was refused. */
bool scarce_memory_end(void);

/* Blocks and bytes now allocated, and the most bytes ever since the last scarce_memory_reset_peak. */
long scarce_memory_blocks(void);
size_t scarce_memory_bytes(void);
size_t scarce_memory_peak_bytes(void);
void scarce_memory_reset_peak(void);

#endif
