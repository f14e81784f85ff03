/* SPDX-License-Identifier: MIT */
/* The table of subcommands: finds the one that is meant, or says what there is. */
#include "cli/command.h"
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const gbxi_command *const commands[] = {&gbxi_command_serve, &gbxi_command_token, &gbxi_command_version};
enum { COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]) };

static const gbxi_command *find(const char *name)
{
    for (int i = 0; i != COMMAND_COUNT; ++i)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static int refuse(const char *name)
{
    fprintf(stderr, "glassbox: unknown %s '%s' (glassbox help lists what there is)\n",
            name[0] == '-' ? "option" : "command", name);
    return GBXI_EXIT_USAGE;
}

static int print_overview(void)
{
    printf("glassbox turns one HTTP request into a glass box: its output and its trace in one response.\n\n"
           "usage: glassbox COMMAND [OPTION...]\n\n");
    for (int i = 0; i != COMMAND_COUNT; ++i)
        printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
    printf("  %-10s %s\n\n", "help", "Show this, or with a command's name how to use that");
    printf("glassbox COMMAND --help tells more.\n");
    return EXIT_SUCCESS;
}

static int help(int argc, char **argv)
{
    const gbxi_command *command;

    if (argc < 2)
        return print_overview();
    if ((command = find(argv[1])) == NULL)
        return refuse(argv[1]);
    printf("%s", command->usage);
    return EXIT_SUCCESS;
}

static bool is_one_of(const char *name, const char *a, const char *b, const char *c)
{
    return strcmp(name, a) == 0 || strcmp(name, b) == 0 || strcmp(name, c) == 0;
}

int gbxi_cli_run(int argc, char **argv)
{
    const gbxi_command *command;

    if (argc < 2)
        return print_overview();
    if (is_one_of(argv[1], "help", "--help", "-h"))
        return help(argc - 1, argv + 1);
    if (is_one_of(argv[1], "version", "--version", "-V"))
        return gbxi_command_version.run(argc - 1, argv + 1);
    if ((command = find(argv[1])) == NULL)
        return refuse(argv[1]);
    return command->run(argc - 1, argv + 1);
}
