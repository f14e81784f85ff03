/* SPDX-License-Identifier: MIT */
/* Owns the choice of what to recommend. */
#include "findings/recommend.h"
#include <stdio.h>
#include <stdlib.h>

enum { HOT_SHARE = 2000, HOT_SHARE_COLUMN = 2 }; /* hundredths of a percent */

/* Of a ranking, the greatest are not always great. */
static bool recommend_is_worth(const gbxi_finding *finding)
{
    if (finding->acknowledged != NULL)
        return false;
    if (finding->rule == &gbxi_rule_hot_span)
        return finding->figures[HOT_SHARE_COLUMN].number >= HOT_SHARE;
    return finding->level != GBXI_LEVEL_NOTE;
}

static uint64_t recommend_gain(const gbxi_finding *finding)
{
    return finding->gain != GBXI_GAIN_NONE ? finding->tally.sum_ns : 0;
}

static int recommend_compare(const void *a, const void *b)
{
    const gbxi_finding *left = *(const gbxi_finding *const *)a, *right = *(const gbxi_finding *const *)b;
    uint64_t left_gain = recommend_gain(left), right_gain = recommend_gain(right);

    if (left->level != right->level)
        return left->level > right->level ? -1 : 1;
    if (left_gain != right_gain)
        return left_gain > right_gain ? -1 : 1;
    return strcmp(left->signature, right->signature);
}

const gbxi_finding **gbxi_recommendations_new(const gbxi_report *report, size_t *count)
{
    const gbxi_finding **chosen = malloc((report->findings.count + 1) * sizeof(*chosen));

    *count = 0;
    if (chosen == NULL)
        return NULL;
    for (size_t i = 0; i < report->findings.count; i++)
        if (recommend_is_worth(&report->findings.at[i]))
            chosen[(*count)++] = &report->findings.at[i];
    if (*count > 1)
        qsort(chosen, *count, sizeof(*chosen), recommend_compare);
    if (report->top != 0 && *count > report->top)
        *count = report->top;
    return chosen;
}

void gbxi_rule_documentation(const gbxi_rule *rule, char text[static GBXI_DOCUMENTATION_SIZE])
{
    snprintf(text, GBXI_DOCUMENTATION_SIZE, "docs/findings.md#%s", rule->id);
}
