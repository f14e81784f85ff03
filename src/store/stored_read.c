/* SPDX-License-Identifier: MIT */
/* Reads rows column by column. */
#include "store/stored_read.h"
#include <string.h>

static uint32_t number32_of(uint64_t number)
{
    return number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
}

/* Nobody has checked that the id is whole. */
static void stored_id_read(gbxi_statement *statement, uint8_t *id, size_t size)
{
    size_t length;
    const void *bytes = gbxi_column_bytes(statement, &length);

    if (length > 0)
        memcpy(id, bytes, length < size ? length : size);
}

void gbxi_stored_trace_read(gbxi_statement *statement, gbxi_stored_trace *trace)
{
    *trace = (gbxi_stored_trace){.number = gbxi_column_uint(statement)};
    stored_id_read(statement, trace->trace_id, sizeof(trace->trace_id));
    trace->started_unix_ns = gbxi_column_int(statement);
    trace->duration_ns = gbxi_column_uint(statement);
    trace->cpu_ns = gbxi_column_uint(statement);
    trace->memory_bytes = gbxi_column_uint(statement);
    trace->span_count = gbxi_column_uint(statement);
    trace->dropped_spans = gbxi_column_uint(statement);
    trace->price_ns = gbxi_column_uint(statement);
    trace->left_out = gbxi_column_uint(statement);
    trace->status = number32_of(gbxi_column_uint(statement));
    trace->thread_count = number32_of(gbxi_column_uint(statement));
    trace->reasons = number32_of(gbxi_column_uint(statement));
    trace->truncated = gbxi_column_int(statement) != 0;
    trace->method = gbxi_column_text(statement);
    trace->path = gbxi_column_text(statement);
    trace->route = gbxi_column_text(statement);
    trace->name = gbxi_column_text(statement);
    trace->error = gbxi_column_text_or_null(statement);
    trace->error_span = gbxi_column_text_or_null(statement);
    stored_id_read(statement, trace->parent_span_id, sizeof(trace->parent_span_id));
    trace->trace_flags = (uint8_t)gbxi_column_uint(statement);
}

void gbxi_stored_frame_read(gbxi_statement *statement, gbxi_stored_frame *frame)
{
    frame->name = gbxi_column_text(statement);
    frame->file = gbxi_column_text(statement);
    frame->line = number32_of(gbxi_column_uint(statement));
    frame->calls = gbxi_column_uint(statement);
    frame->total_ns = gbxi_column_uint(statement);
    frame->self_ns = gbxi_column_uint(statement);
    frame->min_ns = gbxi_column_uint(statement);
    frame->max_ns = gbxi_column_uint(statement);
    frame->trace_count = gbxi_column_uint(statement);
}

void gbxi_process_row_read(gbxi_statement *statement, gbxi_process_row *row)
{
    row->at_unix_s = gbxi_column_int(statement);
    row->cpu_ns = gbxi_column_uint(statement);
    row->rss_bytes = gbxi_column_uint(statement);
    row->loop_lag_ns = gbxi_column_uint(statement);
    row->worker_queue = gbxi_column_uint(statement);
    row->live_captures = gbxi_column_uint(statement);
    row->database_ns = gbxi_column_uint(statement);
}
