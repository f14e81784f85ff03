/* SPDX-License-Identifier: MIT */
/* Says what a comparison shows. */
#include "findings/compare/verdict.h"
#include <math.h>
#include <stdio.h>

static bool verdict_has_enough(const gbxi_comparison *comparison)
{
    for (size_t i = 0; i < comparison->route_count; i++) {
        const gbxi_compared *found = &comparison->routes[i].found;

        if (found->halves[GBXI_BEFORE].requests >= GBXI_COMPARE_REQUESTS_MIN &&
            found->halves[GBXI_AFTER].requests >= GBXI_COMPARE_REQUESTS_MIN)
            return true;
    }
    return false;
}

void gbxi_compare_verdict_make(gbxi_compare_verdict *verdict, const gbxi_comparison *comparison)
{
    const char *frames = comparison->tested == 1 ? "frame" : "frames";
    size_t size = sizeof(verdict->text);

    if (!verdict_has_enough(comparison))
        snprintf(verdict->text, size, "Nothing can be shown: no route has %d requests on both sides.",
                 GBXI_COMPARE_REQUESTS_MIN);
    else if (comparison->tested == 0)
        snprintf(
            verdict->text, size,
            "Nothing can be shown: no frame is in %d requests of a route on both sides and takes more than its spans.",
            GBXI_COMPARE_REQUESTS_MIN);
    else if (comparison->marked[0] + comparison->marked[1] == 0)
        snprintf(verdict->text, size,
                 "No change is shown in %zu tested %s, where about %.0f %% or more would show; that is no proof that "
                 "there is none.",
                 comparison->tested, frames, ceil(100 * expm1(comparison->least)));
    else
        snprintf(verdict->text, size, "Of %zu tested %s, %zu %s shown to be slower, and %zu to be faster.",
                 comparison->tested, frames, comparison->marked[0], comparison->marked[0] == 1 ? "is" : "are",
                 comparison->marked[1]);
}
