/* SPDX-License-Identifier: MIT */
/* Which findings are worth a change, and in which order. */
#ifndef GBX_FINDINGS_RECOMMEND_H
#define GBX_FINDINGS_RECOMMEND_H

#include "findings/report.h"

enum { GBXI_DOCUMENTATION_SIZE = 96 };

/* The findings that are recommended to act on, errors before warnings, and then those with the most to gain; at most as
 * many as the report shows of a rule. Owns: the caller, with free. NULL: memory is short. */
GBX_MUST_USE const gbxi_finding **gbxi_recommendations_new(const gbxi_report *report, size_t *count);

/* Writes where the documentation describes the rule, terminated. */
void gbxi_rule_documentation(const gbxi_rule *rule, char text[static GBXI_DOCUMENTATION_SIZE]);

#endif
