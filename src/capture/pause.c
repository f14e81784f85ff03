/* SPDX-License-Identifier: MIT */
/* Owns what happens to a span between its pause and what is recorded next. */
#include "capture/pause.h"
#include "capture/lane.h"

static bool pause_is_of(const gbxi_lane *lane, const gbx_span *span)
{
    return lane != NULL && lane->paused && lane->open[lane->depth].span == span;
}

void gbxi_span_pause(const gbx_span *span, const char *key, int64_t value)
{
    gbxi_lane *lane = gbxi_lane_here;

    if (lane == NULL)
        return;
    gbxi_lane_pay(lane);
    if (lane->depth == 0 || lane->open[lane->depth].span != span)
        return;
    lane->paused = true;
    lane->paused_key = key;
    lane->paused_value = value;
    gbxi_lane_owe(lane);
    lane->paused_ticks = gbxi_ticks_of(lane->clock);
}

/* The depth of an open span, or 0. */
static uint32_t depth_of(const gbxi_lane *lane, const gbx_span *span)
{
    uint32_t depth = lane != NULL ? lane->depth : 0;

    while (depth != 0 && lane->open[depth].span != span)
        --depth;
    return depth;
}

bool gbxi_span_is_open(const gbx_span *span)
{
    return depth_of(gbxi_lane_here, span) != 0;
}

bool gbxi_span_resume_paused(const gbx_span *span)
{
    gbxi_lane *lane = gbxi_lane_here;

    if (!pause_is_of(lane, span))
        return false;
    lane->paused = false;
    lane->soft_end = lane->kept_soft_end;
    lane->kept_soft_end = NULL;
    return true;
}

bool gbxi_span_resume(const gbx_span *span)
{
    gbxi_lane *lane = gbxi_lane_here;
    uint32_t depth;

    if (gbxi_span_resume_paused(span))
        return true;
    if ((depth = depth_of(lane, span)) != 0)
        gbxi_lane_unwind(lane, depth, lane->open[depth].dropped);
    return depth != 0;
}

bool gbxi_span_end_paused(const gbx_span *span)
{
    if (!pause_is_of(gbxi_lane_here, span))
        return false;
    gbxi_lane_pay(gbxi_lane_here);
    return true;
}
