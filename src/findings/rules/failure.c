/* SPDX-License-Identifier: MIT */
/* Spans and requests that failed. */
#include "findings/bins.h"
#include "findings/rule.h"

enum { SERVER_ERROR = 500 };

typedef struct failure {
    gbxi_tally tally; /* of the traces' durations */
    uint64_t count;
    uint32_t route, frame; /* GBXI_PLACE_NONE: no span was open */
    uint32_t reason;       /* the first one, of the state's texts; GBXI_TEXT_NONE: only the status tells */
    uint32_t status;       /* of the first */
} failure;

typedef struct failure_state {
    gbxi_bins bins;
    gbxi_dictionary reasons;
} failure_state;

static bool failure_count(failure_state *state, const gbxi_seen *seen, uint32_t frame, gbxi_view reason)
{
    const uint32_t key[] = {seen->route, frame};
    size_t before = gbxi_bins_count(&state->bins);
    failure *at = gbxi_bins_of(&state->bins, key, 2);

    if (at == NULL)
        return false;
    if (gbxi_bins_count(&state->bins) > before) {
        at->reason = GBXI_TEXT_NONE;
        at->status = seen->trace->status;
        if (reason.at != NULL && (at->reason = gbxi_dictionary_number(&state->reasons, reason)) == GBXI_TEXT_NONE)
            return false;
    }
    at->route = seen->route;
    at->frame = frame;
    at->count++;
    if (at->tally.open.number != seen->trace->number)
        gbxi_tally_add(&at->tally, seen->trace, seen->trace->duration_ns);
    return true;
}

static bool failure_see(void *state, const gbxi_seen *seen)
{
    failure_state *failures = state;
    const gbxi_calls *calls = seen->calls;

    failures->bins.item_bytes = sizeof(failure);
    for (size_t i = 0; i < calls->failure_count; i++) {
        uint32_t call = calls->failures[i].call;

        if (!failure_count(failures, seen, call != GBXI_CALL_NONE ? calls->at[call].frame : GBXI_PLACE_NONE,
                           calls->reasons.at[calls->failures[i].reason]))
            return false;
    }
    return calls->failure_count > 0 || seen->trace->status < SERVER_ERROR ||
           failure_count(failures, seen, GBXI_PLACE_NONE, (gbxi_view){NULL, 0});
}

static const char *failure_reason(const failure_state *state, const failure *at, gbxi_findings *findings)
{
    return at->reason != GBXI_TEXT_NONE ? gbxi_findings_text(findings, "%s", state->reasons.at[at->reason].at)
                                        : gbxi_findings_text(findings, "status %u", at->status);
}

static void failure_add(const failure_state *state, failure *at, const gbxi_survey *survey, gbxi_findings *findings)
{
    static const gbxi_place no_place = {.label = "", .name = "(no span)", .file = ""};
    const gbxi_place *place = at->frame != GBXI_PLACE_NONE ? &survey->places.frames[at->frame] : &no_place;
    const char *reason = failure_reason(state, at, findings);

    gbxi_tally_end(&at->tally);
    gbxi_findings_add(findings,
                      &(gbxi_finding){.rule = &gbxi_rule_failure,
                                      .level = GBXI_LEVEL_ERROR,
                                      .route = gbxi_places_route_text(&survey->places, at->route),
                                      .subject = place->name,
                                      .frame = gbxi_rule_frame(findings, place),
                                      .file = place->file,
                                      .line = place->line,
                                      .sentence = gbxi_findings_text(findings, "%s fails: %s", place->name, reason),
                                      .weight = at->count,
                                      .tally = at->tally,
                                      .figures = {{.text = reason}, {at->count}, {at->tally.trace_count}}});
}

static bool failure_finish(void *state, const gbxi_survey *survey, gbxi_findings *findings)
{
    failure_state *failures = state;

    for (size_t i = 0; i < gbxi_bins_count(&failures->bins); i++)
        failure_add(failures, gbxi_bins_at(&failures->bins, i), survey, findings);
    return !findings->failed;
}

static void failure_fini(void *state)
{
    failure_state *failures = state;

    gbxi_bins_fini(&failures->bins);
    gbxi_dictionary_fini(&failures->reasons);
}

const gbxi_rule gbxi_rule_failure = {
    .id = "error",
    .heading = "Errors",
    .subject = "Span",
    .meaning = "A span that was marked as failed, or an answer with a status of 500 or more.",
    .advice = "Look at one of the traces: what ran before the failure is there with its notes.",
    .columns = {{"reason", "First reason", GBXI_FIGURE_TEXT},
                {"failures", "Failures", GBXI_FIGURE_COUNT},
                {"traces", "Traces", GBXI_FIGURE_COUNT}},
    .has_route = true,
    .state_bytes = sizeof(failure_state),
    .see = failure_see,
    .finish = failure_finish,
    .fini = failure_fini,
};
