/* SPDX-License-Identifier: MIT */
/* Owns the arithmetic of a capture's budget. */
#include "capture/budget.h"

enum { TEXT_BYTES_PER_SPAN = 64, TEXT_BYTES_MIN = 1 << 20 };

void gbxi_budget_init(gbxi_budget *budget, uint32_t max_spans)
{
    gbxi_store_relaxed(&budget->spans_left, (int64_t)max_spans);
    gbxi_store_relaxed(&budget->text_left, (int64_t)max_spans * TEXT_BYTES_PER_SPAN + TEXT_BYTES_MIN);
    gbxi_store_relaxed(&budget->closed, false);
}

uint32_t gbxi_budget_take(gbxi_budget *budget, uint32_t wanted)
{
    int64_t before;

    if (gbxi_load_relaxed(&budget->closed) || gbxi_load_relaxed(&budget->spans_left) <= 0)
        return 0;
    before = gbxi_sub_relaxed(&budget->spans_left, (int64_t)wanted);
    if (before >= (int64_t)wanted)
        return wanted;
    gbxi_add_relaxed(&budget->spans_left, (int64_t)wanted - (before > 0 ? before : 0));
    return before > 0 ? (uint32_t)before : 0;
}

void gbxi_budget_give_back(gbxi_budget *budget, uint32_t spans)
{
    gbxi_add_relaxed(&budget->spans_left, (int64_t)spans);
}

void gbxi_budget_close(gbxi_budget *budget)
{
    gbxi_store_relaxed(&budget->closed, true);
}
