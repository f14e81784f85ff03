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

#include "store/run_id.h"
#include <glassbox/capture.h>
#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct gbxi_store_reader gbxi_store_reader;
typedef struct gbxi_stored_run gbxi_stored_run;

/* Who is told, in one sentence without a full stop, that something takes long or was made again. Zeroed: nobody. */
typedef struct gbxi_store_notices {
    void (*tell)(void *context, const char *text);
    void *context;
} gbxi_store_notices;

/* X(constant, name): what is known of a run's end. */
#define GBXI_RUN_STATES(X)                                                                                             \
    X(WRITING, "writing")       /* a process has it open */                                                            \
    X(CLOSED, "closed")         /* its process ended it */                                                             \
    X(BROKEN_OFF, "broken off") /* its process is gone without having ended it */

typedef enum gbxi_run_state {
#define GBXI_RUN_STATE_ENUM(name, text) GBXI_RUN_##name,
    GBXI_RUN_STATES(GBXI_RUN_STATE_ENUM)
#undef GBXI_RUN_STATE_ENUM
} gbxi_run_state;

/* The name of a state, such as "broken off". Thread: any. */
const char *gbxi_run_state_text(gbxi_run_state state);

/* A run as a whole. */
typedef struct gbxi_run_info {
    char id[GBXI_RUN_ID_SIZE];
    gbxi_run_state state;
    int64_t started_unix_ns;
    int64_t ended_unix_ns; /* its end, or its last commit */
    uint64_t trace_count;  /* committed */
    uint64_t failed_count; /* of those: a status of 5xx, or a failed span */
    uint64_t lost_count;   /* kept but not stored: no room in the queue, failed writes, killed */
    uint64_t bytes;        /* of the files of the run */
    uint64_t slowest_ns;   /* of its traces */
    uint64_t total_ns;     /* sum of their durations */
    uint64_t p50_ns;       /* of their durations: at most 3.2 % too high */
    uint64_t p95_ns;
    uint64_t p99_ns;
    char program[64]; /* "glassbox serve", or what the host is called */
    char fault[160];  /* why the run cannot be read; "": it can */
} gbxi_run_info;

/* A trace of a run. Texts are borrowed, until the next call for the same run. */
typedef struct gbxi_stored_trace {
    uint64_t number; /* in its run, from 1 */
    uint8_t trace_id[16];
    int64_t started_unix_ns;
    uint64_t duration_ns;
    uint64_t cpu_ns;
    uint64_t memory_bytes;
    uint64_t span_count;
    uint64_t dropped_spans;
    uint64_t price_ns; /* what capturing it took */
    uint64_t left_out; /* frames without a row: those with the least time of a trace that has more than 1,000 */
    uint32_t status;
    uint32_t thread_count;
    uint32_t reasons; /* gbx_keep_reason, or-ed */
    bool truncated;
    const char *method, *path, *route, *name;
    const char *error;      /* the reason of the first failure; NULL: none */
    const char *error_span; /* the span that failed; NULL: none, or no span was open */
} gbxi_stored_trace;

/* A frame with the sums over the calls of one trace, or of all traces of a run. Texts are borrowed during the call. */
typedef struct gbxi_stored_frame {
    const char *name, *file;
    uint32_t line;
    uint64_t calls;
    uint64_t total_ns;
    uint64_t self_ns;
    uint64_t min_ns;
    uint64_t max_ns;
    uint64_t trace_count; /* traces that have calls of it */
} gbxi_stored_frame;

/* What the process of a run was doing in one second. */
typedef struct gbxi_process_row {
    int64_t at_unix_s;
    uint64_t cpu_ns; /* of all its threads, in this second */
    uint64_t rss_bytes;
    uint64_t loop_lag_ns;
    uint64_t worker_queue;
    uint64_t live_captures;
    uint64_t database_ns; /* time in the database, in this second */
} gbxi_process_row;

