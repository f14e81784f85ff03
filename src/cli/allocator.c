/* SPDX-License-Identifier: MIT */
/* Owns how a program that serves gets its memory and gives it back: jemalloc's settings, which MALLOC_CONF in the
 * environment overrides.
 *
 * A request of many megabytes needs blocks that no other request has. Mapped anew for each, with a fault for every 4
 * KiB, they take longer than the work done in them, and hold up the event loop where libh2o reads the body. So they are
 * kept for the next such request for a second, then returned, and are in pages of 2 MiB where the kernel has them. Two
 * arenas do: few threads allocate at the same time. Source: jemalloc(3), "TUNING". */
#include <jemalloc/jemalloc.h>

const char *malloc_conf = "background_thread:true,dirty_decay_ms:1000,muzzy_decay_ms:0,thp:always,narenas:2";
