/* SPDX-License-Identifier: MIT */
/* Reads the options of a command from all of their sources:
 *
 *     gbxi_settings settings;
 *     if (gbxi_settings_read(&settings, &gbxi_command_serve, argc, argv, environ, &error) == GBX_ERR_OK)
 *         ... settings.common, settings.values ...
 *     gbxi_settings_fini(&settings);
 *
 * The command line takes precedence over the environment, the environment over the configuration file, and the file
 * over the default. Within a source the last value applies. All values of a list within a source apply together and
 * replace those of lower sources. An invalid value is an error even if a higher source replaces it. */
#ifndef GBX_CLI_SETTINGS_READ_H
#define GBX_CLI_SETTINGS_READ_H

#include "cli/settings.h"

/* Reads the command line, where argv[0] is the command's name. For a configurable command, also reads the environment
 * and the configuration file that one of them names. Fills `settings`, whose strings may point into argv and the
 * environment. Call gbxi_settings_fini even after an error. After --help only `common.help` is valid. Errors: ARGUMENT,
 * NO_MEMORY, IO, each with a message that names the wrong option and its source. */
GBX_MUST_USE gbx_err gbxi_settings_read(gbxi_settings *settings, const gbxi_command *command, int argc, char **argv,
                                        char **environment, gbx_error *error);

#endif
