/* SPDX-License-Identifier: MIT */
/* The options of one run: setting and finding them, and owning their texts. */
#include "cli/settings.h"
#include "base/suggest.h"
#include "cli/value.h"
#include <stdlib.h>
#include <string.h>

const void *gbxi_settings_field(const gbxi_settings *settings, size_t index)
{
    const gbxi_cli_option *option = gbxi_command_option(settings->command, index);

    return (option->common ? (const unsigned char *)&settings->common : settings->values) + option->offset;
}

static void *field_of(gbxi_settings *settings, size_t index)
{
    const gbxi_cli_option *option = gbxi_command_option(settings->command, index);

    return (option->common ? (unsigned char *)&settings->common : settings->values) + option->offset;
}

size_t gbxi_settings_find(const gbxi_settings *settings, const char *name, size_t length)
{
    const gbxi_cli_option *option;

    for (size_t i = 0; (option = gbxi_command_option(settings->command, i)) != NULL; i++)
        if (strlen(option->name) == length && memcmp(option->name, name, length) == 0)
            return i;
    return SIZE_MAX;
}

gbx_err gbxi_settings_set(gbxi_settings *settings, size_t index, gbxi_setting_source source, unsigned line,
                          const char *text, const char *subject, gbx_error *error)
{
    const gbxi_cli_option *option = gbxi_command_option(settings->command, index);
    void *field = field_of(settings, index);
    gbx_err err;

    if (option->kind == GBXI_KIND_LIST && source > settings->sources[index])
        *(gbxi_value_list *)field = (gbxi_value_list){.count = 0};
    if ((err = gbxi_value_store(option, text, subject, field, error)) != GBX_ERR_OK)
        return err;
    if (option->kind == GBXI_KIND_LIST)
        ((gbxi_value_list *)field)->lines[((gbxi_value_list *)field)->count - 1] = line;
    settings->sources[index] = source;
    settings->lines[index] = line;
    return GBX_ERR_OK;
}

gbx_err gbxi_settings_refuse_name(const gbxi_settings *settings, const char *written, const char *prefix,
                                  gbx_error *error)
{
    gbxi_suggestion suggestion = gbxi_suggestion_for(written);
    const gbxi_cli_option *option;

    for (size_t i = 0; (option = gbxi_command_option(settings->command, i)) != NULL; i++)
        gbxi_suggestion_offer(&suggestion, option->name);
    if (suggestion.nearest == NULL)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "unknown option '%.80s'", written);
    return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "unknown option '%.80s'; did you mean %s%s?", written, prefix,
                         suggestion.nearest);
}

char *gbxi_settings_keep(gbxi_settings *settings, size_t length)
{
    gbxi_kept_text *text = calloc(1, sizeof(*text) + length + 1);

    if (text == NULL)
        return NULL;
    text->next = settings->kept;
    settings->kept = text;
    return text->bytes;
}

void gbxi_settings_fini(gbxi_settings *settings)
{
    gbxi_kept_text *text;

    while ((text = settings->kept) != NULL) {
        settings->kept = text->next;
        free(text);
    }
}

void gbxi_settings_init(gbxi_settings *settings, const gbxi_command *command)
{
    const gbxi_cli_option *option;

    *settings = (gbxi_settings){.command = command};
    for (size_t i = 0; (option = gbxi_command_option(command, i)) != NULL; i++)
        gbxi_value_store_default(option, field_of(settings, i));
}
