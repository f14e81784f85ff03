/* SPDX-License-Identifier: MIT */
/* Sorts samples and takes their middle. */
#include "findings/compare/median.h"
#include <math.h>
#include <stdlib.h>

enum { TRIMMED_PART = 5 }; /* one in so many values is left out */

/* The root of the mean square of the inner four fifths of a normal distribution: 1 - 2 z f(z) / 0.8, with its 0.9
 * quantile z and its density f. */
#define TRIMMED_OF_NORMAL 0.6615

static int median_order(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return (left > right) - (left < right);
}

static void median_sort(double *values, size_t count)
{
    if (count > 1)
        qsort(values, count, sizeof(*values), median_order);
}

double gbxi_median_of_sorted(const double *sorted, size_t count)
{
    double upper = sorted[count / 2];

    return count % 2 == 1 ? upper : (sorted[count / 2 - 1] + upper) / 2;
}

double gbxi_median(double *values, size_t count)
{
    median_sort(values, count);
    return gbxi_median_of_sorted(values, count);
}

double gbxi_quantile(const double *sorted, size_t count, double share)
{
    double at = (double)(count - 1) * share;
    size_t low = (size_t)at, high = low + 1 < count ? low + 1 : low;

    return sorted[low] + (sorted[high] - sorted[low]) * (at - (double)low);
}

double gbxi_quartile_distance(const double *sorted, size_t count)
{
    return gbxi_quantile(sorted, count, 0.75) - gbxi_quantile(sorted, count, 0.25);
}

double gbxi_trimmed_deviation(double *values, size_t count, double center)
{
    size_t left = count - (count < TRIMMED_PART ? 1 : (count + TRIMMED_PART / 2) / TRIMMED_PART);
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        values[i] = fabs(values[i] - center);
    median_sort(values, count);
    for (size_t i = 0; i < left; i++)
        sum += values[i] * values[i];
    return sqrt(sum / (double)left) / TRIMMED_OF_NORMAL;
}
