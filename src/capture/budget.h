/* SPDX-License-Identifier: MIT */
/* What a capture still allows its lanes to record. Shared by them all, touched only when a lane's own share is spent.
 */
#ifndef GBX_CAPTURE_BUDGET_H
#define GBX_CAPTURE_BUDGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct gbxi_budget {
    _Atomic(int64_t) spans_left; /* negative for a moment when overdrawn */
    _Atomic(int64_t) text_left;  /* bytes of notes and formatted names */
    _Atomic(bool) closed;        /* nothing is given any more */
} gbxi_budget;

void gbxi_budget_init(gbxi_budget *budget, uint32_t max_spans);
/* Up to `wanted` spans; 0 when they are used up or the budget is closed. Thread: any. */
uint32_t gbxi_budget_take(gbxi_budget *budget, uint32_t wanted);
void gbxi_budget_give_back(gbxi_budget *budget, uint32_t spans);
/* Whether `bytes` of text may still be stored; if so they are taken. Thread: any. */
bool gbxi_budget_take_text(gbxi_budget *budget, size_t bytes);
void gbxi_budget_close(gbxi_budget *budget);

#endif
