/* SPDX-License-Identifier: MIT */
/* The options of one run of a command from all sources, and the source of each. */
#ifndef GBX_CLI_SETTINGS_H
#define GBX_CLI_SETTINGS_H

#include "cli/command.h"
#include <glassbox/error.h>

/* In ascending order of precedence. */
typedef enum gbxi_setting_source {
    GBXI_FROM_DEFAULT,
    GBXI_FROM_FILE,
    GBXI_FROM_ENVIRONMENT,
    GBXI_FROM_COMMAND_LINE
} gbxi_setting_source;

/* Texts created or read for the settings, freed with them. */
typedef struct gbxi_kept_text {
    struct gbxi_kept_text *next;
    char bytes[];
} gbxi_kept_text;

typedef struct gbxi_settings {
    const gbxi_command *command;
    gbxi_common_options common;
    gbxi_setting_source sources[GBXI_OPTIONS_MAX]; /* source of each option, by its index in the command */
    unsigned lines[GBXI_OPTIONS_MAX];              /* line in the configuration file, for options from there */
    gbxi_kept_text *kept;
    _Alignas(max_align_t) unsigned char values[GBXI_VALUES_BYTES]; /* the command's struct */
} gbxi_settings;

/* Sets `settings` to the defaults of the command's rows. */
void gbxi_settings_init(gbxi_settings *settings, const gbxi_command *command);

/* Frees the texts of the settings. */
void gbxi_settings_fini(gbxi_settings *settings);

/* Sets the option at `index` from a source whose precedence is not below any earlier one. Error messages begin with
 * `subject`. Errors: ARGUMENT. */
GBX_MUST_USE gbx_err gbxi_settings_set(gbxi_settings *settings, size_t index, gbxi_setting_source source, unsigned line,
                                       const char *text, const char *subject, gbx_error *error);

/* The index of the option with this name of `length` bytes; SIZE_MAX if there is none. */
size_t gbxi_settings_find(const gbxi_settings *settings, const char *name, size_t length);

/* The field of the option at `index`. */
const void *gbxi_settings_field(const gbxi_settings *settings, size_t index);

/* Reports that no option is named `written` and suggests one. `prefix` precedes names in the source: "--" or "".
 * Returns ARGUMENT. */
gbx_err gbxi_settings_refuse_name(const gbxi_settings *settings, const char *written, const char *prefix,
                                  gbx_error *error);

/* Allocates zeroed memory for a terminated text that lives as long as the settings. Returns NULL if out of memory. */
char *gbxi_settings_keep(gbxi_settings *settings, size_t length);

#endif
