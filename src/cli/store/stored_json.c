/* SPDX-License-Identifier: MIT */
/* Writes runs and traces as JSON. */
#include "cli/store/stored_json.h"
#include "export/identity.h"
#include <glassbox/recorder.h>
#include <stdio.h>

static void write_uint_member(gbxi_json_writer *writer, const char *name, uint64_t number)
{
    gbxi_json_key(writer, name);
    gbxi_json_uint(writer, number);
}

static void write_text_member(gbxi_json_writer *writer, const char *name, const char *text)
{
    gbxi_json_key(writer, name);
    gbxi_json_string_z(writer, text);
}

static void write_instant_member(gbxi_json_writer *writer, const char *name, int64_t unix_ns)
{
    char text[GBXI_INSTANT_SIZE];

    gbxi_json_key(writer, name);
    gbxi_json_string_n(writer, text, gbxi_instant_format(unix_ns, text));
}

void gbxi_run_write(gbxi_json_writer *writer, const gbxi_run_info *run)
{
    gbxi_json_object_begin(writer);
    write_text_member(writer, "id", run->id);
    write_text_member(writer, "state", gbxi_run_state_text(run->state));
    write_instant_member(writer, "started_at", run->started_unix_ns);
    write_instant_member(writer, "ended_at", run->ended_unix_ns);
    write_text_member(writer, "program", run->program);
    write_uint_member(writer, "traces", run->trace_count);
    write_uint_member(writer, "failed", run->failed_count);
    write_uint_member(writer, "lost", run->lost_count);
    write_uint_member(writer, "bytes", run->bytes);
    write_uint_member(writer, "total_ns", run->total_ns);
    write_uint_member(writer, "slowest_ns", run->slowest_ns);
    write_uint_member(writer, "p50_ns", run->p50_ns);
    write_uint_member(writer, "p95_ns", run->p95_ns);
    write_uint_member(writer, "p99_ns", run->p99_ns);
    write_text_member(writer, "fault", run->fault[0] != '\0' ? run->fault : NULL);
    gbxi_json_object_end(writer);
}

static void write_reasons(gbxi_json_writer *writer, uint32_t reasons)
{
    gbxi_json_key(writer, "kept");
    gbxi_json_array_begin(writer);
#define WRITE_REASON(constant, number, name)                                                                           \
    if ((reasons & GBX_KEEP_##constant) != 0)                                                                          \
        gbxi_json_string_z(writer, name);
    GBX_KEEP_REASONS(WRITE_REASON)
#undef WRITE_REASON
    gbxi_json_array_end(writer);
}

static void write_status(gbxi_json_writer *writer, uint32_t status)
{
    gbxi_json_key(writer, "status");
    if (status != 0)
        gbxi_json_uint(writer, status);
    else
        gbxi_json_null(writer);
}

static void write_failure(gbxi_json_writer *writer, const gbxi_stored_trace *trace)
{
    gbxi_json_key(writer, "error");
    if (trace->error == NULL) {
        gbxi_json_null(writer);
        return;
    }
    gbxi_json_object_begin(writer);
    write_text_member(writer, "span", trace->error_span);
    write_text_member(writer, "reason", trace->error);
    gbxi_json_object_end(writer);
}

void gbxi_stored_trace_write(gbxi_json_writer *writer, const gbxi_stored_trace *trace)
{
    char id[GBXI_TRACE_ID_DIGITS];

    gbxi_trace_id_format(trace->trace_id, id);
    gbxi_json_object_begin(writer);
    write_uint_member(writer, "number", trace->number);
    gbxi_json_key(writer, "trace_id");
    gbxi_json_string_n(writer, id, sizeof(id));
    write_instant_member(writer, "started_at", trace->started_unix_ns);
    write_uint_member(writer, "duration_ns", trace->duration_ns);
    write_status(writer, trace->status);
    write_text_member(writer, "method", trace->method);
    write_text_member(writer, "path", trace->path);
    write_text_member(writer, "route", trace->route);
    write_text_member(writer, "name", trace->name);
    write_reasons(writer, trace->reasons);
    write_uint_member(writer, "threads", trace->thread_count);
    write_uint_member(writer, "spans", trace->span_count);
    write_uint_member(writer, "dropped_spans", trace->dropped_spans);
    gbxi_json_key(writer, "truncated");
    gbxi_json_boolean(writer, trace->truncated);
    write_uint_member(writer, "cpu_ns", trace->cpu_ns);
    write_uint_member(writer, "memory_bytes", trace->memory_bytes);
    write_uint_member(writer, "overhead_ns", trace->price_ns);
    write_failure(writer, trace);
    gbxi_json_object_end(writer);
}

gbx_err gbxi_printout(gbxi_json_writer *writer, gbxi_json_buffer *buffer, gbx_error *error)
{
    gbx_err err = gbxi_json_writer_finish(writer);

    if (err != GBX_ERR_OK) {
        gbx_error_set(error, err, NULL, "%s", gbx_err_text(err));
    } else {
        fwrite(buffer->bytes, 1, buffer->length, stdout);
        putchar('\n');
    }
    gbxi_json_buffer_fini(buffer);
    return err;
}
