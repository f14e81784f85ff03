/* SPDX-License-Identifier: MIT */
/* Owns the recording of notes and failures, and their redaction. */
#define _GNU_SOURCE
#include "base/cut.h"
#include "base/view.h"
#include "capture/lane.h"
#include "capture/redact.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { NUMBER_MAX = 47 }; /* the longest number as text, in bytes */

static const gbxi_view redacted = {GBX_REDACTED, sizeof(GBX_REDACTED) - 1};
static const gbxi_view nothing = {"", 0};

static gbxi_view cut_text(const char *text, size_t max)
{
    return text != NULL ? (gbxi_view){text, gbxi_cut(text, strnlen(text, max + 1), max)} : nothing;
}

static gbxi_view cut_key(const char *key)
{
    return cut_text(key, GBXI_KEY_MAX);
}

/* The word of a note's event. Without an open span the note belongs to the trace. */
static inline uint64_t note_word(const gbxi_lane *lane, gbxi_event_kind kind, size_t key_length)
{
    return gbxi_event_word_sized(kind, key_length) | (lane->depth == 0 ? GBXI_EVENT_OWN : 0);
}

static void put_text(gbxi_lane *lane, gbxi_event_kind kind, gbxi_view key, gbxi_view text)
{
    gbxi_lane_write_text(lane, text.length, note_word(lane, kind, key.length), key.at, key.length, text.at,
                         text.length);
}

/* A failure has no key: its event has the time instead of the text's length. */
static void put_failure(gbxi_lane *lane, gbxi_view reason)
{
    gbxi_lane_write_text(lane, gbxi_ticks_of(lane->clock), gbxi_event_word_sized(GBXI_EVENT_FAIL, reason.length), "", 0,
                         reason.at, reason.length);
}

static void put_number(gbxi_lane *lane, gbxi_event_kind kind, gbxi_view key, uint64_t bits)
{
    gbxi_lane_write_text(lane, bits, note_word(lane, kind, key.length), key.at, key.length, "", 0);
}

/* Writes a number for which there is room, under a key that need not be cut or compared. The key is copied to its place
 * while its end is looked for. False if nothing is written. */
static inline bool put_plain_number(gbxi_lane *lane, gbxi_event_kind kind, const char *key, uint64_t bits)
{
    enum { SLOTS_MAX = 1 + (GBXI_KEY_MAX + sizeof(gbxi_event)) / sizeof(gbxi_event) };
    gbxi_event *at = gbxi_load_relaxed(&lane->cursor);
    char *copy = (char *)(at + 1);
    size_t length = 0, slots;

    if (lane->redaction != NULL || lane->soft_end - at < SLOTS_MAX || key == NULL || !gbxi_lane_has_owner(lane))
        return false;
    while (length <= GBXI_KEY_MAX && (copy[length] = key[length]) != '\0')
        length++;
    slots = 1 + gbxi_event_slots(length);
    if (length > GBXI_KEY_MAX || !gbxi_budget_take_text(lane->shared, slots * sizeof(gbxi_event)))
        return false;
    *at = (gbxi_event){bits, note_word(lane, kind, length)};
    gbxi_store_release(&lane->cursor, at + slots);
    return true;
}

/* Calls the filter with a copy of `text` in `bytes`, which has room for `capacity` bytes and a terminator. */
static gbxi_view filter(const gbx_redaction *redaction, gbx_text_kind kind, gbxi_view key, gbxi_view text, char *bytes,
                        size_t capacity)
{
    char key_copy[GBXI_KEY_MAX + 1];
    gbx_text asked = {.size = sizeof(asked),
                      .kind = kind,
                      .key = key_copy,
                      .bytes = bytes,
                      .length = text.length,
                      .capacity = capacity};

    memcpy(key_copy, key.at, key.length);
    key_copy[key.length] = '\0';
    memcpy(bytes, text.at, text.length);
    bytes[text.length] = '\0';
    return gbxi_redaction_ask(redaction, &asked) ? (gbxi_view){bytes, asked.length} : redacted;
}

/* The rare case, in a separate function so that the others need no stack space for the copy. */
__attribute__((noinline, cold)) static void put_filtered(gbxi_lane *lane, gbxi_event_kind event, gbx_text_kind kind,
                                                         gbxi_view key, gbxi_view text)
{
    char bytes[GBXI_TEXT_MAX + 1];

    put_text(lane, event, key, filter(lane->redaction, kind, key, text, bytes, GBXI_TEXT_MAX));
}

