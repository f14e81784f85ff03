/* SPDX-License-Identifier: MIT */
/* What the rules about loops of calls share: groups of one kind, added up over the traces. */
#ifndef GBX_FINDINGS_RULES_LOOPS_H
#define GBX_FINDINGS_RULES_LOOPS_H

#include "findings/bins.h"
#include "findings/rule.h"

/* The groups with the same caller, frame and statement in a route. */
typedef struct gbxi_call_loop {
    gbxi_tally tally; /* of what would be gained */
    uint64_t total_ns;
    uint64_t call_count;
    uint32_t most_calls; /* in one group */
    uint32_t route, parent, frame, statement;
    bool is_guessed;
} gbxi_call_loop;

/* What a group counts for one of the rules. `calls` is 0 if it does not. */
typedef struct gbxi_loop_part {
    uint64_t total_ns, gain_ns;
    uint32_t calls;
} gbxi_loop_part;

/* The members of a rule about loops, besides its texts and functions. */
#define GBXI_LOOP_RULE                                                                                                 \
    .subject = "Child",                                                                                                \
    .columns = {{"parent", "Called by", GBXI_FIGURE_TEXT},                                                             \
                {"calls_max", "Calls at once", GBXI_FIGURE_COUNT},                                                     \
                {"calls", "Calls", GBXI_FIGURE_COUNT},                                                                 \
                {"total_ns", "Total", GBXI_FIGURE_NS},                                                                 \
                {"traces", "Traces", GBXI_FIGURE_COUNT}},                                                              \
    .has_route = true, .state_bytes = sizeof(gbxi_bins), .fini = gbxi_loops_fini

/* Whether `part_ns` is a part of the caller's time that matters: 1 %. */
bool gbxi_loop_matters(const gbxi_seen *seen, const gbxi_call_group *group, uint64_t part_ns);

/* Adds the groups of a trace. Errors: false if memory is short. */
bool gbxi_loops_see(gbxi_bins *bins, const gbxi_seen *seen,
                    gbxi_loop_part (*judge)(const gbxi_seen *seen, const gbxi_call_group *group));

/* What the loop calls: the statement, or the name of the frame. */
const char *gbxi_loop_callee(const gbxi_call_loop *loop, const gbxi_survey *survey);

/* Adds a finding for each loop. `sentence` says what is the case. Errors: false if memory is short. */
bool gbxi_loops_finish(gbxi_bins *bins, const gbxi_rule *rule, const gbxi_survey *survey, gbxi_findings *findings,
                       const char *(*sentence)(const gbxi_call_loop *loop, const gbxi_survey *survey,
                                               gbxi_findings *findings));

/* Frees what a rule has seen. */
void gbxi_loops_fini(void *state);

#endif
