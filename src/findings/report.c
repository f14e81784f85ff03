/* SPDX-License-Identifier: MIT */
/* Makes reports: findings in their order, acknowledged ones apart, and what the run cannot show. */
#include "findings/report.h"
#include "findings/regressions.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static size_t report_rule_index(const gbxi_rule *rule)
{
    size_t at = 0;

    while (gbxi_rule_at(at) != rule)
        at++;
    return at;
}

#define ORDER_BY(a, b)                                                                                                 \
    if ((a) != (b))                                                                                                    \
    return (a) < (b) ? -1 : 1

static int report_order(const void *a, const void *b)
{
    const gbxi_finding *left = a, *right = b;

    ORDER_BY(report_rule_index(left->rule), report_rule_index(right->rule));
    ORDER_BY(left->acknowledged != NULL, right->acknowledged != NULL);
    ORDER_BY(right->weight, left->weight);
    return strcmp(left->signature, right->signature);
}

static void report_acknowledge(gbxi_report *report, const gbxi_acknowledgements *all)
{
    for (size_t i = 0; all != NULL && i < report->findings.count; i++) {
        gbxi_finding *finding = &report->findings.at[i];

        finding->acknowledged = gbxi_acknowledgements_find(all, finding->signature, report->run.started_unix_ns);
        report->acknowledged_count += finding->acknowledged != NULL;
    }
}

static void report_blind(gbxi_report *report, const char *rule, const char *text)
{
    if (report->blind_spot_count < GBXI_BLIND_SPOTS_MAX)
        report->blind_spots[report->blind_spot_count++] = (gbxi_blind_spot){rule, text};
}

static const char *report_count(gbxi_report *report, uint64_t count, const char *one, const char *many)
{
    return gbxi_findings_text(&report->findings, "%" PRIu64 " of %" PRIu64 " %s %s", count, report->counts.traces,
                              report->counts.traces == 1 ? "trace" : "traces", count == 1 ? one : many);
}

/* What is there cannot be told from what is not recorded: so what is not recorded is said. */
static void report_find_blind_spots(gbxi_report *report)
{
    const gbxi_survey_counts *counts = &report->counts;

    if (counts->with_statements == 0)
        report_blind(report, "slow-query", "No trace has a note db.statement, so slow queries cannot be told.");
    if (counts->with_arguments == 0)
        report_blind(
            report, "n-plus-one",
            "No span tells its arguments, by a name such as load(7) or a note db.statement, so N+1 patterns and "
            "redundant calls cannot be told.");
    if (counts->with_spans < counts->traces - counts->damaged)
        report_blind(report, NULL,
                     report_count(report, counts->traces - counts->damaged - counts->with_spans,
                                  "has no spans: only its duration is known.",
                                  "have no spans: only their durations are known."));
    if (counts->truncated > 0)
        report_blind(report, NULL,
                     report_count(report, counts->truncated, "is not complete: what was dropped is not counted.",
                                  "are not complete: what was dropped is not counted."));
    if (counts->damaged > 0)
        report_blind(report, NULL,
                     report_count(report, counts->damaged, "is damaged and left out.", "are damaged and left out."));
    if (counts->chosen > 0)
        report_blind(report, NULL,
                     report_count(report, counts->chosen,
                                  "was kept because it was slow, failed or the first of its route: the run does not "
                                  "show the usual request.",
                                  "were kept because they were slow, failed or the first of their route: the run "
                                  "does not show the usual request."));
    if (report->run.lost_count > 0)
        report_blind(report, NULL,
                     gbxi_findings_text(&report->findings, "%" PRIu64 " more %s lost and %s not in the run.",
                                        report->run.lost_count,
                                        report->run.lost_count == 1 ? "trace was" : "traces were",
                                        report->run.lost_count == 1 ? "is" : "are"));
}

