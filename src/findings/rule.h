/* SPDX-License-Identifier: MIT */
/* Rules. Each is its own file in rules/, which defines gbxi_rule_NAME, and a row in GBXI_RULES. A rule sees each trace
 * of a run once and then says what it has found. */
#ifndef GBX_FINDINGS_RULE_H
#define GBX_FINDINGS_RULE_H

#include "findings/calls.h"
#include "findings/finding.h"
#include "findings/groups.h"

/* X(name): all rules over one run, in the order of the report. */
#define GBXI_RULES(X)                                                                                                  \
    X(slow_endpoint)                                                                                                   \
    X(slow_query)                                                                                                      \
    X(n_plus_one)                                                                                                      \
    X(redundant_calls)                                                                                                 \
    X(hot_span)                                                                                                        \
    X(fan_out)                                                                                                         \
    X(waiting)                                                                                                         \
    X(unattributed)                                                                                                    \
    X(failure)

/* From this duration on, a query is slow, and an endpoint whose 95th percentile it is. */
#define GBXI_SLOW_NS UINT64_C(100000000)

/* What the traces of one route have together. */
typedef struct gbxi_route_sum {
    uint64_t trace_count, total_ns;
} gbxi_route_sum;

/* What a run has together. */
typedef struct gbxi_survey {
    gbxi_places places;
    gbxi_route_sum *routes; /* by the number of the route */
    size_t route_count, route_capacity;
    uint64_t self_ns; /* sum of the self times of all calls */
} gbxi_survey;

/* One trace, as a rule sees it. Borrowed during the call. */
typedef struct gbxi_seen {
    const gbxi_survey *survey; /* up to this trace */
    const gbxi_stored_trace *trace;
    const gbxi_calls *calls;
    const gbxi_call_groups *groups;
    uint32_t route; /* of the places */
} gbxi_seen;

typedef struct gbxi_column {
    const char *key, *title;
    gbxi_figure_kind kind;
} gbxi_column;

typedef struct gbxi_rule {
    const char *id;      /* "n-plus-one" */
    const char *heading; /* of its section: never changes */
    const char *subject; /* title of what its findings are about: "Span" */
    const char *meaning; /* a sentence: what a finding of this rule is */
    const char *advice;  /* a sentence: what to do */
    gbxi_column columns[GBXI_FIGURES_MAX + 1];
    gbxi_level fails_from; /* the least level that is a reason to fail when a person names the rule */
    bool has_route;
    size_t state_bytes;
    /* Looks at a trace. `state` is all zero before the first. Errors: false if memory is short. */
    bool (*see)(void *state, const gbxi_seen *seen);
    /* Adds the findings, in any order. Errors: false if memory is short. */
    bool (*finish)(void *state, const gbxi_survey *survey, gbxi_findings *findings);
    void (*fini)(void *state);
} gbxi_rule;

#define GBXI_RULE_DECLARATION(name) extern const gbxi_rule gbxi_rule_##name;
GBXI_RULES(GBXI_RULE_DECLARATION)
#undef GBXI_RULE_DECLARATION

/* The rule that compares a run with a baseline; it sees no traces. */
extern const gbxi_rule gbxi_rule_regression;

/* The rule at `index` of the report; NULL after the last. */
const gbxi_rule *gbxi_rule_at(size_t index);

/* Adds a finding, with its signature. */
void gbxi_findings_add(gbxi_findings *findings, const gbxi_finding *finding);

/* A frame as signatures have it: label and file. */
const char *gbxi_rule_frame(gbxi_findings *findings, const gbxi_place *place);

/* `part` of `whole` in hundredths of a percent. */
uint64_t gbxi_share_of(uint64_t part, uint64_t whole);

#endif
