/* SPDX-License-Identifier: MIT */
/* The table of subcommands and their common options. */
#include "base/suggest.h"
#include "cli/command.h"
#include "json/quote.h"
#include <stdio.h>
#include <string.h>

#define COMMAND_ROW(name) &gbxi_command_##name,
static const gbxi_command *const commands[] = {GBXI_COMMANDS(COMMAND_ROW)};
enum { COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]) };

/* Commands that are not configurable have only the last option. */
static const gbxi_cli_option common_options[] = {
    {"config", GBXI_FILE(gbxi_common_options, config), .max = 4095, .value = "FILE", .unset = "none",
     .scope = GBXI_SCOPE_NOT_IN_FILE, .common = true,
     .help = "Configuration file with lines of the form 'option = value'."},
    {"print-config", GBXI_FLAG(gbxi_common_options, print_config), .scope = GBXI_SCOPE_ON_COMMAND_LINE, .common = true,
     .help = "Print the options in force and the source of each, as a configuration file, and exit."},
    {"help", GBXI_FLAG(gbxi_common_options, help), .scope = GBXI_SCOPE_ON_COMMAND_LINE, .common = true,
     .help = "Print this help and exit."},
};
enum { COMMON_COUNT = sizeof(common_options) / sizeof(common_options[0]) };

const gbxi_command *gbxi_command_find(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

const gbxi_command *gbxi_command_at(size_t index)
{
    return index < COMMAND_COUNT ? commands[index] : NULL;
}

const gbxi_cli_option *gbxi_command_option(const gbxi_command *command, size_t index)
{
    size_t skipped = command->configurable ? 0 : COMMON_COUNT - 1;

    if (index < command->option_count)
        return &command->options[index];
    index += skipped - command->option_count;
    return index < COMMON_COUNT ? &common_options[index] : NULL;
}

bool gbxi_cli_option_has_variable(const gbxi_command *command, const gbxi_cli_option *option)
{
    return (command->configurable || option->variable) && option->scope != GBXI_SCOPE_ON_COMMAND_LINE;
}

int gbxi_command_refuse(const char *name)
{
    gbxi_suggestion suggestion = gbxi_suggestion_for(name);

    for (size_t i = 0; i < COMMAND_COUNT; i++)
        gbxi_suggestion_offer(&suggestion, commands[i]->name);
    fprintf(stderr, "glassbox: unknown %s '%s'", name[0] == '-' ? "option" : "command",
            gbxi_quoted(gbxi_view_of(name)).text);
    if (suggestion.nearest != NULL)
        fprintf(stderr, "; did you mean %s?\n", suggestion.nearest);
    else
        fprintf(stderr, " (glassbox help lists the commands)\n");
    return GBXI_EXIT_USAGE;
}
