/* SPDX-License-Identifier: MIT */
/* glassbox help: shows how to use the program and its commands, in several formats. */
#include "cli/command.h"
#include "cli/manual.h"
#include <stdio.h>
#include <stdlib.h>

typedef struct help_options {
    bool man, markdown, list;
    const char *command;
} help_options;

/* Each option excludes the next one, so all pairs are excluded. */
static const gbxi_cli_option help_rows[] = {
    {"man", GBXI_FLAG(help_options, man), .excludes = "markdown",
     .help = "Print the manual page of the program or of COMMAND in roff: glassbox help --man serve | man -l -"},
    {"markdown", GBXI_FLAG(help_options, markdown), .excludes = "list",
     .help = "Print a table of the commands, or of the options of COMMAND, in Markdown."},
    {"list", GBXI_FLAG(help_options, list), .excludes = "man",
     .help = "Print the names of the commands, or of the options of COMMAND, one per line."},
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

static const gbxi_manual_entry help_entries[] = {
    {"EXAMPLES", "glassbox help show", "The same as 'glassbox show --help'."},
    {"EXAMPLES", "glassbox help --man show | man -l -", "The manual page, of a program that is not installed."},
    {0},
};

const gbxi_command gbxi_command_help = {
    .name = "help",
    .summary = "Show how to use the program or a command",
    .synopsis = {"[OPTION...] [COMMAND]"},
    .description = "Prints how to use COMMAND, or lists all commands. --help and -h do the same.",
    GBXI_COMMAND_OPTIONS(help_rows, help_options),
    .manual = help_entries,
    .operand = "COMMAND",
    .operand_offset = offsetof(help_options, command),
    .prints_result = true,
    .run = help_run,
};
