/* SPDX-License-Identifier: MIT */
/* Time of requests in which no span was open. */
#include "findings/bins.h"
#include "findings/rule.h"

enum {
    UNATTRIBUTED_LEAST = 500, /* hundredths of a percent */
    UNATTRIBUTED_LARGE = 2500,
    UNATTRIBUTED_TRACES = 4 /* one in so many traces of a route must have such a share */
};

typedef struct unattributed {
    gbxi_tally tally;
    uint64_t traces; /* in which the share is worth telling */
    uint32_t route;
} unattributed;

static bool unattributed_see(void *state, const gbxi_seen *seen)
{
    gbxi_bins *bins = state;
    unattributed *at;

    bins->item_bytes = sizeof(*at);
    if ((at = gbxi_bins_of(bins, &seen->route, 1)) == NULL)
        return false;
    at->route = seen->route;
    at->traces += gbxi_share_of(seen->calls->unattributed_ns, seen->calls->duration_ns) >= UNATTRIBUTED_LEAST;
    gbxi_tally_add(&at->tally, seen->trace, seen->calls->unattributed_ns);
    return true;
}

static void unattributed_add(unattributed *at, const gbxi_survey *survey, gbxi_findings *findings)
{
    const char *route = gbxi_places_route_text(&survey->places, at->route);
    uint64_t share;

    gbxi_tally_end(&at->tally);
    share = gbxi_share_of(at->tally.sum_ns, survey->routes[at->route].total_ns);
    if (share < UNATTRIBUTED_LEAST || at->traces * UNATTRIBUTED_TRACES < at->tally.trace_count)
        return; /* now and then, another program has had the CPU */
    gbxi_findings_add(
        findings,
        &(gbxi_finding){.rule = &gbxi_rule_unattributed,
                        .level = share >= UNATTRIBUTED_LARGE ? GBXI_LEVEL_WARNING : GBXI_LEVEL_NOTE,
                        .route = route,
                        .subject = route,
                        .frame = "",
                        .sentence = gbxi_findings_text(findings, "no span was open in %.1f %% of the time of %s",
                                                       (double)share / 100, route),
                        .weight = at->tally.sum_ns,
                        .tally = at->tally,
                        .figures = {{at->tally.sum_ns}, {share}, {at->tally.high_ns}}});
}

static bool unattributed_finish(void *state, const gbxi_survey *survey, gbxi_findings *findings)
{
    gbxi_bins *bins = state;

    for (size_t i = 0; i < gbxi_bins_count(bins); i++)
        unattributed_add(gbxi_bins_at(bins, i), survey, findings);
    return !findings->failed;
}

static void unattributed_fini(void *state)
{
    gbxi_bins_fini(state);
}

const gbxi_rule gbxi_rule_unattributed = {
    .id = "unattributed",
    .heading = "Unattributed time",
    .subject = "Route",
    .meaning =
        "At least 5 % of the time of a route's requests, and of one request in four, in which no thread had a span "
        "open.",
    .advice = "Add spans to what the route runs first and last, and to what continues it on other threads.",
    .columns = {{"unattributed_ns", "Unattributed", GBXI_FIGURE_NS},
                {"share", "Share", GBXI_FIGURE_SHARE},
                {"max_ns", "Max", GBXI_FIGURE_NS}},
    .state_bytes = sizeof(gbxi_bins),
    .see = unattributed_see,
    .finish = unattributed_finish,
    .fini = unattributed_fini,
};
