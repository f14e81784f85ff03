/* SPDX-License-Identifier: MIT */
/* The 16-byte events that lanes are made of, and the blocks that hold them.
 *
 * An event is a time (or a value) and a word: a kind in the low 4 bits, above it the site's address, which is a
 * multiple of 16, or a key's length. Text follows its event in as many 16-byte slots as it needs, all in the same
 * block. */
#ifndef GBX_CAPTURE_EVENT_H
#define GBX_CAPTURE_EVENT_H

#include "capture/pool.h"
#include <glassbox/span.h>

typedef struct gbx__event {
    uint64_t value;
    uint64_t word;
} gbx__event;

typedef enum gbx__event_kind {
    GBX__EVENT_ENTER,        /* value: ticks; word: site */
    GBX__EVENT_ENTER_FORMAT, /* the same; then a slot whose value is the name's length, then the name */
    GBX__EVENT_EXIT,         /* value: ticks */
    GBX__EVENT_NOTE_STR,     /* value: length of the text; word: key's length; then key and text without a gap */
    GBX__EVENT_NOTE_INT,     /* value: the integer; word: key's length; then the key */
    GBX__EVENT_NOTE_DOUBLE,  /* value: the double's bits; the same */
    GBX__EVENT_FAIL          /* value: length of the reason; then the reason */
} gbx__event_kind;

#define GBX__EVENT_KIND_MASK ((uint64_t)15)
enum { GBX__KEY_MAX = 127, GBX__NAME_MAX = 1023, GBX__TEXT_MAX = 4095 };

static inline gbx__event_kind gbx__event_kind_of(const gbx__event *event)
{
    return (gbx__event_kind)(event->word & GBX__EVENT_KIND_MASK);
}

static inline const gbx_site *gbx__event_site(const gbx__event *event)
{
    return (const gbx_site *)(uintptr_t)(event->word & ~GBX__EVENT_KIND_MASK);
}

static inline uint64_t gbx__event_word(gbx__event_kind kind, const gbx_site *site)
{
    return (uint64_t)(uintptr_t)site | (uint64_t)kind;
}

static inline uint64_t gbx__event_word_sized(gbx__event_kind kind, size_t length)
{
    return (uint64_t)length << 4 | (uint64_t)kind;
}

static inline size_t gbx__event_length(const gbx__event *event)
{
    return (size_t)(event->word >> 4);
}

/* Slots that `bytes` of text take. */
static inline size_t gbx__event_slots(size_t bytes)
{
    return (bytes + sizeof(gbx__event) - 1) / sizeof(gbx__event);
}

/* A run of events. `used` and `next` are written before the event that follows in the next block is published. */
typedef struct gbx__block {
    struct gbx__block *next;
    uint64_t used; /* slots filled, once the lane has gone on to `next` */
    gbx__event events[];
} gbx__block;

enum { GBX__BLOCK_SLOTS = (GBX__BLOCK_BYTES - sizeof(gbx__block)) / sizeof(gbx__event) };

#endif
