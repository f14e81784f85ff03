/* SPDX-License-Identifier: MIT */
/* Adds up by trace. */
#include "findings/tally.h"
#include <string.h>

static void tally_rank(gbxi_tally *tally, const gbxi_evidence *evidence)
{
    size_t at = GBXI_EVIDENCE_MAX;

    while (at > 0 && (tally->top[at - 1].number == 0 || evidence->ns > tally->top[at - 1].ns))
        at--;
    if (at == GBXI_EVIDENCE_MAX)
        return;
    memmove(&tally->top[at + 1], &tally->top[at], (GBXI_EVIDENCE_MAX - 1 - at) * sizeof(tally->top[0]));
    tally->top[at] = *evidence;
}

void gbxi_tally_end(gbxi_tally *tally)
{
    const gbxi_evidence *open = &tally->open;

    if (open->number == 0)
        return;
    if (tally->trace_count == 0 || open->ns < tally->low_ns)
        tally->low_ns = open->ns;
    if (open->ns > tally->high_ns)
        tally->high_ns = open->ns;
    tally->trace_count++;
    tally->sum_ns += open->ns;
    tally_rank(tally, open);
    tally->open.number = 0;
}

void gbxi_tally_add(gbxi_tally *tally, const gbxi_stored_trace *trace, uint64_t ns)
{
    if (tally->open.number == trace->number) {
        tally->open.ns += ns;
        return;
    }
    gbxi_tally_end(tally);
    tally->open = (gbxi_evidence){.number = trace->number, .ns = ns};
    memcpy(tally->open.trace_id, trace->trace_id, sizeof(trace->trace_id));
}
