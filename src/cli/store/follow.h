/* SPDX-License-Identifier: MIT */
/* Prints the traces of a run as they are stored. */
#ifndef GBX_CLI_STORE_FOLLOW_H
#define GBX_CLI_STORE_FOLLOW_H

#include "cli/store/chosen.h"

/* Prints every further trace of the chosen run, which is open, on a line, as text or as JSON, until the run ends or
 * SIGINT or SIGTERM comes. Both signals stay blocked. Errors: those of the store, IO if a line cannot be written. */
GBX_MUST_USE gbx_err gbxi_follow(gbxi_chosen *chosen, bool json, gbx_error *error);

#endif
