/* SPDX-License-Identifier: MIT */
/* A flat call tree: a list of all calls, each with the number of its parent.
 *
 * A call's row comes before the rows of the calls inside it, but its times and its failure are known only after them.
 * So they are collected first and kept until fini: 16 bytes for each call, and as many for each that failed.
 *
 * Usage: gbxi_call_rows_init; then, for the enter of each call in the walk's order, gbxi_call_rows_write;
 * gbxi_call_rows_fini. */
#ifndef GBX_EXPORT_CALL_ROWS_H
#define GBX_EXPORT_CALL_ROWS_H

#include "export/fragment.h"
#include "trace/walk.h"

typedef struct gbxi_call_times {
    uint64_t duration_ns;
    uint64_t self_ns;
} gbxi_call_times;

typedef struct gbxi_call_failure {
    const char *reason; /* borrowed from the capture */
    uint32_t reason_length;
    uint32_t call_index;
} gbxi_call_failure;

/* A zeroed struct is empty. */
typedef struct gbxi_call_rows {
    gbxi_call_times *times;      /* by call index */
    uint32_t *open;              /* the numbers of the open calls, by depth */
    gbxi_call_failure *failures; /* by call index, in ascending order */
    size_t failure_count;
    size_t failure_capacity;
    size_t failure; /* the next to write */
    gbxi_long_number monotonic;
    bool comma; /* the next row needs a comma before it */
} gbxi_call_rows;

/* Collects the times and failures of all calls. The walk may be anywhere before and is somewhere else afterwards.
 * Errors: false if out of memory; fini is safe either way. Cost: a pass over the records. */
bool gbxi_call_rows_init(gbxi_call_rows *rows, gbxi_trace_walk *walk);
void gbxi_call_rows_fini(gbxi_call_rows *rows);

/* Writes the row of the call that `step` enters, on a thread with the kernel's number `thread_id`. */
void gbxi_call_rows_write(gbxi_call_rows *rows, gbxi_json_writer *writer, const gbxi_trace *trace,
                          const gbxi_trace_step *step, uint32_t thread_id);

#endif
