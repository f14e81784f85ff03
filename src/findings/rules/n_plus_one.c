/* SPDX-License-Identifier: MIT */
/* One call for each row of a list, where one call for all would do. */
#include "findings/rules/loops.h"

static gbxi_loop_part n_plus_one_judge(const gbxi_seen *seen, const gbxi_call_group *group)
{
    if ((group->distinct < GBXI_GROUP_CALLS_MIN && !group->is_guessed) ||
        !gbxi_loop_matters(seen, group, group->total_ns))
        return (gbxi_loop_part){.calls = 0};
    return (gbxi_loop_part){group->total_ns, group->total_ns - group->longest_ns, group->count};
}

static bool n_plus_one_see(void *state, const gbxi_seen *seen)
{
    return gbxi_loops_see(state, seen, n_plus_one_judge);
}

static const char *n_plus_one_sentence(const gbxi_call_loop *loop, const gbxi_survey *survey, gbxi_findings *findings)
{
    return gbxi_findings_text(
        findings, "%s makes up to %u calls with %s: %s", survey->places.frames[loop->parent].name, loop->most_calls,
        loop->is_guessed ? "parameters that were not recorded" : "different arguments", gbxi_loop_callee(loop, survey));
}

static bool n_plus_one_finish(void *state, const gbxi_survey *survey, gbxi_findings *findings)
{
    return gbxi_loops_finish(state, &gbxi_rule_n_plus_one, survey, findings, n_plus_one_sentence);
}

const gbxi_rule gbxi_rule_n_plus_one = {
    .id = "n-plus-one",
    .heading = "Suspected N+1 patterns",
    .meaning = "One call made the same child at least 5 times, with at least 5 different arguments or statements, and "
               "for at least 1 % of its own time.",
    .advice = "Ask for all rows at once, by a join or by a list of keys, and keep the answers by key.",
    GBXI_LOOP_RULE,
    .see = n_plus_one_see,
    .finish = n_plus_one_finish,
};
