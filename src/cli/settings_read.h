/* SPDX-License-Identifier: MIT */
/* Reads the options of a command from all of their sources:
 *
 *     gbxi_settings settings;
 *     if (gbxi_settings_read(&settings, &gbxi_command_serve, argc, argv, environ, &error) == GBX_ERR_OK)
 *         ... settings.common, settings.values ...
 *     gbxi_settings_fini(&settings);
 *
 * The command line counts more than the environment, that more than the configuration file, that more than the default.
 * Within a source the later value counts; those of a list add up there, and a source that has any replaces all of the
 * sources below it. A value that is not valid is an error even where a higher source replaces it. */
#ifndef GBX_CLI_SETTINGS_READ_H
#define GBX_CLI_SETTINGS_READ_H

#include "cli/settings.h"

/* Reads the command line, argv[0] being the command's name, and for a configurable command the environment and the
 * configuration file that either of them names; fills `settings`, to be given to gbxi_settings_fini in any case, whose
 * strings may point into argv and the environment. After --help only `common.help` is of use. Errors: ARGUMENT,
 * NO_MEMORY, IO, with one sentence that names the culprit and its source. */
GBX_MUST_USE gbx_err gbxi_settings_read(gbxi_settings *settings, const gbxi_command *command, int argc, char **argv,
                                        char **environment, gbx_error *error);

#endif
