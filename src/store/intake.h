/* SPDX-License-Identifier: MIT */
/* Takes runs into a catalog: what is new in each, in one transaction. */
#ifndef GBX_STORE_INTAKE_H
#define GBX_STORE_INTAKE_H

#include "store/database.h"
#include "store/directory.h"

/* The statements for one catalog. */
typedef struct gbxi_intake gbxi_intake;

/* Prepares the statements. Owns: the caller, with free, before the catalog is closed. Errors: NO_MEMORY, and as
 * gbxi_database_fail for the catalog. */
GBX_MUST_USE gbx_err gbxi_intake_new(gbxi_database *catalog, gbxi_intake **intake, gbx_error *error);
void gbxi_intake_free(gbxi_intake *intake); /* accepts NULL */

/* Reads what is new in a run. A run that cannot be read gets a row with its fault. Errors: as gbxi_database_fail for
 * the catalog. Cost: about 5 us for each trace that is new, and 0.1 us for each frame of them. */
GBX_MUST_USE gbx_err gbxi_intake_run(gbxi_intake *intake, const char *directory, const gbxi_run_files *files,
                                     gbx_error *error);

/* Removes a run that is gone. Errors: as gbxi_database_fail for the catalog. */
GBX_MUST_USE gbx_err gbxi_intake_forget(gbxi_intake *intake, const char *id, gbx_error *error);

#endif
