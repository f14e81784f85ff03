/* SPDX-License-Identifier: MIT */
/* The program's entry. */
#include "cli/command.h"

int main(int argc, char **argv)
{
    return gbxi_cli_run(argc, argv);
}
