/* SPDX-License-Identifier: MIT */
/* Creates a trace (trace/model.h) from a finished capture.
 *
 *     gbxi_trace *trace = gbxi_trace_new(capture, &options);     // one pass over the records
 *     ... read its members, and its calls with a gbxi_trace_walk (trace/walk.h) ...
 *     gbxi_trace_free(trace); */
#ifndef GBX_TRACE_TRACE_H
#define GBX_TRACE_TRACE_H

#include "trace/model.h"

/* Analyses a finished capture, which must outlive the trace. Returns NULL if out of memory. Cost: linear in the
 * records. Thread: any. */
GBX_MUST_USE gbxi_trace *gbxi_trace_new(const gbx_capture *capture, const gbxi_trace_options *options);
void gbxi_trace_free(gbxi_trace *trace); /* accepts NULL */

#endif
