/* SPDX-License-Identifier: MIT */
/* Opens runs to read them. */
#ifndef GBX_STORE_RUN_READ_H
#define GBX_STORE_RUN_READ_H

#include "store/database.h"

/* Opens the database of a run. One with an older layout is brought up to date first. Owns: the caller, with
 * gbxi_database_close. Errors: as gbxi_database_fail, UNKNOWN if it is no run, or a newer program's, and
 * MISSING if it has no tables yet. */
GBX_MUST_USE gbx_err gbxi_run_read_open(const char *directory, const char *id, gbxi_database **database,
                                        gbx_error *error);

#endif
