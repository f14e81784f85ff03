/* SPDX-License-Identifier: MIT */
/* The catalog's rollups: for each minute, route and method of a run, how many requests there were and how long they
 * took. */
#ifndef GBX_STORE_ROLLUPS_H
#define GBX_STORE_ROLLUPS_H

#include "store/database.h"
#include "store/histogram.h"

/* The minutes that are being summed up, until they are written. Owns: its memory. */
typedef struct gbxi_rollups gbxi_rollups;

/* Prepares the sums and their statements. NULL if it fails. Owns: the caller, with free, before the catalog is closed.
 * Errors: NO_MEMORY, and as gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_rollups_new(gbxi_database *catalog, gbxi_rollups **rollups, gbx_error *error);
void gbxi_rollups_free(gbxi_rollups *rollups); /* accepts NULL */

/* Adds a request. Errors: as those of flush, which it calls when many minutes are being summed up. */
GBX_MUST_USE gbx_err gbxi_rollups_add(gbxi_rollups *rollups, int64_t run, const char *route, const char *method,
                                      int64_t started_unix_ns, uint64_t duration_ns, bool failed, gbx_error *error);

/* Adds the sums to the catalog's rows. Errors: as gbxi_database_fail; DAMAGED if a row has no histogram. */
GBX_MUST_USE gbx_err gbxi_rollups_flush(gbxi_rollups *rollups, gbx_error *error);

/* Forgets what is not written. */
void gbxi_rollups_drop(gbxi_rollups *rollups);

#endif
