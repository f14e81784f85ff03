/* SPDX-License-Identifier: MIT */
/* Owns the settings of jemalloc for a server. MALLOC_CONF in the environment overrides them.
 *
 * A request of many megabytes needs blocks that no other request has. Mapping them for each request, with a page fault
 * for every 4 KiB, takes longer than the work in them and delays the event loop where libh2o reads the body. So unused
 * blocks are kept for one second for the next such request, and use pages of 2 MiB if the kernel provides them. Two
 * arenas are enough because few threads allocate at the same time. Source: jemalloc(3), "TUNING".
 *
 * One background thread gives back what has been unused for that long, also while nothing is allocated. jemalloc would
 * start it before main, and would print a message, or one without end for a second thread, if it cannot. Therefore it
 * is started here, and it is the only one. */
#include "cli/allocator.h"
#include <jemalloc/jemalloc.h>
#include <stdbool.h>
#include <stddef.h>

const char *malloc_conf = "max_background_threads:1,dirty_decay_ms:1000,muzzy_decay_ms:0,thp:always,narenas:2";

/* Tests link this file without jemalloc. */
#pragma weak mallctl
#pragma weak malloc_message

static void allocator_be_silent(void *context, const char *text)
{
    (void)context, (void)text;
}

gbx_err gbxi_allocator_start(gbx_error *error)
{
    bool on = true;
    int failed;

    if (mallctl == NULL)
        return GBX_ERR_OK;
    malloc_message = allocator_be_silent;
    failed = mallctl("background_thread", NULL, NULL, &on, sizeof(on));
    malloc_message = NULL;
    if (failed != 0)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "cannot start the thread of the allocator");
    return GBX_ERR_OK;
}
