/* SPDX-License-Identifier: MIT */
/* Owns the settings of jemalloc for a server. MALLOC_CONF in the environment overrides them.
 *
 * A request of many megabytes needs blocks that no other request has. Mapping them for each request, with a page fault
 * for every 4 KiB, takes longer than the work in them and delays the event loop where libh2o reads the body. So unused
 * blocks are kept for one second for the next such request, and use pages of 2 MiB if the kernel provides them. Two
 * arenas are enough because few threads allocate at the same time. Source: jemalloc(3), "TUNING". */
#include <jemalloc/jemalloc.h>

const char *malloc_conf = "background_thread:true,dirty_decay_ms:1000,muzzy_decay_ms:0,thp:always,narenas:2";
