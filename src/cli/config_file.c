/* SPDX-License-Identifier: MIT */
/* The configuration file as a source of options. */
#include "base/file.h"
#include "cli/config.h"
#include "cli/source.h"
#include <string.h>

static gbx_err set_from_file(void *context, unsigned line, const char *name, const char *value, gbx_error *error)
{
    gbxi_settings *settings = context;
    size_t index = gbxi_settings_find(settings, name, strlen(name));

    if (index == SIZE_MAX)
        return gbxi_settings_refuse_name(settings, name, "", error);
    if (gbxi_command_option(settings->command, index)->scope != GBXI_SCOPE_EVERYWHERE)
        return gbx_error_set(error, GBX_ERR_ARGUMENT, NULL, "%s cannot be set in a configuration file", name);
    return gbxi_settings_set(settings, index, GBXI_FROM_FILE, line, value, name, error);
}

gbx_err gbxi_config_file_read(gbxi_settings *settings, gbx_error *error)
{
    gbxi_file file = {.what = "configuration file", .path = settings->common.config};
    char *text;
    size_t length;
    gbx_err err;

    if ((err = gbxi_file_open(&file, error)) != GBX_ERR_OK)
        goto Exit;
    if ((text = gbxi_settings_keep(settings, GBXI_CONFIG_BYTES_MAX + 1)) == NULL) {
        err = gbxi_file_refuse(&file, GBX_ERR_NO_MEMORY, "out of memory", error);
        goto Exit;
    }
    if ((err = gbxi_file_read(&file, text, GBXI_CONFIG_BYTES_MAX, &length, error)) == GBX_ERR_OK)
        err = gbxi_config_parse(text, length, gbxi_file_path_shown(file.path), set_from_file, settings, error);

Exit:
    gbxi_file_close(&file);
    return err;
}
