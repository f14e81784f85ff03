/* SPDX-License-Identifier: MIT */
/* Reads the events that most lanes consist of, enters under literal names and exits, without a call. */
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

/* As gbx_reader_next, but a name that is not formatted may be NULL: the site has it. */
static inline bool gbxi_reader_next(gbx_reader *reader, gbx_record *record)
{
    const gbxi_event *event = reader->at;

    if (__builtin_expect(event == reader->end, 0))
        return gbx_reader_next(reader, record);
    if (gbxi_event_kind_of(event) == GBXI_EVENT_EXIT) {
        --reader->open;
        record->kind = GBX_RECORD_EXIT;
    } else if (gbxi_event_kind_of(event) == GBXI_EVENT_ENTER) {
        ++reader->open;
        record->kind = GBX_RECORD_ENTER;
        record->site = gbxi_event_site(event);
        record->name = NULL; /* the site stays out of the cache */
    } else {
        return gbx_reader_next(reader, record);
    }
    record->at_ns = gbxi_reader_event_ns(reader, event);
    reader->at = event + 1;
    return true;
}

#endif
