/* SPDX-License-Identifier: MIT */
/* Reads all traces of a run once and shows each to all rules. */
#ifndef GBX_FINDINGS_SURVEY_H
#define GBX_FINDINGS_SURVEY_H

#include "findings/rule.h"
#include "store/query.h"

/* What the traces of a run have, and lack. */
typedef struct gbxi_survey_counts {
    uint64_t traces, calls;
    uint64_t with_spans, with_statements, with_arguments;
    uint64_t truncated, damaged;
    uint64_t chosen; /* kept only because they were slow, failed or the first of their route */
} gbxi_survey_counts;

typedef struct gbxi_survey_progress {
    void (*tell)(void *context, uint64_t done, uint64_t all); /* NULL: nobody is told */
    void *context;
    uint64_t all;
} gbxi_survey_progress;

/* Fills `survey`, `counts` and `findings`, which are zeroed before and the caller's to free, also after an error.
 * Errors: those of the store. */
GBX_MUST_USE gbx_err gbxi_survey_run(gbxi_stored_run *run, const gbxi_survey_progress *progress, gbxi_survey *survey,
                                     gbxi_survey_counts *counts, gbxi_findings *findings, gbx_error *error);
void gbxi_survey_fini(gbxi_survey *survey);

#endif
