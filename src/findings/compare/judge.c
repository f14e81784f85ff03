/* SPDX-License-Identifier: MIT */
/* Judges rows: by chance, and by what two processes of one program differ anyway. */
#include "findings/compare/judge.h"
#include "findings/compare/holm.h"
#include "findings/compare/median.h"
#include "findings/compare/shift.h"
#include <math.h>
#include <stdlib.h>

bool gbxi_judge_is_tested(const gbxi_compared *found)
{
    return found->mark == GBXI_MARK_NONE && !isnan(found->shift);
}

/* Source of the efficiency: E. L. Lehmann, Nonparametrics (1975), 2.4; 0.7413 quartile distances are a normal standard
 * deviation. */
static double judge_variance(gbxi_sorted sample)
{
    const double inefficiency = 1.0472; /* pi / 3 */
    double deviation = 0.7413 * gbxi_quartile_distance(sample.at, sample.count);

    return inefficiency * deviation * deviation / (double)sample.count;
}

bool gbxi_judge_shift(const gbxi_compare_logs *logs, gbxi_compared *found)
{
    const gbxi_sorted before = gbxi_compare_logs_half(logs, GBXI_BEFORE);
    const gbxi_sorted after = gbxi_compare_logs_half(logs, GBXI_AFTER);

    found->shift = found->effect = found->least = found->p = NAN;
    if (before.count == 0 || after.count == 0) {
        found->mark = after.count > 0 ? GBXI_MARK_NEW : GBXI_MARK_GONE;
        return true;
    }
    if (found->mark == GBXI_MARK_NONE &&
        (before.count < GBXI_COMPARE_REQUESTS_MIN || after.count < GBXI_COMPARE_REQUESTS_MIN))
        found->mark = GBXI_MARK_TOO_FEW;
    found->variance = judge_variance(before) + judge_variance(after);
    return gbxi_shift_estimate(before, after, &found->shift);
}

/* Where many frames did change, the spread is theirs; so it cannot hide a frame that takes many times as long. */
static double judge_spread(double spread)
{
    double spreads = GBXI_COMPARE_SPREADS_MIN + GBXI_COMPARE_SPREADS_MORE * spread;

    return fmin(log(GBXI_COMPARE_SPREAD_RATIO_MAX), spreads * spread);
}

/* What two processes of one program differ anyway: by as much as other frames do, by as much as requests of one process
 * do, and by what the price of a span may vary. */
static double judge_least(const gbxi_compare_logs *logs, const gbxi_comparison *comparison, const gbxi_compared *found)
{
    double least = fmax(log1p(GBXI_COMPARE_EFFECT_MIN), judge_spread(comparison->spread));

    for (size_t i = 0; i < GBXI_COMPARE_HALVES; i++) {
        const gbxi_compared_half *half = &found->halves[i];
        double spans_ns = comparison->price_ns * (double)half->calls / (double)half->requests;

        least = fmax(least, log1p(spans_ns / fmax(half->median_ns, 1)));
        least = fmax(least, gbxi_quartile_distance(logs->at[i], logs->count[i]));
    }
    return least;
}

void gbxi_judge_test(gbxi_compare_logs *logs, const gbxi_comparison *comparison, gbxi_compared *found)
{
    if (isnan(found->shift))
        return;
    found->effect = found->shift - comparison->drift;
    if (!gbxi_judge_is_tested(found))
        return;
    for (size_t i = 0; i < logs->count[GBXI_AFTER]; i++)
        logs->at[GBXI_AFTER][i] -= comparison->drift;
    found->least = judge_least(logs, comparison, found);
    found->p =
        gbxi_mann_whitney_test(gbxi_compare_logs_half(logs, GBXI_BEFORE), gbxi_compare_logs_half(logs, GBXI_AFTER)).p;
}

static void judge_set_mark(gbxi_compared *found)
{
    if (found->p <= GBXI_COMPARE_P_MAX && fabs(found->effect) >= found->least)
        found->mark = found->effect > 0 ? GBXI_MARK_SLOWER : GBXI_MARK_FASTER;
}

bool gbxi_judge_mark(size_t count, gbxi_compared *(*found_at)(void *rows, size_t i), void *rows)
{
    double *p = malloc((count + 1) * sizeof(*p));
    size_t *order = malloc((count + 1) * sizeof(*order)), tested = 0;
    bool done = p != NULL && order != NULL;

    for (size_t i = 0; done && i < count; i++)
        if (!isnan(found_at(rows, i)->p))
            p[tested++] = found_at(rows, i)->p;
    if (done)
        gbxi_holm_adjust(p, order, tested);
    tested = 0;
    for (size_t i = 0; done && i < count; i++)
        if (!isnan(found_at(rows, i)->p)) {
            found_at(rows, i)->p = p[tested++];
            judge_set_mark(found_at(rows, i));
        }
    free(p);
    free(order);
    return done;
}
