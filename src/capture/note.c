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

static void put_text(gbxi_lane *lane, gbxi_event_kind kind, gbxi_view key, gbxi_view text)
{
    gbxi_lane_write_text(lane, text.length, gbxi_event_word_sized(kind, key.length), key.at, key.length, text.at,
                         text.length);
}

static void put_number(gbxi_lane *lane, gbxi_event_kind kind, gbxi_view key, uint64_t bits)
{
    gbxi_lane_write_text(lane, bits, gbxi_event_word_sized(kind, key.length), key.at, key.length, "", 0);
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
__attribute__((noinline, cold)) static void put_number_filtered(gbxi_lane *lane, gbxi_event_kind event, gbxi_view key,
                                                                uint64_t bits, const char *number)
{
    char bytes[GBXI_TEXT_MAX + 1];
    gbxi_view before = cut_text(number, NUMBER_MAX);
    gbxi_view after = filter(lane->redaction, GBX_TEXT_NUMBER, key, before, bytes, GBXI_TEXT_MAX);

    if (after.length == before.length && memcmp(after.at, before.at, before.length) == 0)
        put_number(lane, event, key, bits);
    else
        put_text(lane, GBXI_EVENT_NOTE_STR, key, after);
}

/* True if nothing more needs to be done: no span can take a note, or the key is sensitive and the note is recorded as
 * redacted. */
static bool is_settled(gbxi_lane *lane, gbxi_view key)
{
    if (!gbxi_lane_takes_text(lane))
        return true;
    if (!gbxi_redaction_has_key(lane->redaction, key.at, key.length))
        return false;
    put_text(lane, GBXI_EVENT_NOTE_STR, key, redacted);
    return true;
}

void gbxi_note_str(const char *key, const char *value)
{
    gbxi_lane *lane = gbxi_lane_here;
    gbxi_view name = cut_text(key, GBXI_KEY_MAX);

    if (is_settled(lane, name))
        return;
    if (gbxi_redaction_has_filter(lane->redaction))
        put_filtered(lane, GBXI_EVENT_NOTE_STR, GBX_TEXT_NOTE, name, cut_text(value, GBXI_TEXT_MAX));
    else
        put_text(lane, GBXI_EVENT_NOTE_STR, name, cut_text(value, GBXI_TEXT_MAX));
}

void gbxi_note_int(const char *key, int64_t value)
{
    gbxi_lane *lane = gbxi_lane_here;
    gbxi_view name = cut_text(key, GBXI_KEY_MAX);
    char number[NUMBER_MAX + 1];

    if (is_settled(lane, name))
        return;
    if (gbxi_redaction_has_filter(lane->redaction)) {
        snprintf(number, sizeof(number), "%" PRId64, value);
        put_number_filtered(lane, GBXI_EVENT_NOTE_INT, name, (uint64_t)value, number);
    } else {
        put_number(lane, GBXI_EVENT_NOTE_INT, name, (uint64_t)value);
    }
}

void gbxi_note_double(const char *key, double value)
{
    gbxi_lane *lane = gbxi_lane_here;
    gbxi_view name = cut_text(key, GBXI_KEY_MAX);
    char number[NUMBER_MAX + 1];
    uint64_t bits;

    if (is_settled(lane, name))
        return;
    memcpy(&bits, &value, sizeof(bits));
    if (gbxi_redaction_has_filter(lane->redaction)) {
        snprintf(number, sizeof(number), "%.17g", value);
        put_number_filtered(lane, GBXI_EVENT_NOTE_DOUBLE, name, bits, number);
    } else {
        put_number(lane, GBXI_EVENT_NOTE_DOUBLE, name, bits);
    }
}

void gbxi_span_fail(const char *reason)
{
    gbxi_lane *lane = gbxi_lane_here;

    if (!gbxi_lane_takes_text(lane))
        return;
    if (lane->redaction != NULL && lane->redaction->reasons)
        put_text(lane, GBXI_EVENT_FAIL, nothing, redacted);
    else if (gbxi_redaction_has_filter(lane->redaction))
        put_filtered(lane, GBXI_EVENT_FAIL, GBX_TEXT_REASON, nothing, cut_text(reason, GBXI_TEXT_MAX));
    else
        put_text(lane, GBXI_EVENT_FAIL, nothing, cut_text(reason, GBXI_TEXT_MAX));
}
