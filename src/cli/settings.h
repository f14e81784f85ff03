/* SPDX-License-Identifier: MIT */
/* The options of one run of a command, from all of their sources, and where each came from. */
#ifndef GBX_CLI_SETTINGS_H
#define GBX_CLI_SETTINGS_H

#include "cli/command.h"
#include <glassbox/error.h>

/* In the order of what they count. */
typedef enum gbxi_setting_source {
    GBXI_FROM_DEFAULT,
    GBXI_FROM_FILE,
    GBXI_FROM_ENVIRONMENT,
    GBXI_FROM_COMMAND_LINE
} gbxi_setting_source;

/* Texts that were made or read for the settings; freed with them. */
typedef struct gbxi_kept_text {
    struct gbxi_kept_text *next;
    char bytes[];
} gbxi_kept_text;

typedef struct gbxi_settings {
    const gbxi_command *command;
    gbxi_common_options common;
    gbxi_setting_source sources[GBXI_OPTIONS_MAX]; /* of the options by their index in the command */
    unsigned lines[GBXI_OPTIONS_MAX];              /* of the configuration file, where they are from there */
    gbxi_kept_text *kept;
    _Alignas(max_align_t) unsigned char values[GBXI_VALUES_BYTES]; /* the command's struct */
} gbxi_settings;

/* Fills `settings` with the defaults of the command's rows. */
void gbxi_settings_init(gbxi_settings *settings, const gbxi_command *command);

/* Frees what the settings keep. */
void gbxi_settings_fini(gbxi_settings *settings);

/* Sets the option at `index` from a source no lower than any before; `subject` begins the error. Errors: ARGUMENT. */
GBX_MUST_USE gbx_err gbxi_settings_set(gbxi_settings *settings, size_t index, gbxi_setting_source source, unsigned line,
                                       const char *text, const char *subject, gbx_error *error);

/* The index of the option with this name of `length` bytes; SIZE_MAX when there is none. */
size_t gbxi_settings_find(const gbxi_settings *settings, const char *name, size_t length);

/* The field of the option at `index`. */
const void *gbxi_settings_field(const gbxi_settings *settings, size_t index);

/* Says that no option has the name `written`, and which it may be; `prefix` is what names have before them where it
 * was written, "--" or "". Returns ARGUMENT. */
gbx_err gbxi_settings_refuse_name(const gbxi_settings *settings, const char *written, const char *prefix,
                                  gbx_error *error);

/* The end of a path, as much of it as an error has room for. */
const char *gbxi_settings_path_shown(const char *path);

/* Memory for a text, terminated and zeroed, that lives as long as the settings; NULL when there is none. */
char *gbxi_settings_keep(gbxi_settings *settings, size_t length);

#endif
