/* SPDX-License-Identifier: MIT */
/* Members that several formats share. */
#ifndef GBX_EXPORT_FACTS_H
#define GBX_EXPORT_FACTS_H

#include "trace/trace.h"
#include "json/writer.h"

/* Each writes one or more members of the object that is open. */
void gbxi_facts_write_identity(gbxi_json_writer *writer, const gbxi_trace *trace); /* name, trace_id, started_at */
void gbxi_facts_write_threads(gbxi_json_writer *writer, const gbxi_trace *trace);  /* threads */
/* Completeness and overhead of the recording: truncated, dropped_spans, overhead. */
void gbxi_facts_write_completeness(gbxi_json_writer *writer, const gbxi_trace *trace);

/* `part` of `whole` in percent, to four decimals; 0 when the whole is 0. */
double gbxi_facts_percentage(double part, double whole);

#endif
