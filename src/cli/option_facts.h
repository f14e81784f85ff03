/* SPDX-License-Identifier: MIT */
/* What every text about an option says of its range and its default. */
#ifndef GBX_CLI_OPTION_FACTS_H
#define GBX_CLI_OPTION_FACTS_H

#include "cli/option.h"

enum { GBXI_FACTS_SIZE = 160 };

/* Writes what the row says of range and default, as in "1 to 256; default: one per CPU"; "" when it says nothing. */
void gbxi_cli_option_facts(const gbxi_cli_option *option, char facts[static GBXI_FACTS_SIZE]);

#endif
