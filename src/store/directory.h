/* SPDX-License-Identifier: MIT */
/* The folder of a store: which files belong to which run.
 *
 * A run is `ID.db`; `ID.db-wal`, `ID.db-shm` and `ID.db-journal` are SQLite's, and `ID.live` is beside a run that is
 * being written or broke off. */
#ifndef GBX_STORE_DIRECTORY_H
#define GBX_STORE_DIRECTORY_H

#include "store/run_id.h"
#include <glassbox/error.h>

/* A run as its files tell it. */
typedef struct gbxi_run_files {
    char id[GBXI_RUN_ID_SIZE];
    uint64_t bytes;   /* of the files with its data */
    int64_t mtime_ns; /* of the last changed one */
} gbxi_run_files;

/* The path of a file of a run, or of any other `name` in the folder: directory, name and suffix. Returns NULL if out of
 * memory. Owns: the caller, with free. */
GBX_MUST_USE char *gbxi_directory_path(const char *directory, const char *name, const char *suffix);

/* Creates the folder for its owner alone, unless it is there. Its parent must exist. Errors: IO, STATE if it is no
 * folder. */
GBX_MUST_USE gbx_err gbxi_directory_make(const char *directory, gbx_error *error);

/* Finds the runs in a folder, oldest first. Owns: the caller, with free. Errors: MISSING if there is no such folder,
 * IO, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_directory_runs(const char *directory, gbxi_run_files **runs, size_t *count, gbx_error *error);

/* Unlinks the files of a run: the database first, so that what is left if this breaks off is no run. Errors: IO,
 * NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_directory_unlink(const char *directory, const char *id, gbx_error *error);

#endif
