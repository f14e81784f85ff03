/* SPDX-License-Identifier: MIT */
/* The Hodges-Lehmann estimate of the shift between two samples. */
#include "findings/compare/shift.h"
#include "findings/compare/median.h"
#include <stdlib.h>

/* The value that stands for the part `i` of `parts` equal ones. */
static double shift_value(gbxi_sorted sample, size_t i, size_t parts)
{
    return parts == sample.count ? sample.at[i] : sample.at[(2 * i + 1) * sample.count / (2 * parts)];
}

static size_t shift_parts(gbxi_sorted sample)
{
    return sample.count < GBXI_SHIFT_VALUES_MAX ? sample.count : GBXI_SHIFT_VALUES_MAX;
}

bool gbxi_shift_estimate(gbxi_sorted a, gbxi_sorted b, double *shift)
{
    size_t a_parts = shift_parts(a), b_parts = shift_parts(b), count = 0;
    double *differences = malloc(a_parts * b_parts * sizeof(*differences));

    if (differences == NULL)
        return false;
    for (size_t i = 0; i < a_parts; i++)
        for (size_t k = 0; k < b_parts; k++)
            differences[count++] = shift_value(b, k, b_parts) - shift_value(a, i, a_parts);
    *shift = gbxi_median(differences, count);
    free(differences);
    return true;
}
