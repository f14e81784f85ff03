/* SPDX-License-Identifier: MIT */
/* Owns the arithmetic of a capture's allowance. */
#include "capture/budget.h"
#include "capture/atomic.h"

enum { TEXT_BYTES_PER_SPAN = 64, TEXT_BYTES_MIN = 1 << 20 };

void gbx__budget_init(gbx__budget *budget, uint32_t max_spans)
{
    gbx__store_relaxed(&budget->spans_left, (int64_t)max_spans);
    gbx__store_relaxed(&budget->text_left, (int64_t)max_spans * TEXT_BYTES_PER_SPAN + TEXT_BYTES_MIN);
    gbx__store_relaxed(&budget->closed, false);
}

uint32_t gbx__budget_take(gbx__budget *budget, uint32_t wanted)
{
    int64_t before;

    if (gbx__load_relaxed(&budget->closed) || gbx__load_relaxed(&budget->spans_left) <= 0)
        return 0;
    before = gbx__sub_relaxed(&budget->spans_left, (int64_t)wanted);
    if (before >= (int64_t)wanted)
        return wanted;
    gbx__add_relaxed(&budget->spans_left, (int64_t)wanted - (before > 0 ? before : 0));
    return before > 0 ? (uint32_t)before : 0;
}

void gbx__budget_give_back(gbx__budget *budget, uint32_t spans)
{
    gbx__add_relaxed(&budget->spans_left, (int64_t)spans);
}

bool gbx__budget_take_text(gbx__budget *budget, size_t bytes)
{
    if (gbx__load_relaxed(&budget->text_left) <= 0)
        return false;
    gbx__sub_relaxed(&budget->text_left, (int64_t)bytes);
    return true;
}

void gbx__budget_close(gbx__budget *budget)
{
    gbx__store_relaxed(&budget->closed, true);
}
