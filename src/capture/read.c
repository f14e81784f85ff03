/* SPDX-License-Identifier: MIT */
/* Owns the decoding of a frozen capture: events to records, ticks to nanoseconds, open spans closed. */
#include "capture/read.h"
#include "capture/cost.h"
#include "capture/state.h"
#include <assert.h>
#include <string.h>

bool gbx__capture_is_finished(const gbx_capture *capture)
{
    return gbx__load_acquire(&capture->finished);
}

static void assert_finished(const gbx_capture *capture)
{
    bool finished = gbx__load_acquire(&capture->finished);

    assert(finished);
    (void)finished;
}

/* A clock of the host's own says itself what it costs. */
static double span_cost_ns(const gbx_clock *clock)
{
    return clock == NULL || clock == gbx_clock_monotonic() ? gbx__span_cost_ns(clock) : clock->span_cost_ns;
}

void gbx__capture_facts_get(const gbx_capture *capture, gbx__capture_facts *facts)
{
    uint64_t lost = capture->lanes_refused;

    assert_finished(capture);
    *facts = (gbx__capture_facts){
        .name = capture->name,
        .start_unix_ns = capture->start_unix_ns,
        .start_ns = capture->start.ns,
        .duration_ns = capture->duration_ns,
        .span_cost_ns = span_cost_ns(capture->clock),
        .lane_count = capture->lane_count,
    };
    memcpy(facts->trace_id, capture->trace_id, sizeof(facts->trace_id));
    for (size_t i = 0; i != capture->lane_count; ++i) {
        const gbx__lane *lane = capture->lanes[i];
        facts->span_count += lane->frozen_span_count;
        facts->dropped_spans += lane->frozen_dropped;
        lost += lane->frozen_lost;
    }
    facts->truncated = capture->cut || facts->dropped_spans != 0 || lost != 0;
}

void gbx__capture_lane_get(const gbx_capture *capture, size_t index, gbx__lane_facts *facts)
{
    const gbx__lane *lane = capture->lanes[index];

    assert_finished(capture);
    *facts = (gbx__lane_facts){
        .thread_id = lane->thread_id,
        .busy_ns = lane->frozen_busy_ns,
        .cpu_ns = lane->frozen_cpu_ns,
        .span_count = lane->frozen_span_count,
    };
    memcpy(facts->thread_name, lane->thread_name, sizeof(facts->thread_name));
}

/* Points the reader at a block: to its last used slot, or to the frozen cursor when that lies in it. Only a block
 * before the cursor's has `used` and `next` that this thread may read. */
static void enter_block(gbx__reader *reader, const gbx__block *block, const gbx__event *limit)
{
    const gbx__event *frozen = reader->frozen;

    reader->block = block;
    reader->at = block->events;
    reader->end = frozen >= block->events && frozen <= limit ? frozen : block->events + block->used;
}

void gbx__reader_init(gbx__reader *reader, const gbx_capture *capture, size_t index)
{
    const gbx__lane *lane = capture->lanes[index];

    assert_finished(capture);
    *reader = (gbx__reader){.capture = capture, .frozen = lane->frozen};
    enter_block(reader, &lane->first, (const gbx__event *)((const char *)lane + GBX__BLOCK_BYTES));
}

/* The next event and the slots it takes; NULL at the end of the lane. */
static const gbx__event *next_event(gbx__reader *reader)
{
    while (reader->at == reader->end) {
        const gbx__block *next;
        if (reader->at == reader->frozen)
            return NULL;
        next = reader->block->next;
        enter_block(reader, next, next->events + GBX__BLOCK_SLOTS);
    }
    return reader->at;
}

static uint64_t event_ns(gbx__reader *reader, const gbx__event *event)
{
    uint64_t ns = gbx__timebase_ns(&reader->capture->base, event->value);

    if (ns > reader->capture->duration_ns)
        ns = reader->capture->duration_ns;
    if (ns < reader->last_ns)
        ns = reader->last_ns;
    return reader->last_ns = ns;
}

/* What a thread had open when the capture was frozen ends with it. */
static bool close_open(gbx__reader *reader, gbx__record *record)
{
    if (reader->open == 0) {
        record->kind = GBX__RECORD_END;
        return false;
    }
    --reader->open;
    record->kind = GBX__RECORD_EXIT;
    record->at_ns = reader->last_ns = reader->capture->duration_ns;
    return true;
}

static size_t read_enter(gbx__reader *reader, const gbx__event *event, gbx__record *record)
{
    bool formatted = gbx__event_kind_of(event) == GBX__EVENT_ENTER_FORMAT;

    ++reader->open;
    record->kind = GBX__RECORD_ENTER;
    record->at_ns = event_ns(reader, event);
    record->site = gbx__event_site(event);
    record->name = formatted ? (const char *)(event + 2) : record->site->name;
    record->format_length = formatted ? (uint32_t)event[1].value : 0;
    return formatted ? 2 + gbx__event_slots(record->format_length) : 1;
}

static size_t read_text(const gbx__event *event, gbx__record *record)
{
    const char *bytes = (const char *)(event + 1);
    gbx__event_kind kind = gbx__event_kind_of(event);

    record->key = bytes;
    record->key_length = (uint32_t)gbx__event_length(event);
    record->text = bytes + record->key_length;
    record->text_length = 0;
    if (kind == GBX__EVENT_NOTE_INT) {
        record->kind = GBX__RECORD_NOTE_INT;
        record->integer = (int64_t)event->value;
    } else if (kind == GBX__EVENT_NOTE_DOUBLE) {
        record->kind = GBX__RECORD_NOTE_DOUBLE;
        memcpy(&record->real, &event->value, sizeof(record->real));
    } else {
        record->kind = kind == GBX__EVENT_FAIL ? GBX__RECORD_FAIL : GBX__RECORD_NOTE_STR;
        record->text_length = (uint32_t)event->value;
    }
    return 1 + gbx__event_slots((size_t)record->key_length + record->text_length);
}

bool gbx__reader_next(gbx__reader *reader, gbx__record *record)
{
    const gbx__event *event = next_event(reader);

    if (event == NULL)
        return close_open(reader, record);
    switch (gbx__event_kind_of(event)) {
    case GBX__EVENT_ENTER:
    case GBX__EVENT_ENTER_FORMAT:
        reader->at = event + read_enter(reader, event, record);
        break;
    case GBX__EVENT_EXIT:
        --reader->open;
        record->kind = GBX__RECORD_EXIT;
        record->at_ns = event_ns(reader, event);
        reader->at = event + 1;
        break;
    default:
        reader->at = event + read_text(event, record);
        break;
    }
    return true;
}
