/* SPDX-License-Identifier: MIT */
/* The spans that have the most self time. */
#include "base/grow.h"
#include "findings/rule.h"
#include "text/figures.h"

enum { HOT_SHARE_LEAST = 10 }; /* hundredths of a percent: less is shown as 0.0 % */

typedef struct hot_span {
    gbxi_tally tally; /* of self times */
    uint64_t calls, total_ns;
} hot_span;

/* By the number of the frame. */
typedef struct hot_state {
    hot_span *at;
    size_t count, capacity;
} hot_state;

static bool hot_make_room(hot_state *state, size_t count)
{
    if (!gbxi_grow(&state->at, &state->capacity, count, sizeof(*state->at)))
        return false;
    for (; state->count < count; state->count++)
        state->at[state->count] = (hot_span){.calls = 0};
    return true;
}

static bool hot_see(void *state, const gbxi_seen *seen)
{
    hot_state *hot = state;

    if (!hot_make_room(hot, seen->survey->places.keys.count))
        return false;
    for (uint32_t i = 0; i < seen->calls->count; i++) {
        const gbxi_call *call = &seen->calls->at[i];
        hot_span *span = &hot->at[call->frame];

        span->calls++;
        span->total_ns += call->duration_ns;
        gbxi_tally_add(&span->tally, seen->trace, gbxi_call_self_ns(call));
    }
    return true;
}

static void hot_add(hot_span *span, const gbxi_place *place, const gbxi_survey *survey, gbxi_findings *findings)
{
    uint64_t share;

    gbxi_tally_end(&span->tally);
    share = gbxi_share_of(span->tally.sum_ns, survey->self_ns);
    if (share < HOT_SHARE_LEAST)
        return;
    gbxi_findings_add(findings, &(gbxi_finding){.rule = &gbxi_rule_hot_span,
                                                .level = GBXI_LEVEL_NOTE,
                                                .gain = GBXI_GAIN_AT_MOST,
                                                .subject = place->name,
                                                .frame = gbxi_rule_frame(findings, place),
                                                .file = place->file,
                                                .line = place->line,
                                                .sentence = gbxi_findings_text(
                                                    findings, "%s takes %.1f %% of the time of all spans itself",
                                                    place->name, (double)share / 100),
                                                .weight = span->tally.sum_ns,
                                                .tally = span->tally,
                                                .figures = {{span->calls},
                                                            {span->tally.sum_ns},
                                                            {share},
                                                            {span->tally.sum_ns / (span->calls > 0 ? span->calls : 1)},
                                                            {span->tally.trace_count}}});
}

static bool hot_finish(void *state, const gbxi_survey *survey, gbxi_findings *findings)
{
    hot_state *hot = state;

    for (size_t i = 0; i < hot->count; i++)
        if (hot->at[i].calls > 0)
            hot_add(&hot->at[i], &survey->places.frames[i], survey, findings);
    return !findings->failed;
}

static void hot_fini(void *state)
{
    gbxi_account_free(((hot_state *)state)->at);
}

const gbxi_rule gbxi_rule_hot_span = {
    .id = "hot-span",
    .heading = "Hot spans",
    .subject = "Span",
    .meaning = "The spans with the most self time: what they do themselves, without the spans that they call.",
    .advice = "Make the code of the span cheaper, call it less often, or add spans inside to see what it does.",
    .columns = {{"calls", "Calls", GBXI_FIGURE_COUNT},
                {"self_ns", "Self", GBXI_FIGURE_NS},
                {"share", "Share", GBXI_FIGURE_SHARE},
                {"average_ns", "Average", GBXI_FIGURE_NS},
                {"traces", "Traces", GBXI_FIGURE_COUNT}},
    .fails_from = GBXI_LEVEL_WARNING,
    .state_bytes = sizeof(hot_state),
    .see = hot_see,
    .finish = hot_finish,
    .fini = hot_fini,
};
