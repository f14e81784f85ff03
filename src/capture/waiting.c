/* SPDX-License-Identifier: MIT */
/* Owns the measuring of waits, and the spans that programs record when they are over. */
#include "capture/waiting.h"
#include "capture/lane.h"
#include "capture/state.h"

void gbx_capture_tell_waiting(gbx_capture *capture, const gbx_site *site)
{
    gbxi_lane *lane = gbxi_lane_here;

    if (lane == NULL || lane->capture != capture)
        return;
    pthread_mutex_lock(&capture->lock);
    if (!gbxi_load_relaxed(&capture->waiting.told)) {
        capture->waiting.site = site;
        capture->waiting.lane = lane;
        gbxi_store_relaxed(&capture->waiting.told, true);
    }
    pthread_mutex_unlock(&capture->lock);
}

static void end_wait(gbxi_waiting *waiting, uint64_t now)
{
    waiting->nobody = false;
    if (now > waiting->since && waiting->count < GBXI_WAITS_MAX)
        waiting->waits[waiting->count++] = (gbxi_wait){waiting->since, now};
}

void gbxi_waiting_enter(gbx_capture *capture, gbxi_lane *lane)
{
    gbxi_waiting *waiting = &capture->waiting;

    if (waiting->inside++ == 0 && waiting->nobody)
        end_wait(waiting, gbxi_ticks_of(capture->clock));
    if (lane == waiting->lane && waiting->count > 0)
        gbxi_lane_owe(lane);
}

void gbxi_waiting_leave(gbx_capture *capture)
{
    gbxi_waiting *waiting = &capture->waiting;

    if (--waiting->inside != 0 || !gbxi_load_relaxed(&waiting->told))
        return;
    waiting->nobody = true;
    waiting->since = gbxi_ticks_of(capture->clock);
}

/* All waits that are kept are over, so the span covers everything after the moment. */
static void cut_waits(gbxi_waiting *waiting, uint64_t moment)
{
    while (waiting->count > 0 && waiting->waits[waiting->count - 1].from >= moment)
        --waiting->count;
    if (waiting->count > 0 && waiting->waits[waiting->count - 1].to > moment)
        waiting->waits[waiting->count - 1].to = moment;
}

void gbxi_waiting_cut(gbx_capture *capture, uint64_t moment)
{
    if (!gbxi_load_relaxed(&capture->waiting.told))
        return;
    pthread_mutex_lock(&capture->lock);
    cut_waits(&capture->waiting, moment);
    pthread_mutex_unlock(&capture->lock);
}

void gbxi_waiting_record(gbx_capture *capture)
{
    gbxi_waiting *waiting = &capture->waiting;

    pthread_mutex_lock(&capture->lock);
    for (uint32_t i = 0; i < waiting->count; i++)
        gbxi_lane_write_span(waiting->lane, waiting->site, waiting->waits[i].from, waiting->waits[i].to);
    waiting->count = 0;
    pthread_mutex_unlock(&capture->lock);
}

/* Every begin and every note takes its slow path, where the debt is paid. */
void gbxi_lane_owe(gbxi_lane *lane)
{
    if (lane->kept_soft_end != NULL)
        return;
    lane->kept_soft_end = lane->soft_end;
    lane->soft_end = gbxi_load_relaxed(&lane->cursor);
}

void gbxi_lane_pay(gbxi_lane *lane)
{
    if (lane->kept_soft_end == NULL)
        return;
    lane->soft_end = lane->kept_soft_end;
    lane->kept_soft_end = NULL;
    if (lane->paused)
        gbxi_lane_end_paused(lane);
    else
        gbxi_waiting_record(lane->capture);
}

void gbxi_span_since(const gbx_site *site, uint64_t moment)
{
    gbxi_lane *lane = gbxi_lane_here;
    uint64_t ticks = gbxi_ticks_of(lane->clock);

    if (moment < lane->capture->start.ticks || moment > ticks)
        return;
    gbxi_waiting_cut(lane->capture, moment);
    gbxi_lane_pay(lane);
    gbxi_lane_write_span(lane, site, moment, ticks);
}
