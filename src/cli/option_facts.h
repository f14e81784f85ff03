/* SPDX-License-Identifier: MIT */
/* The range and the default of an option, as shown in all texts about it. */
#ifndef GBX_CLI_OPTION_FACTS_H
#define GBX_CLI_OPTION_FACTS_H

#include "cli/option.h"

enum { GBXI_FACTS_SIZE = 192 };

/* Writes the range and the default of a row, as in "1 to 256; default: one per CPU"; "" if the row has neither. */
void gbxi_cli_option_facts(const gbxi_cli_option *option, char facts[static GBXI_FACTS_SIZE]);

#endif
