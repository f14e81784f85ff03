/* SPDX-License-Identifier: MIT */
/* glassbox version: which one this is. */
#include "cli/command.h"
#include <glassbox/version.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] = "usage: glassbox version\n\nPrints the version, as \"glassbox VERSION\".\n";

static int run(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--help") == 0) {
        printf("%s", usage);
        return EXIT_SUCCESS;
    }
    if (argc > 1) {
        fprintf(stderr, "glassbox version: unexpected '%s'\n", argv[1]);
        return GBXI_EXIT_USAGE;
    }
    printf("glassbox %s\n", gbx_version());
    return EXIT_SUCCESS;
}

const gbxi_command gbxi_command_version = {"version", "Print the version", usage, run};
