/* SPDX-License-Identifier: MIT */
/* The entry point of the program. */
#include "cli/command.h"

int main(int argc, char **argv)
{
    return gbxi_cli_run(argc, argv);
}
