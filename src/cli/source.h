/* SPDX-License-Identifier: MIT */
/* The sources of options: each sets in `settings` what it has. */
#ifndef GBX_CLI_SOURCE_H
#define GBX_CLI_SOURCE_H

#include "cli/settings.h"

/* The arguments behind argv[0]. Options and what is none may stand in any order, and after "--" nothing is an option.
 * Errors: ARGUMENT. */
GBX_MUST_USE gbx_err gbxi_command_line_read(gbxi_settings *settings, int argc, char **argv, gbx_error *error);

/* The variables with the options' names; others are left alone. The values of a list are divided by commas. Errors:
 * ARGUMENT, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_environment_read(gbxi_settings *settings, char **environment, gbx_error *error);

/* The value of the option's variable; NULL when it is not set. */
const char *gbxi_environment_value(const gbxi_cli_option *option, char **environment);

/* The file `settings->common.config`. Errors: ARGUMENT, NO_MEMORY, IO. */
GBX_MUST_USE gbx_err gbxi_config_file_read(gbxi_settings *settings, gbx_error *error);

#endif
