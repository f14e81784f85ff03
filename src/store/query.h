/* SPDX-License-Identifier: MIT */
/* Reads a store: its runs, their traces, and the captures behind them. Every reader of a store uses these functions.
 *
 *     gbxi_store_reader_open(directory, &notices, &reader, &error)
 *     gbxi_store_resolve(reader, "latest", &info, &error)
 *     gbxi_stored_run_open(reader, info.id, &run, &error)
 *     gbxi_stored_find(run, NULL, &trace, &error)                       // NULL: the slowest
 *     gbxi_stored_restore(run, trace.number, &capture, &error)          // finished: gbx_exporter_new takes it
 *     gbx_capture_unref(capture)
 *     gbxi_stored_run_close(run)
 *     gbxi_store_reader_close(reader)
 *
 * The catalog is brought up to date when the reader is opened. It is derived: if it is missing or damaged, it is made
 * again, and `notices` says so. If it cannot be written, it is made in memory. A run that is damaged is among the runs,
 * with its fault. Thread: a reader and what was opened with it belong to one thread at a time. */
#ifndef GBX_STORE_QUERY_H
#define GBX_STORE_QUERY_H

#include "store/stored.h"
#include <glassbox/capture.h>
#include <glassbox/error.h>

typedef struct gbxi_store_reader gbxi_store_reader;
typedef struct gbxi_stored_run gbxi_stored_run;

/* The name of a state, such as "broken off". Thread: any. */
const char *gbxi_run_state_text(gbxi_run_state state);

typedef enum gbxi_trace_order {
    GBXI_TRACES_BY_NUMBER, /* as they were stored */
    GBXI_TRACES_SLOWEST,   /* the longest first */
    GBXI_TRACES_NEWEST     /* the last stored first */
} gbxi_trace_order;

/* Which traces to read. Zeroed: all of them. */
typedef struct gbxi_trace_query {
    gbxi_trace_order order;
    const char *route;  /* this one, or those of a pattern, in which * stands for any characters; NULL: any */
    const char *method; /* exactly this one; NULL: any */
    uint64_t min_duration_ns;
    int64_t since_unix_ns; /* only those that began then or later */
    int64_t until_unix_ns; /* only those that began before; 0: any */
    uint64_t after_number; /* only those with a greater number */
    uint64_t limit;        /* at most so many; 0: all */
    uint32_t reasons;      /* with one of these; 0: any */
    bool failed_only;      /* a status of 5xx, or a failed span */
} gbxi_trace_query;

/* Opens the store in `directory` and brings its catalog up to date. NULL `notices`: nobody is told. Owns: the caller,
 * until gbxi_store_reader_close. Errors: MISSING if there is no such directory, IO, NO_MEMORY; a damaged run or catalog
 * is none. */
GBX_MUST_USE gbx_err gbxi_store_reader_open(const char *directory, const gbxi_store_notices *notices,
                                            gbxi_store_reader **reader, gbx_error *error);
void gbxi_store_reader_close(gbxi_store_reader *reader); /* accepts NULL */

/* Brings the catalog and the runs up to date again, for a reader that stays open. Errors: as those of open. */
GBX_MUST_USE gbx_err gbxi_store_reader_refresh(gbxi_store_reader *reader, gbx_error *error);

/* All runs, newest first: `*count` of them, borrowed until the reader is refreshed or closed. */
const gbxi_run_info *gbxi_store_runs(const gbxi_store_reader *reader, size_t *count);

/* The run that a person means by `name`: its id, the beginning of it or of its random tail, at least four characters
 * long, "latest", or "latest~1" for the one before it. NULL is "latest". Errors: UNKNOWN, with the nearest; CONFLICT if
 * several ids begin so; a run that cannot be read is returned, with its fault. */
GBX_MUST_USE gbx_err gbxi_store_resolve(const gbxi_store_reader *reader, const char *name, gbxi_run_info *info,
                                        gbx_error *error);

/* The newest run that has the trace with this id, all of its hexadecimal digits. Errors: ARGUMENT if `id` is no whole
 * id; UNKNOWN; those of reading the catalog. */
GBX_MUST_USE gbx_err gbxi_store_find_trace(const gbxi_store_reader *reader, const char *id, gbxi_run_info *info,
                                           gbx_error *error);

/* Opens one run to read. Owns: the caller, until gbxi_stored_run_close, before the reader is closed. Errors: IO, SYNTAX
 * if it is damaged, UNKNOWN if it is of a later version or another database, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_stored_run_open(gbxi_store_reader *reader, const char *id, gbxi_stored_run **run,
                                          gbx_error *error);
void gbxi_stored_run_close(gbxi_stored_run *run); /* accepts NULL */

/* Reads the traces that `query` selects; NULL selects all. What is committed during the call may be left out. Errors:
 * IO, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_stored_traces(gbxi_stored_run *run, const gbxi_trace_query *query, gbxi_stored_trace_use *use,
                                        void *context, gbx_error *error);

/* The trace that a person means by `name`: NULL is the slowest, "#12" is number 12, and so is "12". Anything else is
 * the trace id in hexadecimal digits, or its beginning, at least four digits long, also if it is a number that no trace
 * has. Errors: UNKNOWN, MISSING if the run has no traces, CONFLICT if several ids begin so, ARGUMENT if it is neither,
 * IO, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_stored_find(gbxi_stored_run *run, const char *name, gbxi_stored_trace *trace,
                                      gbx_error *error);

/* Reads the frames of one trace, or of the whole run if `number` is 0; at most `limit`, all if it is 0. Errors: IO,
 * NO_MEMORY; no such trace has no frames. */
GBX_MUST_USE gbx_err gbxi_stored_frames(gbxi_stored_run *run, uint64_t number, gbxi_frame_order order, uint64_t limit,
                                        gbxi_stored_frame_use *use, void *context, gbx_error *error);

/* Reads the frames that traces of the run have, by the numbers under which gbxi_stored_spent_rows tells of them: those
 * of a trace that was read before are among them. The sums are 0. Errors: IO, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_stored_frame_names(gbxi_stored_run *run, gbxi_stored_name_use *use, void *context,
                                             gbx_error *error);

/* Reads what each frame took in each of the traces from number `first` to `last`, in the order of the traces. Cost: one
 * scan. Errors: IO, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_stored_spent_rows(gbxi_stored_run *run, uint64_t first, uint64_t last,
                                            gbxi_stored_spent_use *use, void *context, gbx_error *error);

/* Restores the capture of a trace, as it was when it was stored. Owns: the caller, until gbx_capture_unref. Errors:
 * UNKNOWN if there is no such trace, SYNTAX if it is damaged, IO, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_stored_restore(gbxi_stored_run *run, uint64_t number, gbx_capture **capture,
                                         gbx_error *error);

/* Reads the traces that `query` selects, each with its capture; NULL selects all. A trace that is damaged comes without
 * one. Errors: IO, NO_MEMORY. Cost: one statement for all, and what unpacking each takes. */
GBX_MUST_USE gbx_err gbxi_stored_captures(gbxi_stored_run *run, const gbxi_trace_query *query,
                                          gbxi_stored_capture_use *use, void *context, gbx_error *error);

/* Reads what the process of the run was doing, second by second. Errors: IO, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_stored_process(gbxi_stored_run *run, gbxi_process_row_use *use, void *context,
                                         gbx_error *error);

#endif
