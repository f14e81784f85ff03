/* SPDX-License-Identifier: MIT */
/* What a comparison shows, and what it does not, in words. */
#ifndef GBX_FINDINGS_COMPARE_VERDICT_H
#define GBX_FINDINGS_COMPARE_VERDICT_H

#include "findings/compare/comparison.h"

/* One or two sentences, terminated. */
typedef struct gbxi_compare_verdict {
    char text[400];
} gbxi_compare_verdict;

void gbxi_compare_verdict_make(gbxi_compare_verdict *verdict, const gbxi_comparison *comparison);

#endif
