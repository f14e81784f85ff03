/* SPDX-License-Identifier: MIT */
/* Owns the making of captures from records: the events are those that a thread would have written, with nanoseconds in
 * place of ticks. */
#define _GNU_SOURCE
#include "capture/restore.h"
#include "base/view.h"
#include "capture/state.h"
#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* One tick is a nanosecond. */
#define TICK_OF_A_NS (UINT64_C(1) << 32)

gbx_err gbxi_restore_begin(gbxi_restorer *restorer, const gbx_capture_facts *facts)
{
    gbx_clock clock = *gbx_clock_monotonic();
    gbx_capture_options options = {.size = sizeof(options),
                                   .name = facts->name,
                                   .max_depth = GBXI_DEPTH_MAX,
                                   .clock = &clock,
                                   .trace_flags = facts->trace_flags};
    gbx_capture *capture;

    clock.span_cost_ns = facts->span_cost_ns;
    memcpy(options.trace_id, facts->trace_id, sizeof(options.trace_id));
    memcpy(options.parent_span_id, facts->parent_span_id, sizeof(options.parent_span_id));
    *restorer = (gbxi_restorer){.capture = capture = gbxi_capture_make(&options)};
    if (capture == NULL)
        return GBX_ERR_NO_MEMORY;
    capture->start_unix_ns = facts->start_unix_ns;
    capture->start = (gbxi_anchor){0, facts->start_ns};
    capture->base = (gbxi_timebase){.start = {0, facts->start_ns}, .multiplier = TICK_OF_A_NS};
    capture->duration_ns = facts->duration_ns;
    capture->cut = facts->truncated;
    capture->dropped_elsewhere = facts->dropped_spans;
    capture->failed_elsewhere = facts->failed;
    return GBX_ERR_OK;
}

/* The lane is complete: what is before the cursor can be read. */
static void freeze_restored(gbxi_lane *lane)
{
    if (lane != NULL)
        lane->frozen = gbxi_load_relaxed(&lane->cursor);
}

gbx_err gbxi_restore_lane(gbxi_restorer *restorer, const gbx_lane_facts *facts)
{
    gbx_capture *capture = restorer->capture;
    gbxi_lane *lane;

    freeze_restored(restorer->lane);
    if (capture->lane_count == GBXI_LANES_MAX)
        return GBX_ERR_LIMIT;
    lane = gbxi_lane_new(capture, &capture->budget, 0, capture->clock, NULL, GBXI_DEPTH_MAX);
    if (lane == NULL)
        return GBX_ERR_NO_MEMORY;
    lane->thread_id = facts->thread_id;
    memcpy(lane->thread_name, facts->thread_name, sizeof(lane->thread_name));
    lane->frozen_inside_ns = facts->inside_ns;
    lane->frozen_cpu_ns = facts->cpu_ns;
    lane->frozen_span_count = facts->span_count;
    capture->lanes[capture->lane_count++] = lane;
    restorer->lane = lane;
    restorer->open = 0;
    restorer->last_ns = 0;
    return GBX_ERR_OK;
}

/* Finds `slots` free slots in one block; NULL if memory is short. */
static gbxi_event *restore_room(gbxi_lane *lane, size_t slots)
{
    gbxi_event *at = gbxi_load_relaxed(&lane->cursor);
    gbxi_block *next;

    if ((size_t)(lane->hard_end - at) >= slots)
        return at;
    if ((next = gbxi_pool_take()) == NULL)
        return NULL;
    *next = (gbxi_block){0};
    lane->block->used = (uint32_t)(at - lane->block->events);
    lane->block->next = next;
    lane->block = next;
    lane->hard_end = next->events + GBXI_BLOCK_SLOTS;
    return next->events;
}

/* Writes an event and its text of two parts. */
static gbx_err restore_event(gbxi_lane *lane, gbxi_event event, gbxi_view key, gbxi_view text)
{
    size_t slots = 1 + gbxi_event_slots(key.length + text.length);
    gbxi_event *at = restore_room(lane, slots);

    if (at == NULL)
        return GBX_ERR_NO_MEMORY;
    *at = event;
    if (key.length > 0)
        memcpy(at + 1, key.at, key.length);
    if (text.length > 0)
        memcpy((char *)(at + 1) + key.length, text.at, text.length);
    gbxi_store_relaxed(&lane->cursor, at + slots);
    return GBX_ERR_OK;
}

