/* SPDX-License-Identifier: MIT */
/* Reads rows of what a store tells from statements. */
#ifndef GBX_STORE_STORED_READ_H
#define GBX_STORE_STORED_READ_H

#include "store/database.h"
#include "store/stored.h"

/* The columns that gbxi_stored_trace_read reads. */
#define GBXI_STORED_TRACE_COLUMNS                                                                                      \
    "number,trace_id,started_unix_ns,duration_ns,cpu_ns,memory_bytes,span_count,dropped_spans,price_ns,left_out,"      \
    "status,thread_count,reasons,truncated,method,path,route,name,error,error_span,parent_span,trace_flags"

/* Reads the row that the statement is at. Texts are the statement's, until its next row. */
void gbxi_stored_trace_read(gbxi_statement *statement, gbxi_stored_trace *trace);

/* The same for the columns name, file, line, calls, total_ns, self_ns, min_ns, max_ns and trace_count. */
void gbxi_stored_frame_read(gbxi_statement *statement, gbxi_stored_frame *frame);

/* The same for all columns of the table `process`. */
void gbxi_process_row_read(gbxi_statement *statement, gbxi_process_row *row);

#endif
