/* SPDX-License-Identifier: MIT */
/* How much larger one sample is than another. */
#ifndef GBX_FINDINGS_COMPARE_SHIFT_H
#define GBX_FINDINGS_COMPARE_SHIFT_H

#include "findings/compare/mann_whitney.h"
#include <glassbox/api.h>
#include <stdbool.h>

/* Of larger samples, so many values at equal distances in rank stand for all. */
enum { GBXI_SHIFT_VALUES_MAX = 400 };

/* Gives the median of all differences of a value of `b` and one of `a`: the shift that fits Mann-Whitney's test.
 * Errors: false if out of memory. Cost: at most GBXI_SHIFT_VALUES_MAX^2 differences. Source: J. L. Hodges, E. L.
 * Lehmann, Estimates of location based on rank tests, Annals of Mathematical Statistics 34 (1963). */
GBX_MUST_USE bool gbxi_shift_estimate(gbxi_sorted a, gbxi_sorted b, double *shift);

#endif
