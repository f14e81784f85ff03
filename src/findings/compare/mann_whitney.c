/* SPDX-License-Identifier: MIT */
/* Mann-Whitney U: exact for small samples, by the normal approximation for others. */
#include "findings/compare/mann_whitney.h"
#include <math.h>
#include <stdbool.h>

enum { EXACT_U_MAX = GBXI_MANN_WHITNEY_EXACT_MAX * GBXI_MANN_WHITNEY_EXACT_MAX };

/* The numbers of orders with each U are the coefficients of the Gaussian binomial: the product of
 * (1 - q^(b + i)) / (1 - q^i) for i from 1 to a. All of them, and what is between, are whole and below 2^53. */
double gbxi_mann_whitney_exact(size_t a_count, size_t b_count, size_t u)
{
    double orders[EXACT_U_MAX + 1] = {1}, all = 0, low = 0;
    size_t u_max = a_count * b_count;

    for (size_t i = 1; i <= a_count; i++) {
        for (size_t k = u_max; k >= b_count + i; k--)
            orders[k] -= orders[k - b_count - i];
        for (size_t k = i; k <= u_max; k++)
            orders[k] += orders[k - i];
    }
    for (size_t k = 0; k <= u_max; k++) {
        all += orders[k];
        low += k <= u ? orders[k] : 0;
    }
    return low / all;
}

/* What both samples together say of their order. */
typedef struct ranking {
    double u;        /* as in gbxi_mann_whitney */
    double ties_sum; /* of t^3 - t over the groups of t equal values */
} ranking;

static size_t ranking_run(gbxi_sorted sample, size_t from, double value)
{
    size_t end = from;

    while (end < sample.count && sample.at[end] <= value)
        end++;
    return end - from;
}

/* Walks through both samples, from one distinct value to the next. */
static ranking ranking_of(gbxi_sorted a, gbxi_sorted b)
{
    ranking result = {0};

    for (size_t i = 0, k = 0; i < a.count || k < b.count;) {
        double value = k == b.count || (i < a.count && a.at[i] < b.at[k]) ? a.at[i] : b.at[k];
        size_t in_a = ranking_run(a, i, value), in_b = ranking_run(b, k, value);
        double equal = (double)(in_a + in_b);

        result.u += (double)in_a * ((double)k + (double)in_b / 2);
        result.ties_sum += equal * equal * equal - equal;
        i += in_a;
        k += in_b;
    }
    return result;
}

static double mann_whitney_normal(double u, double ties_sum, double a_count, double b_count)
{
    double all = a_count + b_count, mean = a_count * b_count / 2;
    double variance = a_count * b_count / 12 * (all + 1 - ties_sum / (all * (all - 1)));
    double distance = fabs(u - mean) - 0.5;

    if (variance <= 0 || distance <= 0)
        return 1;
    return erfc(distance / sqrt(2 * variance));
}

gbxi_mann_whitney gbxi_mann_whitney_test(gbxi_sorted a, gbxi_sorted b)
{
    const ranking ranked = ranking_of(a, b);
    gbxi_mann_whitney result = {.u = ranked.u};
    double pairs = (double)a.count * (double)b.count, smaller = fmin(ranked.u, pairs - ranked.u);
    bool exact =
        ranked.ties_sum <= 0 && a.count <= GBXI_MANN_WHITNEY_EXACT_MAX && b.count <= GBXI_MANN_WHITNEY_EXACT_MAX;

    result.p = exact ? fmin(1, 2 * gbxi_mann_whitney_exact(a.count, b.count, (size_t)smaller))
                     : mann_whitney_normal(ranked.u, ranked.ties_sum, (double)a.count, (double)b.count);
    return result;
}
