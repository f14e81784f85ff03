/* SPDX-License-Identifier: MIT */
/* The program's entry. */
#include "cli/command.h"

int main(int argc, char **argv)
{
    return gbx__cli_run(argc, argv);
}
