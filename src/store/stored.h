/* SPDX-License-Identifier: MIT */
/* What a store tells: runs, traces, frames, and seconds of a process. */
#ifndef GBX_STORE_STORED_H
#define GBX_STORE_STORED_H

#include "store/run_id.h"
#include <glassbox/capture.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
    uint8_t trace_flags;       /* of the W3C traceparent of the request */
    uint8_t parent_span_id[8]; /* of another program; all zero: none */
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

/* A frame of a run under the number that it has there. The text is borrowed during the call. */
typedef struct gbxi_stored_name {
    uint64_t frame;
    const char *name, *file;
    uint32_t line;
} gbxi_stored_name;

/* What one frame took in one trace. */
typedef struct gbxi_stored_spent {
    uint64_t trace, frame; /* numbers in the run */
    uint64_t calls;
    uint64_t total_ns;
    uint64_t self_ns;
} gbxi_stored_spent;

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

typedef enum gbxi_frame_order { GBXI_FRAMES_BY_TOTAL, GBXI_FRAMES_BY_SELF, GBXI_FRAMES_BY_CALLS } gbxi_frame_order;

/* Called for each row. Returns whether to go on. */
typedef bool gbxi_stored_trace_use(void *context, const gbxi_stored_trace *trace);

/* The same for a trace with its capture, which is borrowed during the call; NULL: the trace is damaged. */
typedef bool gbxi_stored_capture_use(void *context, const gbxi_stored_trace *trace, gbx_capture *capture);
typedef bool gbxi_stored_frame_use(void *context, const gbxi_stored_frame *frame);
typedef bool gbxi_stored_name_use(void *context, const gbxi_stored_name *name);
typedef bool gbxi_stored_spent_use(void *context, const gbxi_stored_spent *spent);
typedef bool gbxi_process_row_use(void *context, const gbxi_process_row *row);

#endif
