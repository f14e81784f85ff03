/* SPDX-License-Identifier: MIT */
/* The statements that fill the tables of a run. */
#ifndef GBX_STORE_RUN_ROWS_H
#define GBX_STORE_RUN_ROWS_H

#include "store/database.h"
#include "store/stored.h"
#include "trace/trace.h"
#include <glassbox/recorder.h>

typedef struct gbxi_run_rows {
    gbxi_statement trace, events, frame, trace_frames, process, progress, page_count;
    gbxi_number_rows added; /* to `trace_frames`, in the order of its columns */
    int64_t *added_numbers;
    size_t added_capacity;
} gbxi_run_rows;

/* What a run has counted. */
typedef struct gbxi_run_progress {
    uint64_t traces, failed; /* stored; of those: a status of 5xx, or a failed span */
    uint64_t missed;         /* kept, but the queue had no room */
    uint64_t unstored;       /* taken, but not stored */
    uint64_t killed;         /* kept, and never committed when the process ended */
} gbxi_run_progress;

/* How a run has ended. */
typedef enum gbxi_run_end { GBXI_RUN_END_NONE = 0, GBXI_RUN_END_CLOSED = 1, GBXI_RUN_END_BROKEN_OFF = 2 } gbxi_run_end;

/* Prepares the statements. Fini is allowed either way, and before the database is closed. Errors: as
 * gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_run_rows_init(gbxi_run_rows *rows, gbxi_database *database, gbx_error *error);
void gbxi_run_rows_fini(gbxi_run_rows *rows);

/* Inserts the one row about the run, whose traces `exporter` takes; "": nobody does. Errors: as gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_run_rows_begin(gbxi_database *database, const char *id, const char *program,
                                         const char *exporter, int64_t started_unix_ns, gbx_error *error);

/* Whether the trace counts as failed: its status is 5xx, or a span failed. */
bool gbxi_run_rows_is_failed(const gbx_recording *recording, const gbxi_trace *trace);

/* Inserts the row of a trace. Errors: as gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_run_rows_put_trace(gbxi_run_rows *rows, uint64_t number, const gbx_recording *recording,
                                             const gbxi_trace *trace, uint64_t left_out, gbx_error *error);

/* Inserts the packed events of a trace. Errors: as gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_run_rows_put_events(gbxi_run_rows *rows, uint64_t number, const void *events,
                                              size_t events_bytes, gbx_error *error);

/* Inserts a frame that the run has not seen before. Errors: as gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_run_rows_put_frame(gbxi_run_rows *rows, uint32_t id, const gbxi_frame *frame,
                                             gbx_error *error);

/* Adds what a frame did in a trace, to be inserted at the commit. `row` is a place to remember for this frame, 0 at
 * first: two frames of one trace may have become one. Errors: NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_run_rows_add_trace_frame(gbxi_run_rows *rows, uint32_t id, uint64_t number,
                                                   const gbxi_frame *frame, uint32_t *row);

/* Inserts the rows that were added, or forgets them. Errors: as gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_run_rows_put_added(gbxi_run_rows *rows, gbx_error *error);
void gbxi_run_rows_drop_added(gbxi_run_rows *rows);

/* Inserts a second of the process. Errors: as gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_run_rows_put_process(gbxi_run_rows *rows, const gbxi_process_row *row, gbx_error *error);

/* Updates what the run's row says: its counts, and how it has ended. Errors: as gbxi_database_fail. */
GBX_MUST_USE gbx_err gbxi_run_rows_update(gbxi_run_rows *rows, const gbxi_run_progress *progress, int64_t ended_unix_ns,
                                          gbxi_run_end end, gbx_error *error);

#endif
