/* SPDX-License-Identifier: MIT */
/* Reads the events that most lanes consist of, enters and exits, without a call. */
#ifndef GBX_CAPTURE_READER_H
#define GBX_CAPTURE_READER_H

#include "capture/event.h"
#include "capture/state.h"
#include <glassbox/read.h>

/* The time of an event since the capture's start: within the capture, and not before the event read last. */
static inline uint64_t gbxi_reader_event_ns(gbx_reader *reader, const gbxi_event *event)
{
    uint64_t ns = gbxi_timebase_ns(&reader->capture->base, event->value);

    if (ns > reader->capture->duration_ns)
        ns = reader->capture->duration_ns;
    if (ns < reader->last_ns)
        ns = reader->last_ns;
    return reader->last_ns = ns;
}

/* Fills the record of an enter with a formatted name, and returns how many slots follow its event. */
static inline size_t gbxi_reader_take_format(const gbxi_event *event, gbx_record *record)
{
    const gbxi_name *name = gbxi_event_name(event);

    record->kind = GBX_RECORD_ENTER;
    record->site = gbxi_event_site(event);
    record->name = (const char *)(event + 2);
    record->format_length = name->length;
    return 1 + name->slots;
}

/* As gbx_reader_next, but a name that is not formatted may be NULL: the site has it. Unless `notes` are wanted, most of
 * those that belong to spans are passed over. Always inline, because most callers know what they want. */
__attribute__((always_inline)) static inline bool gbxi_reader_read(gbx_reader *reader, gbx_record *record, bool notes)
{
    const gbxi_event *event = reader->at, *next;

    for (;; reader->at = event += gbxi_event_slots_of_note(event)) {
        next = event + 1;
        if (__builtin_expect(event == reader->end, 0))
            return gbx_reader_next(reader, record);
        if (gbxi_event_kind_of(event) == GBXI_EVENT_EXIT) {
            --reader->open;
            record->kind = GBX_RECORD_EXIT;
            break;
        }
        if (gbxi_event_kind_of(event) == GBXI_EVENT_ENTER) {
            ++reader->open;
            record->kind = GBX_RECORD_ENTER;
            record->site = gbxi_event_site(event);
            record->name = NULL; /* the site stays out of the cache */
            break;
        }
        if (gbxi_event_kind_of(event) == GBXI_EVENT_ENTER_FORMAT) {
            ++reader->open;
            next += gbxi_reader_take_format(event, record);
            break;
        }
        if (notes || !gbxi_event_is_note(event))
            return gbx_reader_next(reader, record);
    }
    record->at_ns = gbxi_reader_event_ns(reader, event);
    reader->at = next;
    return true;
}

/* Reads the next record, for readers of calls alone: notes of spans may be among the records, but few of them. */
static inline bool gbxi_reader_next_call(gbx_reader *reader, gbx_record *record)
{
    return gbxi_reader_read(reader, record, false);
}

#endif
