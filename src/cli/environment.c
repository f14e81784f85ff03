/* SPDX-License-Identifier: MIT */
/* The environment as a source of options: GLASSBOX_MAX_BODY sets max-body. Other variables with this prefix may belong
 * to other programs or to the library and are ignored. */
#include "cli/source.h"
#include <string.h>

const char *gbxi_environment_value(const gbxi_cli_option *option, char **environment)
{
    char name[GBXI_NAME_SIZE];
    size_t length;

    gbxi_cli_option_variable(option, name);
    length = strlen(name);
    for (char **variable = environment; *variable != NULL; variable++)
        if (strncmp(*variable, name, length) == 0 && (*variable)[length] == '=')
            return *variable + length + 1;
    return NULL;
}

static char *without_blanks(char *text)
{
    size_t length;

    text += strspn(text, " \t");
    length = strlen(text);
    while (length > 0 && strchr(" \t", text[length - 1]) != NULL)
        text[--length] = '\0';
    return text;
}

static gbx_err set_list(gbxi_settings *settings, size_t index, const char *value, const char *name, gbx_error *error)
{
    size_t length = strlen(value);
    char *text = gbxi_settings_keep(settings, length), *comma;
    gbx_err err = GBX_ERR_OK;

    if (text == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    memcpy(text, value, length);
    while (err == GBX_ERR_OK && (comma = strchr(text, ',')) != NULL) {
        *comma = '\0';
        err = gbxi_settings_set(settings, index, GBXI_FROM_ENVIRONMENT, 0, without_blanks(text), name, error);
        text = comma + 1;
    }
    if (err != GBX_ERR_OK)
        return err;
    return gbxi_settings_set(settings, index, GBXI_FROM_ENVIRONMENT, 0, without_blanks(text), name, error);
}

gbx_err gbxi_environment_read(gbxi_settings *settings, char **environment, gbx_error *error)
{
    const gbxi_cli_option *option;
    gbx_err err = GBX_ERR_OK;

    for (size_t i = 0; err == GBX_ERR_OK && (option = gbxi_command_option(settings->command, i)) != NULL; i++) {
        const char *value = gbxi_environment_value(option, environment);
        char name[GBXI_NAME_SIZE];

        if (value == NULL || !gbxi_cli_option_has_variable(settings->command, option))
            continue;
        gbxi_cli_option_variable(option, name);
        if (option->kind == GBXI_KIND_LIST)
            err = set_list(settings, i, value, name, error);
        else
            err = gbxi_settings_set(settings, i, GBXI_FROM_ENVIRONMENT, 0, value, name, error);
    }
    return err;
}
