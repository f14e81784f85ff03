/* SPDX-License-Identifier: MIT */
/* A store that is written: a sink of the recorder that puts captures into runs, begins a new run when one is large or
 * old, and removes old runs.
 *
 *     gbxi_store_options options = {.directory = ".glassbox", .program = "glassbox serve"};
 *     gbxi_store_open(&options, &store, &error)
 *     sink = gbxi_store_sink(store);                 // gbx_recorder_add; its `close` ends the run
 */
#ifndef GBX_STORE_STORE_H
#define GBX_STORE_STORE_H

#include "store/retention.h"
#include <glassbox/recorder.h>

typedef struct gbxi_store gbxi_store;

#define GBXI_STORE_RUN_BYTES_DEFAULT (UINT64_C(128) << 20)
#define GBXI_STORE_RUN_NS_DEFAULT (UINT64_C(86400) * 1000000000)

/* Zero selects the default. Texts are copied. */
typedef struct gbxi_store_options {
    const char *directory; /* ".glassbox" */
    const char *program;   /* what runs; "" */
    uint64_t run_bytes;    /* a run that is larger ends, and another begins: 128 MiB */
    uint64_t run_ns;       /* the same for one that is older: 24 h */
    const char *exporter;  /* who takes the traces of each run to export them; "": nobody does */
    gbxi_retention keep;   /* which runs are removed, now and when another run begins: none */
} gbxi_store_options;

/* Opens a store and begins a run in it. Runs that broke off before get their counts, and old ones are removed. Owns:
 * the caller, until gbxi_store_close. Errors: IO, MISSING if the folder's parent is not there, STATE, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_store_open(const gbxi_store_options *options, gbxi_store **store, gbx_error *error);

/* Ends the run and frees the store. Errors: IO, CONFLICT, STATE, NO_MEMORY; what could not be stored is lost then. */
GBX_MUST_USE gbx_err gbxi_store_close(gbxi_store *store, gbx_error *error);

/* The store as a sink for gbx_recorder_add. Its `close` ends the run, and its `dispose` frees the store. */
gbx_sink gbxi_store_sink(gbxi_store *store);

/* The id of the run that is being written; borrowed until the next call for the store. Thread: the sink's. */
const char *gbxi_store_run_id(const gbxi_store *store);

#endif
