/* SPDX-License-Identifier: MIT */
/* The passes that fill a trace. Only for trace.c. */
#ifndef GBX_TRACE_ANALYSIS_H
#define GBX_TRACE_ANALYSIS_H

#include "trace/model.h"

/* The pass over all records: frames, threads, totals, folding, repeats, failure. Errors: false if out of memory. */
bool gbxi_analysis_run(gbxi_trace *trace);

/* Selects the hotspots and computes their percentiles. Call after the analysis. Errors: false if out of memory. */
bool gbxi_hotspots_find(gbxi_trace *trace);

/* Measures how much of the capture's time the roots of all threads cover together. Call after the analysis. Errors:
 * false if out of memory. */
bool gbxi_coverage_measure(const gbxi_trace *trace, uint64_t *covered_ns);

#endif
