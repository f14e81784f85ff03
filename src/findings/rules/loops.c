/* SPDX-License-Identifier: MIT */
/* Adds up groups of calls. */
#include "findings/rules/loops.h"

enum { PARTS_THAT_MATTER = 100 };

bool gbxi_loop_matters(const gbxi_seen *seen, const gbxi_call_group *group, uint64_t part_ns)
{
    return part_ns >= seen->calls->at[group->parent].duration_ns / PARTS_THAT_MATTER;
}

static bool loops_count(gbxi_bins *bins, const gbxi_seen *seen, const gbxi_call_group *group,
                        const gbxi_loop_part *part)
{
    const uint32_t key[] = {seen->route, seen->calls->at[group->parent].frame, group->frame, group->statement};
    gbxi_call_loop *loop = gbxi_bins_of(bins, key, sizeof(key) / sizeof(key[0]));

    if (loop == NULL)
        return false;
    loop->route = key[0];
    loop->parent = key[1];
    loop->frame = key[2];
    loop->statement = key[3];
    loop->total_ns += part->total_ns;
    loop->call_count += part->calls;
    if (part->calls > loop->most_calls)
        loop->most_calls = part->calls;
    loop->is_guessed |= group->is_guessed;
    gbxi_tally_add(&loop->tally, seen->trace, part->gain_ns);
    return true;
}

bool gbxi_loops_see(gbxi_bins *bins, const gbxi_seen *seen,
                    gbxi_loop_part (*judge)(const gbxi_seen *seen, const gbxi_call_group *group))
{
    bins->item_bytes = sizeof(gbxi_call_loop);
    for (size_t i = 0; i < seen->groups->count; i++) {
        gbxi_loop_part part = judge(seen, &seen->groups->at[i]);

        if (part.calls > 0 && !loops_count(bins, seen, &seen->groups->at[i], &part))
            return false;
    }
    return true;
}

const char *gbxi_loop_callee(const gbxi_call_loop *loop, const gbxi_survey *survey)
{
    return loop->statement != GBXI_PLACE_NONE ? gbxi_places_statement_text(&survey->places, loop->statement)
                                              : survey->places.frames[loop->frame].name;
}

static const char *loops_frame(const gbxi_call_loop *loop, const gbxi_survey *survey, gbxi_findings *findings)
{
    const gbxi_place *parent = &survey->places.frames[loop->parent], *frame = &survey->places.frames[loop->frame];

    return gbxi_findings_text(
        findings, "%s@%s>%s@%s>%s", parent->label, parent->file, frame->label, frame->file,
        loop->statement != GBXI_PLACE_NONE ? gbxi_places_statement_text(&survey->places, loop->statement) : "");
}

bool gbxi_loops_finish(gbxi_bins *bins, const gbxi_rule *rule, const gbxi_survey *survey, gbxi_findings *findings,
                       const char *(*sentence)(const gbxi_call_loop *loop, const gbxi_survey *survey,
                                               gbxi_findings *findings))
{
    for (size_t i = 0; i < gbxi_bins_count(bins); i++) {
        gbxi_call_loop *loop = gbxi_bins_at(bins, i);
        const gbxi_place *parent = &survey->places.frames[loop->parent];

        gbxi_tally_end(&loop->tally);
        gbxi_findings_add(findings, &(gbxi_finding){.rule = rule,
                                                    .level = GBXI_LEVEL_WARNING,
                                                    .gain = GBXI_GAIN_EXACT,
                                                    .route = gbxi_places_route_text(&survey->places, loop->route),
                                                    .subject = gbxi_loop_callee(loop, survey),
                                                    .frame = loops_frame(loop, survey, findings),
                                                    .file = parent->file,
                                                    .line = parent->line,
                                                    .sentence = sentence(loop, survey, findings),
                                                    .weight = loop->tally.sum_ns,
                                                    .tally = loop->tally,
                                                    .figures = {{.text = parent->name},
                                                                {loop->most_calls},
                                                                {loop->call_count},
                                                                {loop->total_ns},
                                                                {loop->tally.trace_count}}});
    }
    return !findings->failed;
}

void gbxi_loops_fini(void *state)
{
    gbxi_bins_fini(state);
}
