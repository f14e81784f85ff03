/* SPDX-License-Identifier: MIT */
/* The catalog of a store, `catalog.db`: what is asked across runs. It is derived from the runs, and can be deleted.
 *
 * It is brought up to date when it is opened: new traces are read from runs that have grown, and runs that are gone are
 * removed. A catalog that is missing, damaged or of another version is made again. One that cannot be written, because
 * the folder is read-only, the disk full or another process busy with it, is made in memory; so it is where there are
 * no runs, and beside a `catalog.db` of another program, which stays as it is. */
#ifndef GBX_STORE_CATALOG_H
#define GBX_STORE_CATALOG_H

#include "store/stored.h"
#include <glassbox/error.h>

typedef struct gbxi_catalog gbxi_catalog;

/* Opens the catalog of a store. `notices` may be NULL. Owns: the caller, until gbxi_catalog_close. Errors: MISSING if
 * there is no such folder, IO, NO_MEMORY. Cost: one look at each file, and the reading of what is new. */
GBX_MUST_USE gbx_err gbxi_catalog_open(const char *directory, const gbxi_store_notices *notices, gbxi_catalog **catalog,
                                       gbx_error *error);
void gbxi_catalog_close(gbxi_catalog *catalog); /* accepts NULL */

/* Makes an empty catalog, so that one that is missing later was deleted. Errors: as gbxi_database_fail; IO if there is
 * one. */
GBX_MUST_USE gbx_err gbxi_catalog_make(const char *directory, gbx_error *error);

/* Brings an open catalog up to date again. Errors: as those of open. */
GBX_MUST_USE gbx_err gbxi_catalog_update(gbxi_catalog *catalog, gbx_error *error);

/* The runs, newest first: `*count` of them, borrowed until the catalog is updated or closed. */
const gbxi_run_info *gbxi_catalog_runs(const gbxi_catalog *catalog, size_t *count);

/* The newest run with a trace whose id is in this range; empty if there is none. Errors: as gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_catalog_find_trace(gbxi_catalog *catalog, const uint8_t low[16], const uint8_t high[16],
                                             char id[GBXI_RUN_ID_SIZE], gbx_error *error);

/* Reads the frames of a whole run, at most `limit`; 0: all. Errors: as gbxi_database_fail for the catalog. */
GBX_MUST_USE gbx_err gbxi_catalog_frames(gbxi_catalog *catalog, const char *id, gbxi_frame_order order, uint64_t limit,
                                         gbxi_stored_frame_use *use, void *context, gbx_error *error);

#endif
