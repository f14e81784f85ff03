/* SPDX-License-Identifier: MIT */
/* glassbox version: prints the program's version. */
#include "cli/command.h"
#include <glassbox/version.h>
#include <stdio.h>
#include <stdlib.h>

static int version_run(const void *values)
{
    (void)values;
    printf("glassbox %s\n", gbx_version());
    return EXIT_SUCCESS;
}

static const gbxi_manual_entry version_manual[] = {
    {"EXAMPLES", "glassbox version", "As in 'glassbox 0.1.0'."},
    {0},
};

const gbxi_command gbxi_command_version = {
    .name = "version",
    .summary = "Print the version",
    .synopsis = {""},
    .description = "Prints the version, as in \"glassbox " GBX_VERSION "\". --version and -V do the same.",
    .manual = version_manual,
    .prints_result = true,
    .run = version_run,
};
