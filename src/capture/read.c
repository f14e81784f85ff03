/* SPDX-License-Identifier: MIT */
/* Owns the decoding of frozen captures: converts events to records and ticks to nanoseconds, and closes open spans. */
#include "base/versioned.h"
#include "capture/cost.h"
#include "capture/lane.h"
#include "capture/outcome.h"
#include "capture/reader.h"
#include "capture/settle.h"
#include "capture/state.h"
#include <assert.h>
#include <glassbox/read.h>
#include <string.h>

/* Programs compiled with older headers allocate these structs, so they can only grow into their reserved members. */
static_assert(sizeof(gbx_record) == 104 && sizeof(gbx_reader) == 128, "part of the binary interface");

bool gbx_capture_is_finished(const gbx_capture *capture)
{
    return gbxi_load_acquire(&capture->finished);
}

/* A host's clock states its cost itself. */
static double span_cost_ns(const gbx_clock *clock)
{
    return clock == NULL || clock == gbx_clock_monotonic() ? gbxi_span_cost_ns(clock) : clock->span_cost_ns;
}

/* Blocks after the frozen one belong to threads that still run. */
static size_t lane_bytes(const gbxi_lane *lane)
{
    const gbxi_block *block = &lane->first;
    const gbxi_event *limit = (const gbxi_event *)((const char *)lane + GBXI_BLOCK_BYTES);
    size_t bytes = GBXI_BLOCK_BYTES;

    while (lane->frozen < block->events || lane->frozen > limit) {
        block = block->next;
        limit = block->events + GBXI_BLOCK_SLOTS;
        bytes += GBXI_BLOCK_BYTES;
    }
    return bytes;
}

static void get_outcome(const gbx_capture *capture, gbxi_outcome *outcome)
{
    *outcome = (gbxi_outcome){
        .duration_ns = capture->duration_ns,
        .start_unix_ns = capture->start_unix_ns,
        .failed = capture->failed_elsewhere,
    };
    for (size_t i = 0; i != capture->lane_count; i++) {
        outcome->failed |= capture->lanes[i]->frozen_failed;
        outcome->memory_bytes += lane_bytes(capture->lanes[i]);
    }
}

gbx_err gbxi_outcome_get(const gbx_capture *capture, gbxi_outcome *outcome)
{
    *outcome = (gbxi_outcome){0};
    if (!gbx_capture_is_finished(capture))
        return GBX_ERR_STATE;
    get_outcome(capture, outcome);
    return GBX_ERR_OK;
}

static void get_facts(const gbx_capture *capture, gbx_capture_facts *facts)
{
    uint64_t lost = capture->lanes_refused;
    gbxi_outcome outcome;

    get_outcome(capture, &outcome);
    *facts = (gbx_capture_facts){
        .name = capture->name,
        .start_unix_ns = outcome.start_unix_ns,
        .start_ns = capture->start.ns,
        .duration_ns = outcome.duration_ns,
        .span_cost_ns = span_cost_ns(capture->clock),
        .lane_count = capture->lane_count,
        .dropped_spans = capture->dropped_elsewhere,
        .failed = outcome.failed,
        .trace_flags = capture->trace_flags,
        .memory_bytes = outcome.memory_bytes,
    };
    memcpy(facts->trace_id, gbx_capture_trace_id(capture), sizeof(facts->trace_id));
    memcpy(facts->parent_span_id, capture->parent_span_id, sizeof(facts->parent_span_id));
    for (size_t i = 0; i != capture->lane_count; i++) {
        const gbxi_lane *lane = capture->lanes[i];
        facts->span_count += lane->frozen_span_count;
        facts->dropped_spans += lane->frozen_dropped;
        lost += lane->frozen_lost;
    }
    facts->truncated = capture->cut || facts->dropped_spans != 0 || lost != 0;
}

gbx_err gbx_capture_facts_get(const gbx_capture *capture, gbx_capture_facts *facts, size_t size)
{
    gbx_capture_facts known = {0};
    bool finished = gbx_capture_is_finished(capture);

    if (finished)
        get_facts(capture, &known);
    gbxi_result_write(facts, size, &known, sizeof(known));
    return finished ? GBX_ERR_OK : GBX_ERR_STATE;
}

/* Finds lane number `index` of a finished capture. */
static gbx_err lane_at(const gbx_capture *capture, size_t index, const gbxi_lane **lane)
{
    if (!gbx_capture_is_finished(capture))
        return GBX_ERR_STATE;
    if (index >= capture->lane_count)
        return GBX_ERR_RANGE;
    *lane = capture->lanes[index];
    return GBX_ERR_OK;
}

gbx_err gbx_lane_facts_get(const gbx_capture *capture, size_t index, gbx_lane_facts *facts, size_t size)
{
    gbx_lane_facts known = {0};
    const gbxi_lane *lane;
    gbx_err err = lane_at(capture, index, &lane);

    if (err == GBX_ERR_OK) {
        known = (gbx_lane_facts){
            .thread_id = lane->thread_id,
            .inside_ns = lane->frozen_inside_ns,
            .cpu_ns = lane->frozen_cpu_ns,
            .span_count = lane->frozen_span_count,
        };
        memcpy(known.thread_name, lane->thread_name, sizeof(known.thread_name));
    }
    gbxi_result_write(facts, size, &known, sizeof(known));
    return err;
}

