/* SPDX-License-Identifier: MIT */
/* The report on a run: all findings, what the run cannot show, and what has been acknowledged.
 *
 *     gbxi_report_options options = {.top = 10};
 *     if ((err = gbxi_report_new(run, &info, &options, &report, &error)) == GBX_ERR_OK)
 *         err = gbxi_report_markdown(report, stdout) ...
 *     gbxi_report_free(report); */
#ifndef GBX_FINDINGS_REPORT_H
#define GBX_FINDINGS_REPORT_H

#include "findings/acknowledged.h"
#include "findings/survey.h"

/* What a run could not show. */
typedef struct gbxi_blind_spot {
    const char *rule; /* id of the rule that it concerns; NULL: all */
    const char *text; /* a sentence with its full stop */
} gbxi_blind_spot;

enum { GBXI_BLIND_SPOTS_MAX = 10 };

typedef struct gbxi_report_options {
    uint32_t top;                                  /* findings of each rule; 0: all */
    const gbxi_acknowledgements *acknowledgements; /* borrowed by the report; NULL: none */
    gbxi_stored_run *baseline;                     /* a run to compare with; NULL: none */
    const gbxi_run_info *baseline_info;
    gbxi_survey_progress progress;
} gbxi_report_options;

/* Read only. */
typedef struct gbxi_report {
    gbxi_run_info run, baseline; /* `baseline.id` is "" if there is none */
    gbxi_survey survey;
    gbxi_findings findings; /* by rule, and the heaviest first */
    gbxi_blind_spot blind_spots[GBXI_BLIND_SPOTS_MAX];
    size_t blind_spot_count;
    gbxi_survey_counts counts;
    uint64_t acknowledged_count;
    uint32_t top;
} gbxi_report;

/* Reads all traces of the run. `info` is that of the run. Owns: the caller, until gbxi_report_free. Errors: MISSING if
 * the run has no traces, or none with a span; CONFLICT if the baseline is of another service; those of the store. */
GBX_MUST_USE gbx_err gbxi_report_new(gbxi_stored_run *run, const gbxi_run_info *info,
                                     const gbxi_report_options *options, gbxi_report **report, gbx_error *error);
void gbxi_report_free(gbxi_report *report); /* accepts NULL */

/* Whether a report has a finding that is not acknowledged: of the rule with this id, or of any rule ("any"), then of
 * level warning or error. Of rules that rank, and of waiting, only warnings count. */
bool gbxi_report_has(const gbxi_report *report, const char *rule);

/* The findings of a rule that are shown: those that are not acknowledged, at most `top`. Returns their number; `first`
 * gets the first of them, and `left_out` how many more there are. */
size_t gbxi_report_of_rule(const gbxi_report *report, const gbxi_rule *rule, const gbxi_finding **first,
                           size_t *left_out);

#endif
