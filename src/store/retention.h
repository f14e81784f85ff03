/* SPDX-License-Identifier: MIT */
/* Removes old runs, whole and the oldest first. */
#ifndef GBX_STORE_RETENTION_H
#define GBX_STORE_RETENTION_H

#include "store/run_id.h"
#include <glassbox/error.h>

/* What is kept. 0: no limit. Runs that are being written count, and are never removed. Neither is the newest of all
 * runs, unless it is too old: a store whose one run is too large keeps it. */
typedef struct gbxi_retention {
    uint64_t keep_runs;   /* at most so many */
    uint64_t keep_bytes;  /* at most so many bytes in all */
    uint64_t keep_age_ns; /* only those that were last written at most so long ago */
} gbxi_retention;

/* A run that was removed, or would be. */
typedef struct gbxi_removed_run {
    char id[GBXI_RUN_ID_SIZE];
    uint64_t bytes;
} gbxi_removed_run;

/* Removes what is not kept; with `dry_run` it only says what would be. `*removed` gets `*count` runs, oldest first,
 * also after an error: those that were removed before. Owns: the caller, with free. Errors: MISSING if there is no such
 * folder, IO, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_retention_apply(const char *directory, const gbxi_retention *keep, bool dry_run,
                                          gbxi_removed_run **removed, size_t *count, gbx_error *error);

#endif
