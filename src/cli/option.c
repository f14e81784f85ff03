/* SPDX-License-Identifier: MIT */
/* Facts that follow from an option's row alone. */
#include "cli/option.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

bool gbxi_cli_option_takes_value(const gbxi_cli_option *option)
{
    return option->kind != GBXI_KIND_FLAG;
}

void gbxi_cli_option_variable(const gbxi_cli_option *option, char name[static GBXI_NAME_SIZE])
{
    snprintf(name, GBXI_NAME_SIZE, "GLASSBOX_%s", option->name);
    for (char *at = name; *at != '\0'; at++)
        *at = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
}
