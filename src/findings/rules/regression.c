/* SPDX-License-Identifier: MIT */
/* What is slower than in a baseline. The comparison finds it (findings/compare), not a look at the traces. */
#include "findings/rule.h"

const gbxi_rule gbxi_rule_regression = {
    .id = "regression",
    .heading = "Regressions",
    .subject = "Span",
    .meaning = "A span that is slower than in the baseline by at least 5 %, which chance does not explain.",
    .advice = "See what has changed in the span since the baseline; 'glassbox compare' has all figures.",
    .columns = {{"before_ns", "Before", GBXI_FIGURE_NS},
                {"after_ns", "After", GBXI_FIGURE_NS},
                {"change", "Change", GBXI_FIGURE_CHANGE},
                {"requests_before", "Requests before", GBXI_FIGURE_COUNT},
                {"requests_after", "after", GBXI_FIGURE_COUNT}},
    .has_route = true,
};
