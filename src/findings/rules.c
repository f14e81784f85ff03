/* SPDX-License-Identifier: MIT */
/* The table of rules, and what several of them need. */
#include "base/grow.h"
#include "findings/rule.h"

#define RULE_ROW(name) &gbxi_rule_##name,
static const gbxi_rule *const all_rules[] = {GBXI_RULES(RULE_ROW) & gbxi_rule_regression};

const gbxi_rule *gbxi_rule_at(size_t index)
{
    return index < sizeof(all_rules) / sizeof(all_rules[0]) ? all_rules[index] : NULL;
}

const char *gbxi_rule_frame(gbxi_findings *findings, const gbxi_place *place)
{
    return gbxi_findings_text(findings, "%s@%s", place->label, place->file);
}

uint64_t gbxi_share_of(uint64_t part, uint64_t whole)
{
    return whole > 0 ? (uint64_t)((double)part / (double)whole * 10000 + 0.5) : 0;
}

void gbxi_findings_add(gbxi_findings *findings, const gbxi_finding *finding)
{
    const char *const parts[] = {finding->rule->id, finding->route != NULL ? finding->route : "", finding->frame};
    gbxi_finding *added;

    if (findings->failed ||
        !gbxi_grow(&findings->at, &findings->capacity, findings->count + 1, sizeof(*findings->at))) {
        findings->failed = true;
        return;
    }
    added = &findings->at[findings->count++];
    *added = *finding;
    if (gbxi_signature_make(parts, sizeof(parts) / sizeof(parts[0]), added->signature) != GBX_ERR_OK)
        findings->failed = true;
}
