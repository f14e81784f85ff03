/* SPDX-License-Identifier: MIT */
/* Which traces show something, how much time each has of it, and the best examples. */
#ifndef GBX_FINDINGS_TALLY_H
#define GBX_FINDINGS_TALLY_H

#include "store/stored.h"

enum { GBXI_EVIDENCE_MAX = 3 };

typedef struct gbxi_evidence {
    uint64_t number; /* of the trace in its run; 0: none */
    uint8_t trace_id[16];
    uint64_t ns;
} gbxi_evidence;

/* A zeroed struct is empty. */
typedef struct gbxi_tally {
    uint64_t trace_count;
    uint64_t low_ns, high_ns, sum_ns;     /* over the traces */
    gbxi_evidence top[GBXI_EVIDENCE_MAX]; /* the most time first; among equals, the earlier trace */
    gbxi_evidence open;                   /* the trace that is being read, which may add more */
} gbxi_tally;

/* Adds time of a trace. Traces come one after the other. */
void gbxi_tally_add(gbxi_tally *tally, const gbxi_stored_trace *trace, uint64_t ns);

/* Ends the last trace. */
void gbxi_tally_end(gbxi_tally *tally);

#endif
