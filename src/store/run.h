/* SPDX-License-Identifier: MIT */
/* A run that is being written: one database of one process, with a trace for each capture that was kept.
 *
 *     gbxi_run_create(directory, "glassbox serve", "", &run, &error)
 *     gbxi_run_put(run, &recording, trace, events, events_bytes, &error)     // for each
 *     gbxi_run_commit(run, &error)                                           // once a second, and after many
 *     gbxi_run_close(run, &error)                                            // the file alone is whole now
 *
 * What was put since the last commit is a group: it is stored together or not at all. If a group cannot be stored, its
 * traces are counted as lost, and the run goes on with the next group. If the process is killed, what was committed
 * stays, and the counts of the rest stay in the file beside the database (store/live.h). Thread: one at a time, but for
 * gbxi_run_live. */
#ifndef GBX_STORE_RUN_H
#define GBX_STORE_RUN_H

#include "store/live.h"
#include "store/stored.h"
#include "trace/trace.h"
#include <glassbox/recorder.h>

typedef struct gbxi_run gbxi_run;

enum {
    GBXI_RUN_GROUP = 256,          /* traces; a put that fills the group commits it */
    GBXI_RUN_GROUP_FRAMES = 16384, /* frames of those traces; likewise */
    GBXI_RUN_TRACE_FRAMES = 1000   /* frames of one trace that get rows: those with the most total time */
};

/* Creates the directory if there is none (its parent must exist), for the owner alone, and a run in it. `program` names
 * what runs, and `exporter` who takes the traces of the run to export them, "" if nobody does: a trace is accepted for
 * export with its row. Both are copied. Owns: the caller, until gbxi_run_close. Errors: IO, STATE, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_run_create(const char *directory, const char *program, const char *exporter, gbxi_run **run,
                                     gbx_error *error);

/* Stores a trace, its frames and its packed `events`. Commits if the group is full. Errors: LIMIT if the run has too
 * many frames, then nothing has changed; others as those of gbxi_run_commit. */
GBX_MUST_USE gbx_err gbxi_run_put(gbxi_run *run, const gbx_recording *recording, const gbxi_trace *trace,
                                  const void *events, size_t events_bytes, gbx_error *error);

/* Counts a trace that cannot be put: it is taken, and lost. */
void gbxi_run_lose(gbxi_run *run);

/* Stores what the process was doing. A second row for the same second replaces the first. `database_ns` is filled in
 * by the run. Errors: as those of gbxi_run_commit. */
GBX_MUST_USE gbx_err gbxi_run_sample(gbxi_run *run, const gbxi_process_row *row, gbx_error *error);

/* Commits the group. Errors: IO, CONFLICT if somebody has the database locked, STATE if it is read-only, NO_MEMORY; the
 * traces of the group are then lost, and counted. */
GBX_MUST_USE gbx_err gbxi_run_commit(gbxi_run *run, gbx_error *error);

/* Commits, closes and frees the run, also after an error. If it was ended in order, `missed` of its page is what was
 * counted too late to be in the database. Errors: as those of gbxi_run_commit. */
GBX_MUST_USE gbx_err gbxi_run_close(gbxi_run *run, gbx_error *error);

/* The run's id. */
const char *gbxi_run_id(const gbxi_run *run);

/* The run's counters, which other threads may add to while the run is open. */
gbxi_live *gbxi_run_live(gbxi_run *run);

/* Whether the database is damaged, so that nothing more can be stored in it. */
bool gbxi_run_is_damaged(const gbxi_run *run);

/* Whether no trace is committed. */
bool gbxi_run_is_empty(const gbxi_run *run);

/* Whether nothing was stored, is to be stored or was lost. */
bool gbxi_run_is_void(const gbxi_run *run);

/* About how large the run's database is, in bytes, and when the run began (gbxi_monotonic_ns). */
uint64_t gbxi_run_bytes(const gbxi_run *run);
uint64_t gbxi_run_began_ns(const gbxi_run *run);

#endif