/* A number that the filter does not change stays a number. */
static void put_number_filtered(gbxi_lane *lane, gbxi_event_kind event, gbxi_view key, uint64_t bits,
                                const char *number)
{
    char bytes[GBXI_TEXT_MAX + 1];
    gbxi_view before = cut_text(number, NUMBER_MAX);
    gbxi_view after = filter(lane->redaction, GBX_TEXT_NUMBER, key, before, bytes, GBXI_TEXT_MAX);

    if (after.length == before.length && memcmp(after.at, before.at, before.length) == 0)
        put_number(lane, event, key, bits);
    else
        put_text(lane, GBXI_EVENT_NOTE_STR, key, after);
}

__attribute__((noinline, cold)) static void put_int_filtered(gbxi_lane *lane, gbxi_view key, int64_t value)
{
    char number[NUMBER_MAX + 1];

    snprintf(number, sizeof(number), "%" PRId64, value);
    put_number_filtered(lane, GBXI_EVENT_NOTE_INT, key, (uint64_t)value, number);
}

__attribute__((noinline, cold)) static void put_double_filtered(gbxi_lane *lane, gbxi_view key, uint64_t bits,
                                                                double value)
{
    char number[NUMBER_MAX + 1];

    snprintf(number, sizeof(number), "%.17g", value);
    put_number_filtered(lane, GBXI_EVENT_NOTE_DOUBLE, key, bits, number);
}

/* True if nothing more needs to be done: the note has no owner, or the key is sensitive and the note is recorded as
 * redacted. */
static bool is_settled(gbxi_lane *lane, gbxi_view key)
{
    if (!gbxi_lane_takes_text(lane))
        return true;
    if (lane->redaction == NULL || !gbxi_redaction_has_key(lane->redaction, key.at, key.length))
        return false;
    put_text(lane, GBXI_EVENT_NOTE_STR, key, redacted);
    return true;
}

void gbxi_note_str(const char *key, const char *value)
{
    gbxi_lane *lane = gbxi_lane_here;
    gbxi_view name = cut_key(key);

    if (is_settled(lane, name))
        return;
    if (gbxi_redaction_has_filter(lane->redaction))
        put_filtered(lane, GBXI_EVENT_NOTE_STR, GBX_TEXT_NOTE, name, cut_text(value, GBXI_TEXT_MAX));
    else
        put_text(lane, GBXI_EVENT_NOTE_STR, name, cut_text(value, GBXI_TEXT_MAX));
}

void gbxi_lane_note_int(gbxi_lane *lane, const char *key, int64_t value)
{
    gbxi_view name = cut_key(key);

    if (is_settled(lane, name))
        return;
    if (gbxi_redaction_has_filter(lane->redaction))
        put_int_filtered(lane, name, value);
    else
        put_number(lane, GBXI_EVENT_NOTE_INT, name, (uint64_t)value);
}

__attribute__((noinline)) static void note_double_slowly(gbxi_lane *lane, const char *key, uint64_t bits, double value)
{
    gbxi_view name = cut_key(key);

    if (is_settled(lane, name))
        return;
    if (gbxi_redaction_has_filter(lane->redaction))
        put_double_filtered(lane, name, bits, value);
    else
        put_number(lane, GBXI_EVENT_NOTE_DOUBLE, name, bits);
}

void gbxi_note_int(const char *key, int64_t value)
{
    gbxi_lane *lane = gbxi_lane_here;

    if (!put_plain_number(lane, GBXI_EVENT_NOTE_INT, key, (uint64_t)value))
        gbxi_lane_note_int(lane, key, value);
}

void gbxi_note_double(const char *key, double value)
{
    gbxi_lane *lane = gbxi_lane_here;
    uint64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    if (!put_plain_number(lane, GBXI_EVENT_NOTE_DOUBLE, key, bits))
        note_double_slowly(lane, key, bits, value);
}

/* The rare case, like put_filtered. */
__attribute__((noinline, cold)) static void put_failure_filtered(gbxi_lane *lane, gbxi_view reason)
{
    char bytes[GBXI_TEXT_MAX + 1];

    put_failure(lane, filter(lane->redaction, GBX_TEXT_REASON, nothing, reason, bytes, GBXI_TEXT_MAX));
}

void gbxi_span_fail(const char *reason)
{
    gbxi_lane *lane = gbxi_lane_here;

    gbxi_store_relaxed(&lane->failed, true); /* even if there is no room for the reason */
    if (!gbxi_lane_takes_text(lane))
        return;
    if (lane->redaction != NULL && lane->redaction->reasons)
        put_failure(lane, redacted);
    else if (gbxi_redaction_has_filter(lane->redaction))
        put_failure_filtered(lane, cut_text(reason, GBXI_TEXT_MAX));
    else
        put_failure(lane, cut_text(reason, GBXI_TEXT_MAX));
}