static gbx_err report_baseline(gbxi_report *report, gbxi_stored_run *run, const gbxi_report_options *options,
                               gbx_error *error)
{
    bool is_shown = true;
    gbx_err err;

    if (options->baseline == NULL)
        return GBX_ERR_OK;
    report->baseline = *options->baseline_info;
    err = gbxi_regressions_find(&(gbxi_compare_side){.stored = options->baseline, .run = &report->baseline},
                                &(gbxi_compare_side){.stored = run, .run = &report->run}, &report->findings, &is_shown,
                                error);
    if (!is_shown)
        report_blind(report, "regression",
                     "No route has 8 requests in the baseline and 8 in this run, so regressions cannot be told.");
    return err;
}

/* A report on nothing would look like a clean bill. */
static gbx_err report_check(const gbxi_report *report, gbx_error *error)
{
    if (report->counts.traces == 0)
        return gbx_error_set(error, GBX_ERR_MISSING, NULL, "run %s: it has no traces", report->run.id);
    if (report->counts.damaged == report->counts.traces)
        return gbx_error_set(error, GBX_ERR_SYNTAX, NULL, "run %s: all of its traces are damaged", report->run.id);
    if (report->counts.with_spans == 0)
        return gbx_error_set(error, GBX_ERR_MISSING, NULL,
                             "run %s: none of its %" PRIu64
                             " %s has a span; add GBX_SPAN() to the functions that matter",
                             report->run.id, report->counts.traces, report->counts.traces == 1 ? "trace" : "traces");
    return GBX_ERR_OK;
}

static gbx_err report_make(gbxi_report *report, gbxi_stored_run *run, const gbxi_report_options *options,
                           gbx_error *error)
{
    gbxi_survey_progress progress = options->progress;
    gbx_err err;

    progress.all = report->run.trace_count;
    if ((err = gbxi_survey_run(run, &progress, &report->survey, &report->counts, &report->findings, error)) !=
            GBX_ERR_OK ||
        (err = report_check(report, error)) != GBX_ERR_OK ||
        (err = report_baseline(report, run, options, error)) != GBX_ERR_OK)
        return err;
    report_acknowledge(report, options->acknowledgements);
    report_find_blind_spots(report);
    if (report->findings.failed)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    if (report->findings.count > 1)
        qsort(report->findings.at, report->findings.count, sizeof(*report->findings.at), report_order);
    return GBX_ERR_OK;
}

gbx_err gbxi_report_new(gbxi_stored_run *run, const gbxi_run_info *info, const gbxi_report_options *options,
                        gbxi_report **report, gbx_error *error)
{
    gbxi_report *made = calloc(1, sizeof(*made));
    gbx_err err;

    *report = NULL;
    if (made == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    made->run = *info;
    made->top = options->top;
    if ((err = report_make(made, run, options, error)) != GBX_ERR_OK) {
        gbxi_report_free(made);
        return err;
    }
    *report = made;
    return GBX_ERR_OK;
}

void gbxi_report_free(gbxi_report *report)
{
    if (report == NULL)
        return;
    gbxi_findings_fini(&report->findings);
    gbxi_survey_fini(&report->survey);
    free(report);
}

static bool report_is_reason(const gbxi_finding *finding, const char *rule)
{
    if (finding->acknowledged != NULL)
        return false;
    if (strcmp(rule, "any") == 0)
        return finding->level >= GBXI_LEVEL_WARNING;
    return strcmp(rule, finding->rule->id) == 0 && finding->level >= finding->rule->fails_from;
}

bool gbxi_report_has(const gbxi_report *report, const char *rule)
{
    for (size_t i = 0; i < report->findings.count; i++)
        if (report_is_reason(&report->findings.at[i], rule))
            return true;
    return false;
}

size_t gbxi_report_of_rule(const gbxi_report *report, const gbxi_rule *rule, const gbxi_finding **first,
                           size_t *left_out)
{
    size_t begin = 0, end;

    while (begin < report->findings.count && report->findings.at[begin].rule != rule)
        begin++;
    end = begin;
    while (end < report->findings.count && report->findings.at[end].rule == rule &&
           report->findings.at[end].acknowledged == NULL)
        end++;
    *first = report->findings.at + begin;
    *left_out = report->top != 0 && end - begin > report->top ? end - begin - report->top : 0;
    return end - begin - *left_out;
}
