/* SPDX-License-Identifier: MIT */
/* Whether one of two samples tends to be larger, by ranks alone: no distribution is assumed, and an outlier weighs no
 * more than any other value. Sources: H. B. Mann, D. R. Whitney, On a test of whether one of two random variables is
 * stochastically larger than the other, Annals of Mathematical Statistics 18 (1947); the corrections for ties and
 * continuity as in M. Hollander, D. A. Wolfe, E. Chicken, Nonparametric Statistical Methods, 3rd ed., 4.1. */
#ifndef GBX_FINDINGS_COMPARE_MANN_WHITNEY_H
#define GBX_FINDINGS_COMPARE_MANN_WHITNEY_H

#include <stddef.h>

/* Samples of at most so many values each, without ties, are tested exactly. */
enum { GBXI_MANN_WHITNEY_EXACT_MAX = 20 };

/* A sample, sorted ascending. Borrowed. */
typedef struct gbxi_sorted {
    const double *at;
    size_t count;
} gbxi_sorted;

typedef struct gbxi_mann_whitney {
    double u; /* pairs in which the value of `a` is the larger one; ties count one half */
    double p; /* two-sided */
} gbxi_mann_whitney;

/* Tests two samples, neither of which is empty. Thread: any. */
gbxi_mann_whitney gbxi_mann_whitney_test(gbxi_sorted a, gbxi_sorted b);

/* The part of all orders of two samples without ties in which U is at most `u`. Counts: at least 1, and at most
 * GBXI_MANN_WHITNEY_EXACT_MAX. */
double gbxi_mann_whitney_exact(size_t a_count, size_t b_count, size_t u);

#endif
