/* SPDX-License-Identifier: MIT */
/* Tests one row of a comparison, and says how large its effect must be. */
#ifndef GBX_FINDINGS_COMPARE_JUDGE_H
#define GBX_FINDINGS_COMPARE_JUDGE_H

#include "findings/compare/compared.h"
#include "findings/compare/logs.h"

/* Finds how the sides differ, before anything is known of what the rows have in common. Keeps a mark that says why a
 * row is not tested. Errors: false if out of memory. */
GBX_MUST_USE bool gbxi_judge_shift(const gbxi_compare_logs *logs, gbxi_compared *found);

/* Whether the row is tested: both sides have it often enough, and nothing speaks against it. */
bool gbxi_judge_is_tested(const gbxi_compared *found);

/* How long the row lasts in a request: the geometric mean of both sides. */
double gbxi_judge_duration_ns(const gbxi_compared *found);

/* Tests the row without the drift, which it takes out of the logarithms. */
void gbxi_judge_test(gbxi_compare_logs *logs, gbxi_comparison *comparison, gbxi_compared *found);

/* Adjusts the p of rows for their number, and marks those that differ. `found_at` gives the row with a number below
 * `count`. Errors: false if out of memory. */
GBX_MUST_USE bool gbxi_judge_mark(size_t count, gbxi_compared *(*found_at)(void *rows, size_t i), void *rows);

#endif
