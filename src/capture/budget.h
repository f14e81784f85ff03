/* SPDX-License-Identifier: MIT */
/* The number of spans and bytes that a capture may still record. All lanes share the budget. A lane uses it only when
 * its own share is spent. */
#ifndef GBX_CAPTURE_BUDGET_H
#define GBX_CAPTURE_BUDGET_H

#include "base/atomic.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GBXI_MAX_SPANS_MAX = 5000000 }; /* the most spans that a capture may ask for */

typedef struct gbxi_budget {
    _Atomic(int64_t) spans_left; /* negative for a short time if overdrawn */
    _Atomic(int64_t) text_left;  /* bytes of notes and formatted names */
    _Atomic(bool) closed;        /* nothing more is granted */
} gbxi_budget;

void gbxi_budget_init(gbxi_budget *budget, uint32_t max_spans);
/* Takes up to `wanted` spans and returns their number; 0 if the budget is used up or closed. Thread: any. */
uint32_t gbxi_budget_take(gbxi_budget *budget, uint32_t wanted);
void gbxi_budget_give_back(gbxi_budget *budget, uint32_t spans);
/* Takes `bytes` of text from the budget; false if nothing is left or it is closed. Thread: any. */
static inline bool gbxi_budget_take_text(gbxi_budget *budget, size_t bytes);
void gbxi_budget_close(gbxi_budget *budget);

static inline bool gbxi_budget_take_text(gbxi_budget *budget, size_t bytes)
{
    if (gbxi_load_relaxed(&budget->closed) || gbxi_load_relaxed(&budget->text_left) <= 0)
        return false;
    gbxi_sub_relaxed(&budget->text_left, (int64_t)bytes);
    return true;
}

#endif
