/* SPDX-License-Identifier: MIT */
/* Medians and spreads of samples. They ignore the odd request that the machine spoilt. */
#ifndef GBX_FINDINGS_COMPARE_MEDIAN_H
#define GBX_FINDINGS_COMPARE_MEDIAN_H

#include <stddef.h>

/* The median of sorted values, the mean of both middle ones if their number is even. `count` is at least 1. */
double gbxi_median_of_sorted(const double *sorted, size_t count);

/* Sorts the values, none of which may be NaN, and returns their median. `count` is at least 1. */
double gbxi_median(double *values, size_t count);

/* The value below which that share of sorted values lies, between two of them if need be. `count` is at least 1. */
double gbxi_quantile(const double *sorted, size_t count, double share);

/* The distance between the quartiles of sorted values. `count` is at least 1. */
double gbxi_quartile_distance(const double *sorted, size_t count);

/* The standard deviation around `center`, told from the four fifths of the values that are nearest to it, as if all
 * were normally distributed: a few that stand out do not change it. Overwrites the values; `count` is at least 2. */
double gbxi_trimmed_deviation(double *values, size_t count, double center);

#endif
