/* SPDX-License-Identifier: MIT */
/* Tells the common drift of frames, and their spread around it. */
#include "findings/compare/drift.h"
#include "findings/compare/median.h"
#include <math.h>
#include <stdlib.h>

enum { DRIFT_CLASSES_BELOW = 4 }; /* frames of a sixteenth of the duration are as good as longer ones */

bool gbxi_drift_init(gbxi_drift *drift, size_t capacity)
{
    *drift = (gbxi_drift){.capacity = capacity};
    drift->frames = malloc((capacity + 1) * sizeof(*drift->frames));
    drift->room = malloc((capacity + 1) * sizeof(*drift->room));
    return drift->frames != NULL && drift->room != NULL;
}

void gbxi_drift_fini(gbxi_drift *drift)
{
    free(drift->frames);
    free(drift->room);
    *drift = (gbxi_drift){.frames = NULL};
}

void gbxi_drift_add(gbxi_drift *drift, double duration_ns, double shift)
{
    drift->frames[drift->count++] = (gbxi_drift_frame){.duration_ns = duration_ns, .shift = shift};
}

static int drift_longest_first(const void *a, const void *b)
{
    double left = ((const gbxi_drift_frame *)a)->duration_ns, right = ((const gbxi_drift_frame *)b)->duration_ns;

    return (left < right) - (left > right);
}

/* The median of the shifts and of 0. */
static double drift_middle(gbxi_drift *drift)
{
    size_t count = drift->count + 1;
    double lower, upper;

    for (size_t i = 0; i < drift->count; i++)
        drift->room[i] = drift->frames[i].shift;
    drift->room[drift->count] = 0;
    (void)gbxi_median(drift->room, count);
    lower = drift->room[(count - 1) / 2];
    upper = drift->room[count / 2];
    return fabs(lower) < fabs(upper) ? lower : upper;
}

static size_t drift_class(double duration_ns)
{
    return (size_t)fmin(GBXI_DRIFT_CLASSES - 1, log2(fmax(1, duration_ns)));
}

static double drift_spread_of_class(gbxi_drift *drift, size_t class)
{
    double least_ns = ldexp(1, (int)class - DRIFT_CLASSES_BELOW);
    size_t count = 0;

    while (count < drift->count && drift->frames[count].duration_ns >= least_ns)
        count++;
    if (count < GBXI_DRIFT_FRAMES_MIN)
        count = drift->count;
    for (size_t i = 0; i < count; i++)
        drift->room[i] = drift->frames[i].shift;
    return gbxi_trimmed_deviation(drift->room, count, drift->drift);
}

double gbxi_drift_spread(gbxi_drift *drift, double duration_ns)
{
    size_t class = drift_class(duration_ns);

    if (!drift->known)
        return 0;
    if (isnan(drift->spreads[class]))
        drift->spreads[class] = drift_spread_of_class(drift, class);
    return drift->spreads[class];
}

void gbxi_drift_settle(gbxi_drift *drift)
{
    for (size_t i = 0; i < GBXI_DRIFT_CLASSES; i++)
        drift->spreads[i] = NAN;
    drift->known = drift->count >= GBXI_DRIFT_FRAMES_MIN;
    drift->drift = drift->known ? drift_middle(drift) : 0;
    if (drift->count > 1)
        qsort(drift->frames, drift->count, sizeof(*drift->frames), drift_longest_first);
    drift->spread = gbxi_drift_spread(drift, 1);
}
