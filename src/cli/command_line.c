/* SPDX-License-Identifier: MIT */
/* The command line as a source of options. Names must be written in full: an abbreviation that is unique today could
 * become ambiguous with a new option. */
#include "cli/source.h"
#include <stdio.h>
#include <string.h>

typedef struct command_line {
    gbxi_settings *settings;
    char **next; /* the next argument to read; NULL after the last */
    size_t operand_count;
    gbx_error *error;
} command_line;

static gbx_err set_from_command_line(command_line *walk, size_t index, const char *text)
{
    char subject[GBXI_NAME_SIZE];

    snprintf(subject, sizeof(subject), "--%s", gbxi_command_option(walk->settings->command, index)->name);
    return gbxi_settings_set(walk->settings, index, GBXI_FROM_COMMAND_LINE, 0, text, subject, walk->error);
}

static gbx_err take_long(command_line *walk, const char *argument)
{
    const char *name = argument + 2;
    size_t length = strcspn(name, "="), index = gbxi_settings_find(walk->settings, name, length);

    if (index == SIZE_MAX)
        return gbxi_settings_refuse_name(walk->settings, argument, "--", walk->error);
    if (name[length] == '=')
        return set_from_command_line(walk, index, name + length + 1);
    if (!gbxi_cli_option_takes_value(gbxi_command_option(walk->settings->command, index)))
        return set_from_command_line(walk, index, "on");
    if (*walk->next == NULL)
        return gbx_error_set(walk->error, GBX_ERR_ARGUMENT, NULL, "missing value after '%s'", argument);
    return set_from_command_line(walk, index, *walk->next++);
}

/* Reads letters after a single dash. The only one is -h. */
static gbx_err take_letters(command_line *walk, const char *argument)
{
    for (const char *letter = argument + 1; *letter != '\0'; letter++) {
        if (*letter != 'h')
            return gbx_error_set(walk->error, GBX_ERR_ARGUMENT, NULL, "unknown option '-%c'", *letter);
        walk->settings->common.help = true;
    }
    return GBX_ERR_OK;
}

static gbx_err take_operand(command_line *walk, const char *argument)
{
    const gbxi_command *command = walk->settings->command;
    const struct {
        const char *name;
        size_t offset;
    } operands[] = {{command->operand, command->operand_offset},
                    {command->second_operand, command->second_operand_offset}};
    size_t at = walk->operand_count;

    if (at == sizeof(operands) / sizeof(operands[0]) || operands[at].name == NULL)
        return gbx_error_set(walk->error, GBX_ERR_ARGUMENT, NULL, "unexpected '%.80s'", argument);
    if (argument[0] == '\0')
        return gbx_error_set(walk->error, GBX_ERR_ARGUMENT, NULL, "%s must not be empty", operands[at].name);
    *(const char **)(void *)(walk->settings->values + operands[at].offset) = argument;
    walk->operand_count++;
    return GBX_ERR_OK;
}

/* All that follows belongs to the command, whether it looks like an option or not. */
static gbx_err take_rest(command_line *walk)
{
    const gbxi_command *command = walk->settings->command;

    if (*walk->next == NULL)
        return gbx_error_set(walk->error, GBX_ERR_ARGUMENT, NULL, "missing %s after '--'", command->rest);
    *(char *const **)(void *)(walk->settings->values + command->rest_offset) = walk->next;
    while (*walk->next != NULL)
        walk->next++;
    return GBX_ERR_OK;
}

gbx_err gbxi_command_line_read(gbxi_settings *settings, int argc, char **argv, gbx_error *error)
{
    command_line walk = {.settings = settings, .next = argv + (argc > 0), .error = error};
    bool options_ended = false;
    gbx_err err = GBX_ERR_OK;

    while (err == GBX_ERR_OK && *walk.next != NULL) {
        const char *argument = *walk.next++;

        if (options_ended || argument[0] != '-' || argument[1] == '\0')
            err = take_operand(&walk, argument);
        else if (strcmp(argument, "--") == 0 && settings->command->rest != NULL)
            err = take_rest(&walk);
        else if (strcmp(argument, "--") == 0)
            options_ended = true;
        else
            err = argument[1] == '-' ? take_long(&walk, argument) : take_letters(&walk, argument);
    }
    return err;
}