static gbx_err restore_named(gbxi_lane *lane, const gbx_record *record)
{
    size_t slots = gbxi_event_slots(record->format_length);
    gbxi_event *at = restore_room(lane, 2 + slots);

    if (at == NULL)
        return GBX_ERR_NO_MEMORY;
    *at = (gbxi_event){record->at_ns, gbxi_event_word(GBXI_EVENT_ENTER_FORMAT, record->site)};
    *(gbxi_name *)(void *)(at + 1) = (gbxi_name){record->format_length, (uint32_t)slots, NULL};
    if (record->format_length > 0)
        memcpy(at + 2, record->name, record->format_length);
    gbxi_store_relaxed(&lane->cursor, at + 2 + slots);
    return GBX_ERR_OK;
}

static gbx_err restore_enter(gbxi_restorer *restorer, const gbx_record *record)
{
    static const gbxi_view none = {"", 0};

    if (restorer->open == GBXI_DEPTH_MAX)
        return GBX_ERR_SYNTAX;
    ++restorer->open;
    if (!gbx_record_is_formatted(record))
        return restore_event(restorer->lane,
                             (gbxi_event){record->at_ns, gbxi_event_word(GBXI_EVENT_ENTER, record->site)}, none, none);
    return record->format_length <= GBXI_NAME_MAX ? restore_named(restorer->lane, record) : GBX_ERR_SYNTAX;
}

static gbx_err restore_exit(gbxi_restorer *restorer, const gbx_record *record)
{
    static const gbxi_view none = {"", 0};

    if (restorer->open == 0)
        return GBX_ERR_SYNTAX;
    --restorer->open;
    return restore_event(restorer->lane, (gbxi_event){record->at_ns, gbxi_event_word(GBXI_EVENT_EXIT, NULL)}, none,
                         none);
}

static gbx_err restore_note(gbxi_restorer *restorer, const gbx_record *record)
{
    gbxi_view key = {record->key, record->key_length}, text = {"", 0};
    gbxi_event event = {.word = restorer->open == 0 ? GBXI_EVENT_OWN : 0};

    if (key.length > GBXI_KEY_MAX)
        return GBX_ERR_SYNTAX;
    switch (record->kind) {
    case GBX_RECORD_NOTE_INT:
        event.word |= gbxi_event_word_sized(GBXI_EVENT_NOTE_INT, key.length);
        event.value = (uint64_t)record->integer;
        break;
    case GBX_RECORD_NOTE_DOUBLE:
        event.word |= gbxi_event_word_sized(GBXI_EVENT_NOTE_DOUBLE, key.length);
        memcpy(&event.value, &record->real, sizeof(event.value));
        break;
    default:
        text = (gbxi_view){record->text, record->text_length};
        event.word |= gbxi_event_word_sized(GBXI_EVENT_NOTE_STR, key.length);
        event.value = text.length;
        break;
    }
    return text.length <= GBXI_TEXT_MAX ? restore_event(restorer->lane, event, key, text) : GBX_ERR_SYNTAX;
}

static gbx_err restore_failure(gbxi_restorer *restorer, const gbx_record *record)
{
    gbxi_event event = {record->at_ns, gbxi_event_word_sized(GBXI_EVENT_FAIL, record->text_length)};

    if (record->text_length > GBXI_TEXT_MAX)
        return GBX_ERR_SYNTAX;
    return restore_event(restorer->lane, event, (gbxi_view){"", 0}, (gbxi_view){record->text, record->text_length});
}

static bool is_timed(const gbx_record *record)
{
    return record->kind == GBX_RECORD_ENTER || record->kind == GBX_RECORD_EXIT || record->kind == GBX_RECORD_FAIL;
}

gbx_err gbxi_restore_put(gbxi_restorer *restorer, const gbx_record *record)
{
    if (is_timed(record)) {
        if (record->at_ns < restorer->last_ns || record->at_ns > restorer->capture->duration_ns)
            return GBX_ERR_SYNTAX;
        restorer->last_ns = record->at_ns;
    }
    switch (record->kind) {
    case GBX_RECORD_ENTER:
        return restore_enter(restorer, record);
    case GBX_RECORD_EXIT:
        return restore_exit(restorer, record);
    case GBX_RECORD_FAIL:
        return restore_failure(restorer, record);
    default:
        return restore_note(restorer, record);
    }
}

gbx_capture *gbxi_restore_end(gbxi_restorer *restorer, void *memory)
{
    gbx_capture *capture = restorer->capture;

    freeze_restored(restorer->lane);
    capture->memory = memory;
    gbxi_budget_close(&capture->budget);
    gbxi_store_release(&capture->finished, true);
    restorer->capture = NULL;
    return capture;
}

void gbxi_restore_abandon(gbxi_restorer *restorer)
{
    gbx_capture_unref(restorer->capture);
    restorer->capture = NULL;
}
