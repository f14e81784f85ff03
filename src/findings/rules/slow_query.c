/* SPDX-License-Identifier: MIT */
/* Statements that took long. */
#include "findings/bins.h"
#include "findings/durations.h"
#include "findings/rule.h"
#include "text/figures.h"

/* A statement of a route, wherever it is called. */
typedef struct slow_query {
    gbxi_durations durations;
    gbxi_tally tally; /* of the slow ones */
    uint64_t slow_ns; /* sum of the slow ones */
    uint64_t slowest_ns;
    uint32_t slow;
    uint32_t route, statement;
    uint32_t caller; /* the frame that called the slowest */
} slow_query;

static uint32_t slow_query_caller(const gbxi_calls *calls, const gbxi_call *call)
{
    return call->parent != GBXI_CALL_NONE ? calls->at[call->parent].frame : call->frame;
}

static bool slow_query_count(gbxi_bins *bins, const gbxi_seen *seen, const gbxi_call *call)
{
    const uint32_t key[] = {seen->route, call->statement};
    slow_query *at = gbxi_bins_of(bins, key, 2);

    if (at == NULL || !gbxi_durations_add(&at->durations, call->duration_ns))
        return false;
    at->route = seen->route;
    at->statement = call->statement;
    if (call->duration_ns < GBXI_SLOW_NS)
        return true;
    gbxi_tally_add(&at->tally, seen->trace, call->duration_ns);
    at->slow++;
    at->slow_ns += call->duration_ns;
    if (call->duration_ns > at->slowest_ns) {
        at->slowest_ns = call->duration_ns;
        at->caller = slow_query_caller(seen->calls, call);
    }
    return true;
}

static bool slow_query_see(void *state, const gbxi_seen *seen)
{
    gbxi_bins *bins = state;

    bins->item_bytes = sizeof(slow_query);
    for (uint32_t i = 0; i < seen->calls->count; i++)
        if (seen->calls->at[i].statement != GBXI_PLACE_NONE && !slow_query_count(bins, seen, &seen->calls->at[i]))
            return false;
    return true;
}

static void slow_query_add(slow_query *at, const gbxi_survey *survey, gbxi_findings *findings)
{
    const gbxi_place *caller = &survey->places.frames[at->caller];
    const char *statement = gbxi_places_statement_text(&survey->places, at->statement);
    uint64_t p95;

    gbxi_durations_sort(&at->durations);
    gbxi_tally_end(&at->tally);
    p95 = gbxi_durations_percentile(&at->durations, 95);
    gbxi_findings_add(
        findings,
        &(gbxi_finding){.rule = &gbxi_rule_slow_query,
                        .level = GBXI_LEVEL_WARNING,
                        .gain = GBXI_GAIN_AT_MOST,
                        .route = gbxi_places_route_text(&survey->places, at->route),
                        .subject = statement,
                        .frame = statement,
                        .file = caller->file,
                        .line = caller->line,
                        .sentence =
                            gbxi_findings_text(findings, "%s runs a statement that takes up to %s: %s", caller->name,
                                               gbxi_figure_ns(at->slowest_ns, true).text, statement),
                        .weight = at->slow_ns,
                        .tally = at->tally,
                        .figures = {{at->durations.count}, {at->slow}, {at->slow_ns}, {p95}, {at->durations.max_ns}}});
}

static bool slow_query_finish(void *state, const gbxi_survey *survey, gbxi_findings *findings)
{
    gbxi_bins *bins = state;

    for (size_t i = 0; i < gbxi_bins_count(bins); i++)
        if (((slow_query *)gbxi_bins_at(bins, i))->slow > 0)
            slow_query_add(gbxi_bins_at(bins, i), survey, findings);
    return !findings->failed;
}

static void slow_query_fini(void *state)
{
    gbxi_bins *bins = state;

    for (size_t i = 0; i < gbxi_bins_count(bins); i++)
        gbxi_durations_fini(&((slow_query *)gbxi_bins_at(bins, i))->durations);
    gbxi_bins_fini(bins);
}

const gbxi_rule gbxi_rule_slow_query = {
    .id = "slow-query",
    .heading = "Slow queries",
    .subject = "Statement",
    .meaning = "A statement, without its values, of which a call took 100 ms or more.",
    .advice = "Ask the database for the plan of the statement: an index, fewer rows or fewer columns make it faster.",
    .columns = {{"calls", "Calls", GBXI_FIGURE_COUNT},
                {"slow_calls", "Slow", GBXI_FIGURE_COUNT},
                {"slow_ns", "Time of the slow", GBXI_FIGURE_NS},
                {"p95_ns", "p95", GBXI_FIGURE_NS},
                {"max_ns", "Max", GBXI_FIGURE_NS}},
    .has_route = true,
    .state_bytes = sizeof(gbxi_bins),
    .see = slow_query_see,
    .finish = slow_query_finish,
    .fini = slow_query_fini,
};
