/* SPDX-License-Identifier: MIT */
/* Reads the sources of options in the order of precedence and checks the result. */
#include "cli/settings_read.h"
#include "base/file.h"
#include "cli/source.h"
#include "cli/value.h"
#include <stdio.h>
#include <string.h>

enum { LABEL_SIZE = GBXI_NAME_SIZE + 100 };

/* The name of an option in an error, whether it is set or not. */
static void setting_label(const gbxi_settings *settings, size_t index, char *label)
{
    const gbxi_cli_option *option = gbxi_command_option(settings->command, index);

    switch (settings->sources[index]) {
    case GBXI_FROM_FILE:
        snprintf(label, LABEL_SIZE, "%s (%s:%u)", option->name, gbxi_file_path_shown(settings->common.config),
                 settings->lines[index]);
        return;
    case GBXI_FROM_ENVIRONMENT:
        gbxi_cli_option_variable(option, label);
        return;
    default:
        snprintf(label, LABEL_SIZE, "--%s", option->name);
    }
}

/* Whether the file sets an option to its default, as a file does that --print-config has written. */
static bool is_written_default(const gbxi_settings *settings, size_t index)
{
    const gbxi_cli_option *option = gbxi_command_option(settings->command, index);
    char text[GBXI_VALUE_TEXT_SIZE], usual_text[GBXI_VALUE_TEXT_SIZE];
    union {
        const char *text;
        uint64_t number;
    } usual = {.text = NULL};

    if (settings->sources[index] != GBXI_FROM_FILE || option->unset != NULL || option->kind == GBXI_KIND_LIST)
        return false;
    gbxi_value_store_default(option, &usual);
    return strcmp(gbxi_value_text(option, gbxi_settings_field(settings, index), text),
                  gbxi_value_text(option, &usual, usual_text)) == 0;
}

/* A flag that is off counts as not set. */
static bool is_set(const gbxi_settings *settings, size_t index)
{
    const gbxi_cli_option *option = gbxi_command_option(settings->command, index);

    if (settings->sources[index] == GBXI_FROM_DEFAULT)
        return false;
    return option->kind != GBXI_KIND_FLAG || *(const bool *)gbxi_settings_field(settings, index);
}

static gbx_err check_pair(const gbxi_settings *settings, size_t index, const char *name, bool wanted,
                          const char *sentence, gbx_error *error)
{
    char label[LABEL_SIZE], other_label[LABEL_SIZE];
    size_t other;

    if (name == NULL || is_set(settings, other = gbxi_settings_find(settings, name, strlen(name))) == wanted)
        return GBX_ERR_OK;
    setting_label(settings, index, label);
    setting_label(settings, other, other_label);
    if (wanted && gbxi_command_option(settings->command, other)->needs == NULL)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s has no effect without %s", label, other_label);
    /* Name them in the order of the rows. */
    return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s and %s %s", index < other ? label : other_label,
                         index < other ? other_label : label, sentence);
}

static gbx_err check_alone(const gbxi_settings *settings, size_t index, gbx_error *error)
{
    char label[LABEL_SIZE];

    for (size_t i = 0; gbxi_command_option(settings->command, i) != NULL; i++)
        if (i != index && is_set(settings, i)) {
            setting_label(settings, index, label);
            return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s cannot be combined with other options", label);
        }
    return GBX_ERR_OK;
}

/* Checks the rules between options: alone, required, needs, excludes. */
static gbx_err check_together(const gbxi_settings *settings, gbx_error *error)
{
    const gbxi_cli_option *option;
    gbx_err err = GBX_ERR_OK;

    for (size_t i = 0; (option = gbxi_command_option(settings->command, i)) != NULL; i++)
        if (option->alone && is_set(settings, i))
            return check_alone(settings, i, error);
    for (size_t i = 0; err == GBX_ERR_OK && (option = gbxi_command_option(settings->command, i)) != NULL; i++) {
        if (option->required && !is_set(settings, i))
            return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "--%s is missing", option->name);
        if (is_set(settings, i) && !is_written_default(settings, i) &&
            (err = check_pair(settings, i, option->needs, true, "must be used together", error)) == GBX_ERR_OK)
            err = check_pair(settings, i, option->excludes, false, "cannot be used together", error);
    }
    return err;
}

/* The name of the file must be known before any source of higher precedence is read. */
static gbx_err find_and_read_config(gbxi_settings *settings, const char *path, char **environment, gbx_error *error)
{
    size_t index = gbxi_settings_find(settings, "config", strlen("config"));
    const gbxi_cli_option *option = gbxi_command_option(settings->command, index);
    char name[GBXI_NAME_SIZE];
    gbx_err err;

    gbxi_cli_option_variable(option, name);
    if (path == NULL && (path = gbxi_environment_value(option, environment)) == NULL)
        return GBX_ERR_OK;
    if ((err = gbxi_value_store(option, path, name, &settings->common.config, error)) != GBX_ERR_OK)
        return err;
    return gbxi_config_file_read(settings, error);
}

gbx_err gbxi_settings_read(gbxi_settings *settings, const gbxi_command *command, int argc, char **argv,
                           char **environment, gbx_error *error)
{
    const char *config;
    gbx_err err;

    /* The first reading only validates the command line, finds the file's name and checks for --help. */
    gbxi_settings_init(settings, command);
    if ((err = gbxi_command_line_read(settings, argc, argv, error)) != GBX_ERR_OK || settings->common.help)
        return err;
    config = settings->common.config;
    gbxi_settings_init(settings, command);
    if (command->configurable && (err = find_and_read_config(settings, config, environment, error)) != GBX_ERR_OK)
        return err;
    if ((err = gbxi_environment_read(settings, environment, error)) != GBX_ERR_OK)
        return err;
    if ((err = gbxi_command_line_read(settings, argc, argv, error)) != GBX_ERR_OK)
        return err;
    return check_together(settings, error);
}