/* Positions the reader at the start of a block. The events end at the block's last used slot, or at the frozen cursor
 * if the cursor is in the block. This thread may read `used` and `next` only of blocks before the cursor's. */
static void enter_block(gbx_reader *reader, const gbxi_block *block, const gbxi_event *limit)
{
    const gbxi_event *frozen = reader->frozen;

    reader->block = block;
    reader->at = block->events;
    reader->end = frozen >= block->events && frozen <= limit ? frozen : block->events + block->used;
    gbxi_block_settle(reader->capture, block, reader->end);
}

gbx_err gbx_reader_init(gbx_reader *reader, const gbx_capture *capture, size_t index)
{
    const gbxi_lane *lane;
    gbx_err err = lane_at(capture, index, &lane);

    *reader = (gbx_reader){.capture = capture};
    if (err != GBX_ERR_OK)
        return err; /* the zeroed reader is at the end of a lane */
    reader->frozen = lane->frozen;
    enter_block(reader, &lane->first, (const gbxi_event *)((const char *)lane + GBXI_BLOCK_BYTES));
    return GBX_ERR_OK;
}

/* Returns the next event and the number of its slots; NULL at the end of the lane. */
static const gbxi_event *next_event(gbx_reader *reader)
{
    while (reader->at == reader->end) {
        const gbxi_block *next;
        if (reader->at == reader->frozen)
            return NULL;
        next = reader->block->next;
        enter_block(reader, next, next->events + GBXI_BLOCK_SLOTS);
    }
    return reader->at;
}

/* Closes, at the end of the capture, a span that was open when the capture was frozen. */
static bool close_open(gbx_reader *reader, gbx_record *record)
{
    if (reader->open == 0) {
        record->kind = GBX_RECORD_END;
        return false;
    }
    --reader->open;
    record->kind = GBX_RECORD_EXIT;
    record->at_ns = reader->last_ns = reader->capture->duration_ns;
    return true;
}

static size_t read_enter(gbx_reader *reader, const gbxi_event *event, gbx_record *record)
{
    bool formatted = gbxi_event_kind_of(event) == GBXI_EVENT_ENTER_FORMAT;

    ++reader->open;
    record->kind = GBX_RECORD_ENTER;
    record->at_ns = gbxi_reader_event_ns(reader, event);
    record->site = gbxi_event_site(event);
    record->name = formatted ? (const char *)(event + 2) : record->site->name;
    record->format_length = formatted ? gbxi_event_name(event)->length : 0;
    return formatted ? 2 + gbxi_event_name(event)->slots : 1;
}

static size_t read_note(const gbxi_event *event, gbx_record *record)
{
    const char *bytes = (const char *)(event + 1);
    gbxi_event_kind kind = gbxi_event_plain_kind_of(event);

    record->key = bytes;
    record->key_length = (uint32_t)gbxi_event_length(event);
    record->text = bytes + record->key_length;
    record->text_length = 0;
    if (kind == GBXI_EVENT_NOTE_INT) {
        record->kind = GBX_RECORD_NOTE_INT;
        record->integer = (int64_t)event->value;
    } else if (kind == GBXI_EVENT_NOTE_DOUBLE) {
        record->kind = GBX_RECORD_NOTE_DOUBLE;
        memcpy(&record->real, &event->value, sizeof(record->real));
    } else {
        record->kind = GBX_RECORD_NOTE_STR;
        record->text_length = (uint32_t)event->value;
    }
    return 1 + gbxi_event_slots((size_t)record->key_length + record->text_length);
}

static size_t read_failure(gbx_reader *reader, const gbxi_event *event, gbx_record *record)
{
    record->kind = GBX_RECORD_FAIL;
    record->at_ns = gbxi_reader_event_ns(reader, event);
    record->text = (const char *)(event + 1);
    record->text_length = (uint32_t)gbxi_event_length(event);
    return 1 + gbxi_event_slots(record->text_length);
}

bool gbx_reader_next(gbx_reader *reader, gbx_record *record)
{
    const gbxi_event *event = next_event(reader);

    if (event == NULL)
        return close_open(reader, record);
    switch (gbxi_event_kind_of(event)) {
    case GBXI_EVENT_ENTER:
    case GBXI_EVENT_ENTER_FORMAT:
        reader->at = event + read_enter(reader, event, record);
        break;
    case GBXI_EVENT_EXIT:
        --reader->open;
        record->kind = GBX_RECORD_EXIT;
        record->at_ns = gbxi_reader_event_ns(reader, event);
        reader->at = event + 1;
        break;
    case GBXI_EVENT_FAIL:
        reader->at = event + read_failure(reader, event, record);
        break;
    default:
        reader->at = event + read_note(event, record);
        break;
    }
    return true;
}
