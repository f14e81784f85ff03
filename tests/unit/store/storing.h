/* SPDX-License-Identifier: MIT */
/* Stores for tests: a folder of its own, captures with the frames that a test asks for, and runs filled with them. */
#ifndef GBX_TESTS_STORE_STORING_H
#define GBX_TESTS_STORE_STORING_H

#include "store/run.h"
#include "trace/trace.h"
#include <glassbox/recorder.h>
#include <sys/resource.h>

/* A capture that is stored. Zeroed members have defaults. */
typedef struct stored_case {
    const char *method, *path, *route; /* "GET", "/items/7", "/items/{id}" */
    const char *error;                 /* a span fails for this reason */
    uint64_t duration_ns;              /* 1,000,000 */
    uint32_t frames;                   /* that are called, once each, besides the outermost; 3 */
    uint32_t first;                    /* the number of the first of these frames */
    uint32_t status;                   /* 200 */
    uint32_t reasons;                  /* GBX_KEEP_SAMPLED */
    uint8_t id;                        /* all bytes of the trace id; 0: a random one */
    uint8_t parent;                    /* all bytes of the parent's span id, and the flags; 0: none */
} stored_case;

/* A capture with its trace and what the recorder says of it. */
typedef struct stored_sample {
    gbx_capture *capture;
    gbxi_trace *trace;
    gbx_recording recording;
} stored_sample;

/* Makes a folder in which a store can be made, and removes it with all that is in it. */
char *storing_begin(void);
void storing_end(char *directory);

/* How many entries the folder has. */
size_t storing_entries(const char *directory);
/* The path of a file in the folder; the caller's to free. */
char *storing_path(const char *directory, const char *name, const char *suffix);

void stored_sample_make(stored_sample *sample, const stored_case *what);
void stored_sample_free(stored_sample *sample);

/* What the tests store in place of packed events. */
#define STORED_EVENTS "the packed events of a trace"

/* Puts a sample of `what` into the run, `count` times. Returns the last error. */
gbx_err storing_put(gbxi_run *run, const stored_case *what, size_t count, gbx_error *error);

/* Makes a closed run with `count` such traces. `id` gets its id. */
void storing_run(const char *directory, const stored_case *what, size_t count, char id[GBXI_RUN_ID_SIZE]);

/* A file may not grow beyond `bytes` from now on, as on a full disk. */
void storing_limit_files(rlim_t bytes);

/* Gives a number from a database, read by SQLite itself; -1 if it cannot be read. */
int64_t storing_number(const char *path, const char *sql);
/* Make a run what an earlier version has written. */
#define STORING_TO_VERSION_1                                                                                           \
    "ALTER TABLE traces DROP COLUMN parent_span;ALTER TABLE traces DROP COLUMN trace_flags;"                           \
    "ALTER TABLE run DROP COLUMN exported;PRAGMA user_version=1;"
#define STORING_TO_VERSION_0 STORING_TO_VERSION_1 "ALTER TABLE traces DROP COLUMN left_out;PRAGMA user_version=0;"

/* Changes a database by SQLite itself. */
void storing_change(const char *path, const char *sql);

#endif
