/* SPDX-License-Identifier: MIT */
/* The descriptors 0, 1 and 2. If one is closed when the program starts, the next file or connection gets its number,
 * and the messages of the program are written into it. */
#ifndef GBX_CLI_DESCRIPTORS_H
#define GBX_CLI_DESCRIPTORS_H

#include <stdbool.h>

/* Opens /dev/null for those that are closed, in such a way that using them is an error as before: writing to standard
 * input, and only reading from the others. Call it first. Returns false with errno if that is not possible. */
bool gbxi_descriptors_fill(void);

#endif