typedef enum gbxi_trace_order {
    GBXI_TRACES_BY_NUMBER, /* as they were stored */
    GBXI_TRACES_SLOWEST,   /* the longest first */
    GBXI_TRACES_NEWEST     /* the last stored first */
} gbxi_trace_order;

/* Which traces to read. Zeroed: all of them. */
typedef struct gbxi_trace_query {
    gbxi_trace_order order;
    const char *route, *method; /* exactly these; NULL: any */
    uint64_t min_duration_ns;
    uint64_t after_number; /* only those with a greater number */
    uint64_t limit;        /* at most so many; 0: all */
    uint32_t reasons;      /* with one of these; 0: any */
    bool failed_only;      /* a status of 5xx, or a failed span */
} gbxi_trace_query;

typedef enum gbxi_frame_order { GBXI_FRAMES_BY_TOTAL, GBXI_FRAMES_BY_SELF, GBXI_FRAMES_BY_CALLS } gbxi_frame_order;

/* Called for each row. Returns whether to go on. */
typedef bool gbxi_stored_trace_use(void *context, const gbxi_stored_trace *trace);
typedef bool gbxi_stored_frame_use(void *context, const gbxi_stored_frame *frame);
typedef bool gbxi_process_row_use(void *context, const gbxi_process_row *row);

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

/* The run that a person means by `name`: its id, the beginning of it or of its random tail, "latest", or "latest~1" for
 * the one before it. NULL is "latest". Errors: UNKNOWN, with the nearest; CONFLICT if several ids begin so; a run that
 * cannot be read is returned, with its fault. */
GBX_MUST_USE gbx_err gbxi_store_resolve(const gbxi_store_reader *reader, const char *name, gbxi_run_info *info,
                                        gbx_error *error);

/* Opens one run to read. Owns: the caller, until gbxi_stored_run_close, before the reader is closed. Errors: UNKNOWN,
 * IO, NO_MEMORY, and STATE with the fault of a run that cannot be read. */
GBX_MUST_USE gbx_err gbxi_stored_run_open(gbxi_store_reader *reader, const char *id, gbxi_stored_run **run,
                                          gbx_error *error);
void gbxi_stored_run_close(gbxi_stored_run *run); /* accepts NULL */

/* Reads the traces that `query` selects; NULL selects all. What is committed during the call may be left out. Errors:
 * IO, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_stored_traces(gbxi_stored_run *run, const gbxi_trace_query *query, gbxi_stored_trace_use *use,
                                        void *context, gbx_error *error);

/* The trace that a person means by `name`: NULL is the slowest, "#12" is number 12, anything else is the trace id in
 * hexadecimal digits, or its beginning, at least four digits long; fewer digits are a number. Errors: UNKNOWN, MISSING
 * if the run has no traces, CONFLICT if several ids begin so, SYNTAX, IO, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_stored_find(gbxi_stored_run *run, const char *name, gbxi_stored_trace *trace,
                                      gbx_error *error);

/* Reads the frames of one trace, or of the whole run if `number` is 0; at most `limit`, all if it is 0. Errors: IO,
 * NO_MEMORY; no such trace has no frames. */
GBX_MUST_USE gbx_err gbxi_stored_frames(gbxi_stored_run *run, uint64_t number, gbxi_frame_order order, uint64_t limit,
                                        gbxi_stored_frame_use *use, void *context, gbx_error *error);

/* Restores the capture of a trace, as it was when it was stored. Owns: the caller, until gbx_capture_unref. Errors:
 * UNKNOWN if there is no such trace, IO if it is damaged, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_stored_restore(gbxi_stored_run *run, uint64_t number, gbx_capture **capture,
                                         gbx_error *error);

/* Reads what the process of the run was doing, second by second. Errors: IO, NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_stored_process(gbxi_stored_run *run, gbxi_process_row_use *use, void *context,
                                         gbx_error *error);

#endif
