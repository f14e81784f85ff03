/* SPDX-License-Identifier: MIT */
/* The same call again and again. */
#include "findings/rules/loops.h"

static gbxi_loop_part redundant_judge(const gbxi_seen *seen, const gbxi_call_group *group)
{
    if (group->repeated == 0 || group->is_guessed || !gbxi_loop_matters(seen, group, group->repeated_ns))
        return (gbxi_loop_part){.calls = 0};
    return (gbxi_loop_part){group->repeated_ns, group->repeated_gain_ns, group->repeated};
}

static bool redundant_see(void *state, const gbxi_seen *seen)
{
    return gbxi_loops_see(state, seen, redundant_judge);
}

static const char *redundant_sentence(const gbxi_call_loop *loop, const gbxi_survey *survey, gbxi_findings *findings)
{
    return gbxi_findings_text(findings, "%s makes up to %u calls with the same arguments: %s",
                              survey->places.frames[loop->parent].name, loop->most_calls,
                              gbxi_loop_callee(loop, survey));
}

static bool redundant_finish(void *state, const gbxi_survey *survey, gbxi_findings *findings)
{
    return gbxi_loops_finish(state, &gbxi_rule_redundant_calls, survey, findings, redundant_sentence);
}

const gbxi_rule gbxi_rule_redundant_calls = {
    .id = "redundant-calls",
    .heading = "Redundant calls",
    .meaning = "One call made the same child with the same argument or statement at least 5 times, and for at least "
               "1 % of its own time.",
    .advice = "Keep the first answer and use it again, for as long as the request lasts.",
    GBXI_LOOP_RULE,
    .see = redundant_see,
    .finish = redundant_finish,
};
