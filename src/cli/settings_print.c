/* SPDX-License-Identifier: MIT */
/* Prints the options in force for --print-config, as a configuration file with the source of each. */
#include "cli/config.h"
#include "cli/manual.h"
#include "cli/value.h"
#include <stdio.h>
#include <string.h>

static void print_source(FILE *out, const gbxi_settings *settings, size_t index, unsigned line)
{
    char name[GBXI_NAME_SIZE];

    switch (settings->sources[index]) {
    case GBXI_FROM_COMMAND_LINE:
        fputs("   # from command line\n", out);
        return;
    case GBXI_FROM_ENVIRONMENT:
        gbxi_cli_option_variable(gbxi_command_option(settings->command, index), name);
        fprintf(out, "   # from environment %s\n", name);
        return;
    case GBXI_FROM_FILE:
        fprintf(out, "   # from %s:%u\n", settings->common.config, line);
        return;
    default:
        fputs("   # default\n", out);
    }
}

static void print_setting(FILE *out, const gbxi_settings *settings, size_t index, const char *value, unsigned line)
{
    const gbxi_cli_option *option = gbxi_command_option(settings->command, index);

    if (value == NULL) {
        fprintf(out, "# %s is not set: %s\n", option->name, option->unset);
        return;
    }
    /* Options that a configuration file cannot set are comments. */
    fprintf(out, "%s%s = ", option->scope != GBXI_SCOPE_EVERYWHERE ? "# " : "", option->name);
    gbxi_config_write_value(out, value);
    print_source(out, settings, index, line);
}

static void print_list(FILE *out, const gbxi_settings *settings, size_t index)
{
    const gbxi_value_list *list = gbxi_settings_field(settings, index);

    if (list->count == 0)
        print_setting(out, settings, index, NULL, 0);
    for (size_t i = 0; i < list->count; i++)
        print_setting(out, settings, index, list->items[i], list->lines[i]);
}

static void print_value(FILE *out, const gbxi_settings *settings, size_t index)
{
    const gbxi_cli_option *option = gbxi_command_option(settings->command, index);
    char number[GBXI_VALUE_TEXT_SIZE];
    const char *value = gbxi_value_text(option, gbxi_settings_field(settings, index), number);
    bool is_unset = option->unset != NULL && settings->sources[index] == GBXI_FROM_DEFAULT;

    print_setting(out, settings, index, is_unset ? NULL : value, settings->lines[index]);
}

static bool is_variable_of(const gbxi_command *command, const char *variable, size_t length)
{
    const gbxi_cli_option *option;
    char name[GBXI_NAME_SIZE];

    for (size_t i = 0; (option = gbxi_command_option(command, i)) != NULL; i++) {
        gbxi_cli_option_variable(option, name);
        if (option->scope != GBXI_SCOPE_ON_COMMAND_LINE && strlen(name) == length &&
            memcmp(name, variable, length) == 0)
            return true;
    }
    return false;
}

/* A control character in a name could end the comment. */
static bool is_printable(const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)name[i] < ' ' || name[i] == 0x7f)
            return false;
    return true;
}

static void print_strangers(FILE *out, const gbxi_command *command, char **environment)
{
    for (char **variable = environment; *variable != NULL; variable++) {
        size_t length = strcspn(*variable, "=");

        if (strncmp(*variable, "GLASSBOX_", strlen("GLASSBOX_")) == 0 && !is_variable_of(command, *variable, length) &&
            is_printable(*variable, length))
            fprintf(out, "# %.*s does not belong to any option\n", (int)length, *variable);
    }
}

void gbxi_settings_print(FILE *out, const gbxi_settings *settings, char **environment)
{
    const gbxi_cli_option *option;

    fprintf(out, "# The options in force of glassbox %s, as a configuration file for --config.\n",
            settings->command->name);
    for (size_t i = 0; (option = gbxi_command_option(settings->command, i)) != NULL; i++) {
        if (option->scope == GBXI_SCOPE_ON_COMMAND_LINE)
            continue;
        if (option->kind == GBXI_KIND_LIST)
            print_list(out, settings, i);
        else
            print_value(out, settings, i);
    }
    print_strangers(out, settings->command, environment);
}
