/* SPDX-License-Identifier: MIT */
/* Marks frames whose changes are far smaller than another one of their route. */
#include "findings/compare/minor.h"
#include <math.h>
#include <stdlib.h>

/* The largest change of a marked frame, for each route. */
static double *minor_largest(const gbxi_comparison *comparison)
{
    const gbxi_gathered *gathered = &comparison->gathered;
    double *largest_ns = calloc(gathered->route_count + 1, sizeof(*largest_ns));

    for (size_t i = 0; largest_ns != NULL && i < comparison->frame_count; i++) {
        double *largest = &largest_ns[gathered->cells[i].route];

        if (gbxi_compare_is_marked(&comparison->frames[i].found))
            *largest = fmax(*largest, fabs(comparison->frames[i].change_ns));
    }
    return largest_ns;
}

bool gbxi_minor_mark(gbxi_comparison *comparison)
{
    double *largest_ns = minor_largest(comparison);

    for (size_t i = 0; largest_ns != NULL && i < comparison->frame_count; i++) {
        gbxi_compared_frame *frame = &comparison->frames[i];
        double least_ns = GBXI_COMPARE_MINOR_SHARE * largest_ns[comparison->gathered.cells[i].route];

        if (gbxi_compare_is_marked(&frame->found) && fabs(frame->change_ns) < least_ns)
            frame->found.mark = GBXI_MARK_MINOR;
    }
    free(largest_ns);
    return largest_ns != NULL;
}
