/* SPDX-License-Identifier: MIT */
/* Owns the life cycle of captures: creation, references, budgets, the list of lanes, and freezing. */
#include "base/cut.h"
#include "base/versioned.h"
#include "capture/budget.h"
#include "capture/lane.h"
#include "capture/random_id.h"
#include "capture/redact.h"
#include "capture/state.h"
#include "capture/waiting.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SPANS_DEFAULT = 500000, MAX_DEPTH_DEFAULT = 1000 };

static _Atomic(uint64_t) live_count;

static uint32_t or_default(uint32_t value, uint32_t when_zero, uint32_t max)
{
    return value == 0 ? when_zero : value < max ? value : max;
}

static_assert(sizeof(gbx_capture_options) == 72 && sizeof(gbx_clock) == 56, "no padding without a name");

/* Sets the given id, unless it is all zero, which is not valid (https://www.w3.org/TR/trace-context/#trace-id). */
static void set_trace_id(gbx_capture *capture, const uint8_t given[16])
{
    static const uint8_t none[16];

    memcpy(capture->trace_id, given, sizeof(capture->trace_id));
    gbxi_store_relaxed(&capture->has_id, memcmp(given, none, sizeof(none)) != 0);
}

static void set_name(gbx_capture *capture, const char *name)
{
    gbx_text text = {.size = sizeof(text),
                     .kind = GBX_TEXT_CAPTURE_NAME,
                     .key = "",
                     .bytes = capture->name,
                     .capacity = GBXI_CAPTURE_NAME_MAX};

    if (name == NULL)
        name = "capture";
    text.length = gbxi_cut(name, strlen(name), GBXI_CAPTURE_NAME_MAX);
    memcpy(capture->name, name, text.length);
    capture->name[text.length] = '\0';
    if (!gbxi_redaction_has_filter(capture->redaction))
        return;
    if (!gbxi_redaction_ask(capture->redaction, &text)) {
        memcpy(capture->name, GBX_REDACTED, sizeof(GBX_REDACTED));
        text.length = sizeof(GBX_REDACTED) - 1;
    }
    capture->name[text.length] = '\0';
}

/* Sets the capture's clock; NULL stands for the CPU's counter. False if the host's clock is refused. */
static bool set_clock(gbx_capture *capture, const gbx_clock *given)
{
    if (given == NULL || given == gbx_clock_monotonic()) {
        capture->clock = given == NULL && gbxi_counter_is_usable() ? NULL : gbx_clock_monotonic();
        return true;
    }
    capture->clock = &capture->own_clock;
    return gbxi_clock_copy(&capture->own_clock, given) == GBX_ERR_OK;
}

static bool init_locks(gbx_capture *capture)
{
    if (pthread_mutex_init(&capture->lock, NULL) != 0)
        return false;
    if (pthread_mutex_init(&capture->names_lock, NULL) == 0)
        return true;
    pthread_mutex_destroy(&capture->lock);
    return false;
}

gbx_capture *gbxi_capture_make(const gbx_capture_options *options)
{
    gbx_capture *capture = calloc(1, sizeof(*capture));

    if (capture == NULL)
        return NULL;
    if (!set_clock(capture, options->clock) || !init_locks(capture)) {
        free(capture);
        return NULL;
    }
    gbxi_store_relaxed(&capture->references, 1);
    gbxi_budget_init(&capture->budget, or_default(options->max_spans, MAX_SPANS_DEFAULT, GBXI_MAX_SPANS_MAX));
    capture->max_depth = or_default(options->max_depth, MAX_DEPTH_DEFAULT, GBXI_DEPTH_MAX);
    set_trace_id(capture, options->trace_id);
    memcpy(capture->parent_span_id, options->parent_span_id, sizeof(capture->parent_span_id));
    capture->trace_flags = options->trace_flags;
    capture->redaction = gbx_redaction_ref(options->redaction);
    set_name(capture, options->name);
    capture->start_unix_ns = gbxi_unix_ns(capture->clock);
    capture->start = gbxi_anchor_now(capture->clock);
    gbxi_add_relaxed(&live_count, 1);
    return capture;
}

gbx_capture *gbx_capture_new(const gbx_capture_options *options)
{
    gbx_capture_options known;
    gbx_capture *capture;

    if (gbxi_options_read(&known, sizeof(known), GBXI_SIZE_THROUGH(gbx_capture_options, redaction), options, NULL) !=
            GBX_ERR_OK ||
        gbxi_reserved_check(known.reserved, sizeof(known.reserved), NULL) != GBX_ERR_OK)
        return NULL;
    capture = gbxi_capture_make(&known);
    if (capture != NULL && !gbx_capture_is_on())
        gbx_capture_cut(capture);
    return capture;
}

