/* SPDX-License-Identifier: MIT */
/* Holm's step-down procedure: the smallest p counts for all tests, the next for all but one, and so on. */
#define _GNU_SOURCE
#include "findings/compare/holm.h"
#include <math.h>
#include <stdlib.h>

static int holm_order(const void *a, const void *b, void *context)
{
    const double *p = context;
    double left = p[*(const size_t *)a], right = p[*(const size_t *)b];

    return (left > right) - (left < right);
}

void gbxi_holm_adjust(double *p, size_t *order, size_t count)
{
    double least = 0;

    for (size_t i = 0; i < count; i++)
        order[i] = i;
    if (count > 1)
        qsort_r(order, count, sizeof(*order), holm_order, p);
    for (size_t i = 0; i < count; i++) {
        least = fmin(1, fmax(least, p[order[i]] * (double)(count - i)));
        p[order[i]] = least;
    }
}
