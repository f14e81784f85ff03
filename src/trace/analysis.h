/* SPDX-License-Identifier: MIT */
/* The passes that fill a trace; for trace.c alone. */
#ifndef GBX_TRACE_ANALYSIS_H
#define GBX_TRACE_ANALYSIS_H

#include "trace/model.h"

/* The one pass over all records: frames, threads, totals, folding, repeats, failure. Errors: false without memory. */
bool gbxi_analysis_run(gbxi_trace *trace);

/* Picks the hotspots and takes their percentiles; after the analysis. Errors: false without memory. */
bool gbxi_hotspots_find(gbxi_trace *trace);

/* How much of the capture's time roots cover, over all threads together; after the analysis. Errors: false without
 * memory. */
bool gbxi_coverage_measure(const gbxi_trace *trace, uint64_t *covered_ns);

#endif