gbx_capture *gbx_capture_ref(gbx_capture *capture)
{
    if (capture != NULL)
        gbxi_add_relaxed(&capture->references, 1);
    return capture;
}

void gbx_capture_unref(gbx_capture *capture)
{
    if (capture == NULL || gbxi_sub_acq_rel(&capture->references, 1) != 1)
        return;
    for (size_t i = 0; i != capture->lane_count; i++)
        gbxi_lane_free(capture->lanes[i]);
    gbx_redaction_unref(capture->redaction);
    pthread_mutex_destroy(&capture->names_lock);
    pthread_mutex_destroy(&capture->lock);
    free(capture->memory);
    free(capture);
    gbxi_sub_relaxed(&live_count, 1);
}

size_t gbx_capture_live_count(void)
{
    return (size_t)gbxi_load_relaxed(&live_count);
}

/* Most captures of a recorder are let go, and nobody asks for their ids. */
static void make_trace_id(gbx_capture *capture)
{
    pthread_mutex_lock(&capture->lock);
    if (!gbxi_load_relaxed(&capture->has_id))
        gbxi_random_id(capture->trace_id);
    gbxi_store_release(&capture->has_id, true);
    pthread_mutex_unlock(&capture->lock);
}

const uint8_t *gbx_capture_trace_id(const gbx_capture *capture)
{
    if (!gbxi_load_acquire(&capture->has_id))
        make_trace_id((gbx_capture *)capture); /* no capture is constant: each was allocated */
    return capture->trace_id;
}

const char *gbx_capture_name(const gbx_capture *capture)
{
    return capture->name;
}

void gbx_capture_tell_route(gbx_capture *capture, const char *route)
{
    gbxi_store_release(&capture->route, route);
}

const char *gbx_capture_route(const gbx_capture *capture)
{
    return gbxi_load_acquire(&capture->route);
}

uint64_t gbx_capture_duration_ns(const gbx_capture *capture)
{
    if (gbxi_load_acquire(&capture->finished))
        return capture->duration_ns;
    return gbxi_now_ns(capture->clock) - capture->start.ns;
}

/* Ends the span that the calling thread has paused in the capture. */
static void settle_pause(const gbx_capture *capture)
{
    gbxi_lane *lane = gbxi_lane_here;

    if (lane != NULL && lane->capture == capture && lane->paused)
        gbxi_lane_pay(lane);
}

/* Returns true if this call froze the capture. */
static bool freeze(gbx_capture *capture, bool early)
{
    gbxi_anchor end;
    bool open;

    settle_pause(capture);
    pthread_mutex_lock(&capture->lock);
    if ((open = !gbxi_load_relaxed(&capture->finished))) {
        end = gbxi_anchor_now(capture->clock);
        capture->base = gbxi_timebase_between(capture->start, end, capture->clock);
        capture->duration_ns = end.ns - capture->start.ns;
        for (size_t i = 0; i != capture->lane_count; i++)
            gbxi_lane_freeze(capture->lanes[i], end.ns);
        capture->cut = early;
        gbxi_budget_close(&capture->budget);
        gbxi_store_release(&capture->finished, true);
    }
    pthread_mutex_unlock(&capture->lock);
    return open;
}

void gbx_capture_finish(gbx_capture *capture)
{
    freeze(capture, false);
}

bool gbx_capture_cut(gbx_capture *capture)
{
    return freeze(capture, true);
}

/* Finds the lane of `owner`; NULL if there is none. The lock is held. */
static gbxi_lane *find_lane(const gbx_capture *capture, uint64_t owner)
{
    for (size_t i = 0; i != capture->lane_count; i++)
        if (capture->lanes[i]->owner == owner)
            return capture->lanes[i];
    return NULL;
}

gbxi_lane *gbxi_capture_lane_for(gbx_capture *capture, uint64_t owner)
{
    gbxi_lane *lane = NULL;

    pthread_mutex_lock(&capture->lock);
    if (!gbxi_load_relaxed(&capture->finished) && (lane = find_lane(capture, owner)) == NULL) {
        if (capture->lane_count != GBXI_LANES_MAX)
            lane =
                gbxi_lane_new(capture, &capture->budget, owner, capture->clock, capture->redaction, capture->max_depth);
        if (lane != NULL)
            capture->lanes[capture->lane_count++] = lane;
        else
            ++capture->lanes_refused;
    }
    if (lane != NULL && lane->entries == 0)
        gbxi_waiting_enter(capture, lane);
    pthread_mutex_unlock(&capture->lock);
    return lane;
}

void gbxi_capture_refuse_lane(gbx_capture *capture)
{
    pthread_mutex_lock(&capture->lock);
    if (!gbxi_load_relaxed(&capture->finished))
        ++capture->lanes_refused;
    pthread_mutex_unlock(&capture->lock);
}
