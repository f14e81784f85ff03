/* SPDX-License-Identifier: MIT */
/* The entry point of the program, and what must be so before it. */
#define _GNU_SOURCE
#include "base/spare_memory.h"
#include "cli/command.h"
#include "cli/descriptors.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_MEMORY_BYTES = 4 << 20 }; /* what jemalloc maps when it begins */

/* Without memory for its beginning, jemalloc and the initializers of C++ crash. They run before main; this runs before
 * those, and allocates nothing. */
__attribute__((constructor(101))) static void main_require_memory(void)
{
    static const char complaint[] = "glassbox: not enough memory to start\n";

    if (gbxi_memory_is_spare(FIRST_MEMORY_BYTES))
        return;
    (void)!write(STDERR_FILENO, complaint, sizeof(complaint) - 1);
    _exit(GBXI_EXIT_FAILURE);
}

int main(int argc, char **argv)
{
    if (!gbxi_descriptors_fill()) {
        fprintf(stderr, "glassbox: cannot open /dev/null for a closed standard descriptor: %s\n", strerror(errno));
        return GBXI_EXIT_FAILURE;
    }
    signal(SIGXFSZ, SIG_IGN); /* so that a limit of file sizes is an error of writing, which is told */
    return gbxi_cli_run(argc, argv);
}
