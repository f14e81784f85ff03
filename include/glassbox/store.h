/* SPDX-License-Identifier: MIT */
/* A store: a directory in which a recorder's captures are kept, and which `glassbox list`, `show`, `export` and `open`
 * read.
 *
 *     gbx_store_options store = {.size = sizeof(store), .directory = "/var/lib/service/traces", .program = "service"};
 *     gbx_error error = {0};
 *     if (gbx_recorder_add_store(recorder, &store, &error) != GBX_ERR_OK) ...       // error.text says why
 *
 * A run is what one process has recorded: a single SQLite database, which can be copied or mailed. A process that runs
 * long begins a new run when one is large or old, and old runs are removed. What was committed survives the death of
 * the process; what was kept and not committed, at most about a second, is counted. Any number of processes may write
 * to one directory: each has runs of its own. */
#ifndef GLASSBOX_STORE_H
#define GLASSBOX_STORE_H

#include <glassbox/api.h>
#include <glassbox/error.h>
#include <glassbox/recorder.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Zero selects the default. Texts are copied. */
typedef struct gbx_store_options {
    size_t size;           /* sizeof(gbx_store_options) */
    const char *directory; /* created if it is not there, for its owner alone (0700); default ".glassbox" */
    const char *program;   /* what runs, for `glassbox list`; default: the name of the executable */
    uint64_t run_bytes;    /* a larger run ends, and another begins; default 128 MiB */
    uint64_t run_ns;       /* the same for an older one; default 24 hours */
    uint64_t keep_runs;    /* at most so many runs are kept, the newest; default: no limit */
    uint64_t keep_bytes;   /* at most so many bytes are kept in all; default 1 GiB; UINT64_MAX: no limit */
    uint64_t keep_age_ns;  /* runs last written longer ago are removed; default: no limit */
    const char *exporter;  /* who takes the traces of each run to export them, each with its row; default: nobody */
} gbx_store_options;

/* Opens a store, begins a run, and adds it to the recorder as a sink. NULL options select all defaults. Thread: as
 * gbx_recorder_add. Errors: those of gbx_recorder_add; IO, STATE or MISSING with a sentence in `error` that names the
 * directory. */
GBX_API GBX_MUST_USE gbx_err gbx_recorder_add_store(gbx_recorder *recorder, const gbx_store_options *options,
                                                    gbx_error *error);

#ifdef __cplusplus
}
#endif

#endif
