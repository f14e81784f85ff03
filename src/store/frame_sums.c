/* SPDX-License-Identifier: MIT */
/* Adds up frames. */
#include "store/frame_sums.h"
#include "base/grow.h"
#include "store/frame_names.h"

static void frame_sum_raise(uint64_t *sum, uint64_t more)
{
    *sum = *sum > UINT64_MAX - more ? UINT64_MAX : *sum + more;
}

bool gbxi_frame_sums_add(gbxi_frame_sums *sums, uint64_t frame, const gbxi_frame_sum *more)
{
    gbxi_frame_sum *sum;

    if (frame > GBXI_FRAME_NAMES_MAX)
        return true;
    if (frame >= sums->count) {
        if (!gbxi_grow(&sums->at, &sums->capacity, frame + 1, sizeof(*sums->at)))
            return false;
        memset(sums->at + sums->count, 0, (frame + 1 - sums->count) * sizeof(*sums->at));
        sums->count = frame + 1;
    }
    sum = &sums->at[frame];
    sum->min_ns = sum->traces == 0 || more->min_ns < sum->min_ns ? more->min_ns : sum->min_ns;
    sum->max_ns = more->max_ns > sum->max_ns ? more->max_ns : sum->max_ns;
    frame_sum_raise(&sum->calls, more->calls);
    frame_sum_raise(&sum->total_ns, more->total_ns);
    frame_sum_raise(&sum->self_ns, more->self_ns);
    frame_sum_raise(&sum->traces, more->traces);
    return true;
}

const gbxi_frame_sum *gbxi_frame_sums_find(const gbxi_frame_sums *sums, uint64_t frame)
{
    return frame < sums->count && sums->at[frame].traces > 0 ? &sums->at[frame] : NULL;
}

void gbxi_frame_sums_fini(gbxi_frame_sums *sums)
{
    gbxi_account_free(sums->at);
    *sums = (gbxi_frame_sums){0};
}
