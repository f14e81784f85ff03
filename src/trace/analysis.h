/* SPDX-License-Identifier: MIT */
/* The passes that fill a trace; for trace.c alone. */
#ifndef GBX_TRACE_ANALYSIS_H
#define GBX_TRACE_ANALYSIS_H

#include "trace/trace.h"

/* The one pass over all records: frames, threads, totals, folding, repeats, failure. Errors: false without memory. */
bool gbx__analysis_run(gbx__trace *trace);

/* Picks the hotspots and takes their percentiles; after the analysis. Errors: false without memory. */
bool gbx__hotspots_find(gbx__trace *trace);

/* How much of the capture's time roots cover, over all threads together; after the analysis. Errors: false without
 * memory. */
bool gbx__coverage_measure(const gbx__trace *trace, uint64_t *covered_ns);

#endif
