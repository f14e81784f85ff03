/* SPDX-License-Identifier: MIT */
/* What all frames of one request have in common: a slower clock, a neighbour on the same core, a cold cache. It is no
 * property of any frame, so the comparison takes it out of each. */
#ifndef GBX_FINDINGS_COMPARE_PACE_H
#define GBX_FINDINGS_COMPARE_PACE_H

#include "findings/compare/gathered.h"
#include <glassbox/api.h>

/* Sets `common` of every value: the median, over the other frames of the same request, of the logarithm of a frame's
 * self time to its median on that side. Only frames count for which `counts` says so, by cell; where a request has
 * fewer than GBXI_DRIFT_FRAMES_MIN of them, nothing is in common. Errors: false if out of memory. */
GBX_MUST_USE bool gbxi_pace_settle(gbxi_gathered *gathered, const bool *counts);

#endif
