/* SPDX-License-Identifier: MIT */
/* Calls with many direct children. */
#include "findings/bins.h"
#include "findings/rule.h"

enum { CHILDREN_MANY = 20 };

typedef struct fan_out {
    gbxi_tally tally; /* of the time of the children */
    uint64_t call_count;
    uint32_t most_children;
    uint32_t route, frame;
} fan_out;

static bool fan_out_see(void *state, const gbxi_seen *seen)
{
    gbxi_bins *bins = state;

    bins->item_bytes = sizeof(fan_out);
    for (uint32_t i = 0; i < seen->calls->count; i++) {
        const gbxi_call *call = &seen->calls->at[i];
        const uint32_t key[] = {seen->route, call->frame};
        fan_out *at;

        if (call->child_count <= CHILDREN_MANY)
            continue;
        if ((at = gbxi_bins_of(bins, key, 2)) == NULL)
            return false;
        at->route = seen->route;
        at->frame = call->frame;
        at->call_count++;
        if (call->child_count > at->most_children)
            at->most_children = call->child_count;
        gbxi_tally_add(&at->tally, seen->trace, call->children_ns);
    }
    return true;
}

static void fan_out_add(fan_out *at, const gbxi_survey *survey, gbxi_findings *findings)
{
    const gbxi_place *place = &survey->places.frames[at->frame];

    gbxi_tally_end(&at->tally);
    gbxi_findings_add(
        findings,
        &(gbxi_finding){
            .rule = &gbxi_rule_fan_out,
            .level = GBXI_LEVEL_NOTE,
            .route = gbxi_places_route_text(&survey->places, at->route),
            .subject = place->name,
            .frame = gbxi_rule_frame(findings, place),
            .file = place->file,
            .line = place->line,
            .sentence = gbxi_findings_text(findings, "%s has up to %u direct children", place->name, at->most_children),
            .weight = at->tally.sum_ns,
            .tally = at->tally,
            .figures = {{at->most_children}, {at->call_count}, {at->tally.sum_ns}, {at->tally.trace_count}}});
}

static bool fan_out_finish(void *state, const gbxi_survey *survey, gbxi_findings *findings)
{
    gbxi_bins *bins = state;

    for (size_t i = 0; i < gbxi_bins_count(bins); i++)
        fan_out_add(gbxi_bins_at(bins, i), survey, findings);
    return !findings->failed;
}

static void fan_out_fini(void *state)
{
    gbxi_bins_fini(state);
}

const gbxi_rule gbxi_rule_fan_out = {
    .id = "fan-out",
    .heading = "Child fan-out",
    .subject = "Span",
    .meaning = "A call that had more than 20 direct children.",
    .advice = "See whether the children can be fewer: one call for many items, or a limit on the items.",
    .columns = {{"children_max", "Children", GBXI_FIGURE_COUNT},
                {"calls", "Such calls", GBXI_FIGURE_COUNT},
                {"children_ns", "Time of the children", GBXI_FIGURE_NS},
                {"traces", "Traces", GBXI_FIGURE_COUNT}},
    .has_route = true,
    .state_bytes = sizeof(gbxi_bins),
    .see = fan_out_see,
    .finish = fan_out_finish,
    .fini = fan_out_fini,
};
