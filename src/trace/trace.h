/* SPDX-License-Identifier: MIT */
/* The making of a trace (trace/model.h) from a finished capture.
 *
 *     gbxi_trace *trace = gbxi_trace_new(capture, &options);     // one pass over the records
 *     ... its members, and the calls themselves by a gbxi_trace_walk (trace/walk.h) ...
 *     gbxi_trace_free(trace); */
#ifndef GBX_TRACE_TRACE_H
#define GBX_TRACE_TRACE_H

#include "trace/model.h"

/* Analyses a finished capture, which must outlive the trace; NULL without memory. Thread: any.
 * Cost: linear in the records. */
GBX_MUST_USE gbxi_trace *gbxi_trace_new(const gbx_capture *capture, const gbxi_trace_options *options);
void gbxi_trace_free(gbxi_trace *trace); /* NULL is allowed */

#endif
