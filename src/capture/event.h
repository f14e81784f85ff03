/* SPDX-License-Identifier: MIT */
/* The 16-byte events that lanes are made of, and the blocks that hold them.
 *
 * An event is a time (or a value) and a word. The low 4 bits of the word are the kind. The other bits are the site's
 * address, which is a multiple of 16, or a length. Text follows its event in as many 16-byte slots as it needs,
 * all in the same block. */
#ifndef GBX_CAPTURE_EVENT_H
#define GBX_CAPTURE_EVENT_H

#include "capture/pool.h"
#include <glassbox/span.h>
#include <stdbool.h>

/* Sites are compiled into programs, and events store a kind in the low bits of their addresses. */
_Static_assert(sizeof(gbx_site) == 32 && _Alignof(gbx_site) == 16, "gbx_site is part of the binary interface");

typedef struct gbxi_event {
    uint64_t value;
    uint64_t word;
} gbxi_event;

typedef enum gbxi_event_kind {
    GBXI_EVENT_ENTER,        /* value: ticks; word: site */
    GBXI_EVENT_ENTER_FORMAT, /* like ENTER; then a slot that is a gbxi_name, then the name */
    GBXI_EVENT_ENTER_VALUES, /* like ENTER_FORMAT, with values instead of the name until it is formatted (settle.c) */
    GBXI_EVENT_EXIT,         /* value: ticks */
    GBXI_EVENT_NOTE_STR,     /* value: length of the text; word: key's length; then key and text without a gap */
    GBXI_EVENT_NOTE_INT,     /* value: the integer; word: key's length; then the key */
    GBXI_EVENT_NOTE_DOUBLE,  /* value: the double's bits; word: key's length; then the key */
    GBXI_EVENT_FAIL,         /* value: ticks; word: length of the reason; then the reason */
    GBXI_EVENT_OWN = 8       /* added to the kind of a note that belongs to the trace; readers of calls look at it */
} gbxi_event_kind;

/* The slot after the event of a formatted name. */
typedef struct gbxi_name {
    uint32_t length;    /* bytes of the name */
    uint32_t slots;     /* the slots that follow; they have room for the name */
    const char *format; /* of ENTER_VALUES */
} gbxi_name;

_Static_assert(sizeof(gbxi_name) <= sizeof(gbxi_event), "a name's description is one slot");

#define GBXI_EVENT_KIND_MASK ((uint64_t)15)
enum { GBXI_KEY_MAX = GBX_KEY_BYTES_MAX, GBXI_NAME_MAX = 1023, GBXI_TEXT_MAX = 4095 };

static inline gbxi_event_kind gbxi_event_kind_of(const gbxi_event *event)
{
    return (gbxi_event_kind)(event->word & GBXI_EVENT_KIND_MASK);
}

/* The kind, whether or not a note belongs to the trace. */
static inline gbxi_event_kind gbxi_event_plain_kind_of(const gbxi_event *event)
{
    return (gbxi_event_kind)(event->word & (GBXI_EVENT_OWN - 1));
}

static inline const gbx_site *gbxi_event_site(const gbxi_event *event)
{
    return (const gbx_site *)(uintptr_t)(event->word & ~GBXI_EVENT_KIND_MASK);
}

static inline uint64_t gbxi_event_word(gbxi_event_kind kind, const gbx_site *site)
{
    return (uint64_t)(uintptr_t)site | (uint64_t)kind;
}

static inline uint64_t gbxi_event_word_sized(gbxi_event_kind kind, size_t length)
{
    return (uint64_t)length << 4 | (uint64_t)kind;
}

static inline size_t gbxi_event_length(const gbxi_event *event)
{
    return (size_t)(event->word >> 4);
}

/* The number of slots for `bytes` of text. */
static inline size_t gbxi_event_slots(size_t bytes)
{
    return (bytes + sizeof(gbxi_event) - 1) / sizeof(gbxi_event);
}

/* The description of a formatted name. */
static inline const gbxi_name *gbxi_event_name(const gbxi_event *event)
{
    return (const gbxi_name *)(const void *)(event + 1);
}

/* Whether an event is a note of a span; a failure is none. */
static inline bool gbxi_event_is_note(const gbxi_event *event)
{
    return (unsigned)gbxi_event_kind_of(event) - GBXI_EVENT_NOTE_STR <= GBXI_EVENT_NOTE_DOUBLE - GBXI_EVENT_NOTE_STR;
}

/* The number of slots of a note of a span. */
static inline size_t gbxi_event_slots_of_note(const gbxi_event *event)
{
    size_t text_length = gbxi_event_kind_of(event) == GBXI_EVENT_NOTE_STR ? (size_t)event->value : 0;

    return 1 + gbxi_event_slots(gbxi_event_length(event) + text_length);
}

/* The number of slots of an event and of what follows it. */
static inline size_t gbxi_event_slots_of(const gbxi_event *event)
{
    size_t length = gbxi_event_length(event);

    switch (gbxi_event_plain_kind_of(event)) {
    case GBXI_EVENT_ENTER_FORMAT:
    case GBXI_EVENT_ENTER_VALUES:
        return 2 + gbxi_event_name(event)->slots;
    case GBXI_EVENT_NOTE_INT:
    case GBXI_EVENT_NOTE_DOUBLE:
    case GBXI_EVENT_FAIL:
        return 1 + gbxi_event_slots(length);
    case GBXI_EVENT_NOTE_STR:
        return 1 + gbxi_event_slots(length + (size_t)event->value);
    default:
        return 1;
    }
}

/* A block of events. `used` and `next` are written before the first event in the next block is published, and
 * `has_values` before the first event with values is. */
typedef struct gbxi_block {
    struct gbxi_block *next;
    uint32_t used;            /* filled slots; set when the lane continues in `next` */
    _Atomic(bool) has_values; /* it may have ENTER_VALUES */
    _Atomic(bool) is_settled; /* its names that belong to the finished capture are formatted; set by a reader */
    gbxi_event events[];
} gbxi_block;

enum { GBXI_BLOCK_SLOTS = (GBXI_BLOCK_BYTES - sizeof(gbxi_block)) / sizeof(gbxi_event) };

#endif
