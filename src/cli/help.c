/* SPDX-License-Identifier: MIT */
/* glassbox help: how to use the program and its commands, in the form that is asked for. */
#include "cli/command.h"
#include "cli/manual.h"
#include <stdio.h>
#include <stdlib.h>

typedef struct help_options {
    bool man, markdown, list;
    const char *command;
} help_options;

/* Each excludes the next, so that any two contradict each other. */
static const gbxi_cli_option help_rows[] = {
    {"man", GBXI_FLAG(help_options, man), .excludes = "markdown",
     .help = "Print a manual page in roff, the program's or the command's: glassbox help --man serve | man -l -"},
    {"markdown", GBXI_FLAG(help_options, markdown), .excludes = "list",
     .help = "Print a table in Markdown, of the commands or of the command's options."},
    {"list", GBXI_FLAG(help_options, list), .excludes = "man",
     .help = "Print names, one a line, of the commands or of the command's options."},
};

static int help_run(const void *values)
{
    const help_options *options = values;
    const gbxi_command *command = NULL;

    if (options->command != NULL && (command = gbxi_command_find(options->command)) == NULL)
        return gbxi_command_refuse(options->command);
    if (options->man)
        gbxi_man_print(stdout, command);
    else if (options->markdown)
        gbxi_markdown_print(stdout, command);
    else if (options->list)
        gbxi_help_list_print(stdout, command);
    else if (command != NULL)
        gbxi_help_print(stdout, command);
    else
        gbxi_overview_print(stdout);
    return EXIT_SUCCESS;
}

const gbxi_command gbxi_command_help = {
    .name = "help",
    .summary = "Show how to use the program or a command",
    .synopsis = {"[OPTION...] [COMMAND]"},
    .description = "Prints how to use COMMAND, or which commands there are. --help and -h do the same.",
    GBXI_COMMAND_OPTIONS(help_rows, help_options),
    .operand = "COMMAND",
    .operand_offset = offsetof(help_options, command),
    .prints_result = true,
    .run = help_run,
};
