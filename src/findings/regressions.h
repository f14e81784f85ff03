/* SPDX-License-Identifier: MIT */
/* What is slower than in a baseline, as findings. */
#ifndef GBX_FINDINGS_REGRESSIONS_H
#define GBX_FINDINGS_REGRESSIONS_H

#include "findings/compare/comparison.h"
#include "findings/rule.h"

/* Adds a finding for each frame of `after` that is slower than in `before`. `is_shown` says whether both sides have
 * enough requests of some route for anything to be shown. Errors: those of comparing; of the list, in the list. */
GBX_MUST_USE gbx_err gbxi_regressions_find(const gbxi_compare_side *before, const gbxi_compare_side *after,
                                           gbxi_findings *findings, bool *is_shown, gbx_error *error);

#endif
