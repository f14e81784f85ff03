/* SPDX-License-Identifier: MIT */
/* How much memory the process may use: that of the machine, or less if a control group limits it. */
#ifndef GBX_SERVER_MACHINE_MEMORY_H
#define GBX_SERVER_MACHINE_MEMORY_H

#include <stddef.h>

/* The least of the machine's memory and the limits of the process's control groups (memory.max of version 2,
 * memory.limit_in_bytes of version 1, its own and its parents'), in bytes. `root` is put before the names of the files
 * in /proc and /sys; "" for the real ones. What cannot be read limits nothing. Thread: any. */
size_t gbxi_machine_memory(const char *root);

#endif
