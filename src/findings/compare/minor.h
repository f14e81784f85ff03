/* SPDX-License-Identifier: MIT */
/* What a far larger change in the same requests brings along. */
#ifndef GBX_FINDINGS_COMPARE_MINOR_H
#define GBX_FINDINGS_COMPARE_MINOR_H

#include "findings/compare/compared.h"

/* Gives the mark `minor` to each frame that is marked, and changes less than GBXI_COMPARE_MINOR_SHARE of what the
 * marked frame with the largest change in its route does: a frame that computes for longer leaves colder caches to the
 * others. `frames` are still in the order of their cells. Returns false when out of memory. */
bool gbxi_minor_mark(gbxi_comparison *comparison);

#endif
