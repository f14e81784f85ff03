/* SPDX-License-Identifier: MIT */
/* The runs that appear in a store meanwhile. */
#ifndef GBX_CLI_TRACE_RUNS_H
#define GBX_CLI_TRACE_RUNS_H

#include "store/directory.h"
#include "store/query.h"

enum { GBXI_FOUND_RUNS_MAX = 16 };

/* The runs of a store at one time. Owns: the list, until free. Zeroed: none. */
typedef struct gbxi_known_runs {
    gbxi_run_files *runs;
    size_t count;
    bool found; /* the store was there */
} gbxi_known_runs;

/* Runs that were not there before: the one with the most traces first. */
typedef struct gbxi_found_runs {
    gbxi_run_info runs[GBXI_FOUND_RUNS_MAX];
    size_t count;
    uint64_t traces; /* of all that were found */
    uint64_t lost;
} gbxi_found_runs;

/* Takes note of the runs in `store`, which need not be there. Errors: IO, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_known_runs_read(gbxi_known_runs *known, const char *store, gbx_error *error);
void gbxi_known_runs_fini(gbxi_known_runs *known);

/* Finds the runs that are not known. Errors: those of reading a store; without a store, none are found. */
GBX_MUST_USE gbx_err gbxi_found_runs_read(gbxi_found_runs *found, const gbxi_known_runs *known, const char *store,
                                          gbx_error *error);

#endif
