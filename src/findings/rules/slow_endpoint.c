/* SPDX-License-Identifier: MIT */
/* The routes that take the most time. */
#include "findings/bins.h"
#include "findings/durations.h"
#include "findings/rule.h"
#include "text/figures.h"

typedef struct endpoint {
    gbxi_durations durations;
    gbxi_tally tally;
    uint32_t route;
} endpoint;

static bool slow_endpoint_see(void *state, const gbxi_seen *seen)
{
    gbxi_bins *bins = state;
    endpoint *at;

    bins->item_bytes = sizeof(*at);
    if ((at = gbxi_bins_of(bins, &seen->route, 1)) == NULL)
        return false;
    at->route = seen->route;
    gbxi_tally_add(&at->tally, seen->trace, seen->trace->duration_ns);
    return gbxi_durations_add(&at->durations, seen->trace->duration_ns);
}

static void slow_endpoint_add(endpoint *at, const gbxi_survey *survey, gbxi_findings *findings)
{
    const char *route = gbxi_places_route_text(&survey->places, at->route);
    uint64_t p50, p95;

    gbxi_durations_sort(&at->durations);
    gbxi_tally_end(&at->tally);
    p50 = gbxi_durations_percentile(&at->durations, 50);
    p95 = gbxi_durations_percentile(&at->durations, 95);
    gbxi_findings_add(
        findings,
        &(gbxi_finding){
            .rule = &gbxi_rule_slow_endpoint,
            .level = p95 >= GBXI_SLOW_NS ? GBXI_LEVEL_WARNING : GBXI_LEVEL_NOTE,
            .route = route,
            .subject = route,
            .frame = "",
            .sentence = gbxi_findings_text(findings, "%s takes %s at the median and %s at the 95th percentile", route,
                                           gbxi_figure_ns(p50, true).text, gbxi_figure_ns(p95, true).text),
            .weight = at->durations.sum_ns,
            .tally = at->tally,
            .figures = {{at->durations.count}, {at->durations.sum_ns}, {p50}, {p95}, {at->durations.max_ns}}});
}

static bool slow_endpoint_finish(void *state, const gbxi_survey *survey, gbxi_findings *findings)
{
    gbxi_bins *bins = state;

    for (size_t i = 0; i < gbxi_bins_count(bins); i++)
        slow_endpoint_add(gbxi_bins_at(bins, i), survey, findings);
    return !findings->failed;
}

static void slow_endpoint_fini(void *state)
{
    gbxi_bins *bins = state;

    for (size_t i = 0; i < gbxi_bins_count(bins); i++)
        gbxi_durations_fini(&((endpoint *)gbxi_bins_at(bins, i))->durations);
    gbxi_bins_fini(bins);
}

const gbxi_rule gbxi_rule_slow_endpoint = {
    .id = "slow-endpoint",
    .heading = "Slow endpoints",
    .subject = "Route",
    .meaning = "The routes that took the most time in all; a warning if the 95th percentile is 100 ms or more.",
    .advice = "Look at the slowest trace with 'glassbox show', and begin with the span that has the most self time.",
    .columns = {{"calls", "Calls", GBXI_FIGURE_COUNT},
                {"total_ns", "Total", GBXI_FIGURE_NS},
                {"p50_ns", "p50", GBXI_FIGURE_NS},
                {"p95_ns", "p95", GBXI_FIGURE_NS},
                {"max_ns", "Max", GBXI_FIGURE_NS}},
    .fails_from = GBXI_LEVEL_WARNING,
    .state_bytes = sizeof(gbxi_bins),
    .see = slow_endpoint_see,
    .finish = slow_endpoint_finish,
    .fini = slow_endpoint_fini,
};
