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
    return gbxi_shift_estimate(before, after, &found->shift);
}

/* In a request, as both sides see it. */
double gbxi_judge_duration_ns(const gbxi_compared *found)
{
    return sqrt(fmax(1, found->halves[GBXI_BEFORE].median_ns) * fmax(1, found->halves[GBXI_AFTER].median_ns));
}

/* Where many frames did change, the spread is theirs; so it cannot hide a frame that takes many times as long. */
static double judge_spread(double spread)
{
    double spreads = GBXI_COMPARE_SPREADS_MIN + GBXI_COMPARE_SPREADS_MORE * spread;

    return fmin(log(GBXI_COMPARE_SPREAD_RATIO_MAX), spreads * spread);
}

/* A process that happens to start with cold caches has them in all its requests. */
static double judge_cold(const gbxi_compare_logs *logs, double duration_ns)
{
    return fmin(log1p(GBXI_COMPARE_COLD_NS / duration_ns), GBXI_COMPARE_WIDTHS * gbxi_compare_logs_width(logs));
}

/* What two processes of one program differ anyway: by as much as other frames do, by what is cold, and by what the
 * price of a span may vary. */
static double judge_least(const gbxi_compare_logs *logs, gbxi_comparison *comparison, const gbxi_compared *found)
{
    double duration_ns = gbxi_judge_duration_ns(found);
    double least = fmax(log1p(GBXI_COMPARE_EFFECT_MIN), judge_cold(logs, duration_ns));

    least = fmax(least, judge_spread(gbxi_drift_spread(&comparison->drift, duration_ns)));
    for (size_t i = 0; i < GBXI_COMPARE_HALVES; i++) {
        const gbxi_compared_half *half = &found->halves[i];
        double spans_ns = comparison->price_ns * (double)half->calls / (double)half->requests;

        least = fmax(least, log1p(spans_ns / fmax(half->median_ns, 1)));
    }
    return least;
}

/* What the machine does to a process makes some of its times longer, and what the program does makes all of them so. */
static bool judge_is_apart(const gbxi_compare_logs *logs, double effect)
{
    const gbxi_sorted fast = gbxi_compare_logs_half(logs, effect > 0 ? GBXI_BEFORE : GBXI_AFTER);
    const gbxi_sorted slow = gbxi_compare_logs_half(logs, effect > 0 ? GBXI_AFTER : GBXI_BEFORE);
    double distance =
        gbxi_quantile(slow.at, slow.count, GBXI_COMPARE_APART_RANK) - gbxi_median_of_sorted(fast.at, fast.count);

    return distance >= GBXI_COMPARE_APART_SHARE * fabs(effect);
}

void gbxi_judge_test(gbxi_compare_logs *logs, gbxi_comparison *comparison, gbxi_compared *found)
{
    if (isnan(found->shift))
        return;
    found->effect = found->shift - comparison->drift.drift;
    if (!gbxi_judge_is_tested(found))
        return;
    for (size_t i = 0; i < logs->count[GBXI_AFTER]; i++)
        logs->at[GBXI_AFTER][i] -= comparison->drift.drift;
    found->least = judge_least(logs, comparison, found);
    found->apart = judge_is_apart(logs, found->effect);
    found->p =
        gbxi_mann_whitney_test(gbxi_compare_logs_half(logs, GBXI_BEFORE), gbxi_compare_logs_half(logs, GBXI_AFTER)).p;
}

static void judge_set_mark(gbxi_compared *found)
{
    if (found->p > GBXI_COMPARE_P_MAX || fabs(found->effect) < found->least)
        return;
    if (!found->apart)
        found->mark = GBXI_MARK_VARIES;
    else
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
