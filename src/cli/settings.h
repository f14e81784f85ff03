/* SPDX-License-Identifier: MIT */
/* The options of one run of a command, from all of their sources, and where each came from.
 *
 *     gbxi_settings settings;
 *     if (gbxi_settings_read(&settings, &gbxi_command_serve, argc, argv, environ, &error) == GBX_ERR_OK)
 *         ... settings.common, settings.values ...
 *     gbxi_settings_fini(&settings);
 *
 * The command line counts more than the environment, that more than the configuration file, that more than the default.
 * Within a source the later value counts; those of a list add up there, and a source that has any replaces all of the
 * sources below it. A value that is not valid is an error even where a higher source replaces it. */
#ifndef GBX_CLI_SETTINGS_H
#define GBX_CLI_SETTINGS_H

#include "cli/command.h"
#include <glassbox/error.h>

/* In the order of what they count. */
typedef enum gbxi_source {
    GBXI_SOURCE_DEFAULT,
    GBXI_SOURCE_FILE,
    GBXI_SOURCE_ENVIRONMENT,
    GBXI_SOURCE_COMMAND_LINE
} gbxi_source;

/* Texts that were made or read for the settings; freed with them. */
typedef struct gbxi_kept_text {
    struct gbxi_kept_text *next;
    char bytes[];
} gbxi_kept_text;

typedef struct gbxi_settings {
    const gbxi_command *command;
    gbxi_common_options common;
    gbxi_source sources[GBXI_OPTIONS_MAX]; /* of the options by their index in the command */
    unsigned lines[GBXI_OPTIONS_MAX];      /* of the configuration file, where they are from there */
    gbxi_kept_text *kept;
    _Alignas(max_align_t) unsigned char values[GBXI_VALUES_BYTES]; /* the command's struct */
} gbxi_settings;

/* Reads the command line, argv[0] being the command's name, and for a configurable command the environment and the
 * configuration file that either of them names; fills `settings`, to be given to gbxi_settings_fini in any case, whose
 * strings may point into argv and the environment. After --help only `common.help` is of use. Errors: ARGUMENT,
 * NO_MEMORY, IO, with one sentence that names the culprit and its source. */
GBX_MUST_USE gbx_err gbxi_settings_read(gbxi_settings *settings, const gbxi_command *command, int argc, char **argv,
                                        char **environment, gbx_error *error);

/* Frees what the settings keep. */
void gbxi_settings_fini(gbxi_settings *settings);

/* Sets the option at `index` from a source no lower than any before; `subject` begins the error. Errors: ARGUMENT. */
GBX_MUST_USE gbx_err gbxi_settings_set(gbxi_settings *settings, size_t index, gbxi_source source, unsigned line,
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
