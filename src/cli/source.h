/* SPDX-License-Identifier: MIT */
/* The sources of options. Each function sets the options of its source in `settings`. */
#ifndef GBX_CLI_SOURCE_H
#define GBX_CLI_SOURCE_H

#include "cli/settings.h"

/* Reads the arguments after argv[0]. Options and operands may be mixed. After "--" there are only operands, or
 * the rest that the command takes. Errors:
 * ARGUMENT. */
GBX_MUST_USE gbx_err gbxi_command_line_read(gbxi_settings *settings, int argc, char **argv, gbx_error *error);

/* Reads the variables named like options and ignores others. Commas separate the values of a list. Errors: ARGUMENT,
 * NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_environment_read(gbxi_settings *settings, char **environment, gbx_error *error);

/* The value of the option's variable; NULL if it is not set. */
const char *gbxi_environment_value(const gbxi_cli_option *option, char **environment);

/* Reads the file `settings->common.config`. Errors: ARGUMENT, NO_MEMORY, IO. */
GBX_MUST_USE gbx_err gbxi_config_file_read(gbxi_settings *settings, gbx_error *error);

#endif
