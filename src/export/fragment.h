/* SPDX-License-Identifier: MIT */
/* Pieces of rows that are many: fixed text with the numbers between, several members for each check of the room.
 *
 *     char *at = gbxi_json_reserve(writer, GBXI_JSON_NEED_MAX);
 *     if (at != NULL)
 *         gbxi_json_commit(writer, gbxi_put_uint(at, GBXI_FRAGMENT(",\"depth\":"), 3));
 *
 * Always inline, so that a fragment's length is known and copying it takes no call. */
#ifndef GBX_EXPORT_FRAGMENT_H
#define GBX_EXPORT_FRAGMENT_H

#include "json/writer.h"

/* A fragment as the two arguments `text` and `length` of the functions below. */
#define GBXI_FRAGMENT(literal) literal, sizeof(literal) - 1

#define GBXI_INLINE __attribute__((always_inline)) static inline

/* Each puts a fragment, and what follows it, where there is room, and returns the end. */
GBXI_INLINE char *gbxi_put(char *at, const char *text, size_t length)
{
    memcpy(at, text, length);
    return at + length;
}

GBXI_INLINE char *gbxi_put_uint(char *at, const char *text, size_t length, uint64_t value)
{
    return gbxi_json_digits(gbxi_put(at, text, length), value);
}

GBXI_INLINE char *gbxi_put_ms(char *at, const char *text, size_t length, uint64_t ns)
{
    return gbxi_json_ms_digits(gbxi_put(at, text, length), ns);
}

/* Puts nanoseconds as microseconds with three decimals: 1234567 becomes 1234.567. Any byte of the first
 * 2 * GBXI_JSON_DIGITS_MAX after the fragment may change. */
GBXI_INLINE char *gbxi_put_us(char *at, const char *text, size_t length, uint64_t ns)
{
    uint64_t us = ns / 1000;
    char *point = gbxi_put_uint(at, text, length, us), *end;

    /* The leading 1 keeps the fraction's zeros; the point takes its place. */
    end = gbxi_json_digits(point, 1000 + (ns - us * 1000));
    *point = '.';
    return end;
}

/* Each writes a fragment and a number, together at most GBXI_JSON_NEED_MAX bytes. */
GBXI_INLINE void gbxi_write_uint(gbxi_json_writer *writer, const char *text, size_t length, uint64_t value)
{
    char *at = gbxi_json_reserve(writer, GBXI_JSON_NEED_MAX);

    if (at != NULL)
        gbxi_json_commit(writer, gbxi_put_uint(at, text, length, value));
}

GBXI_INLINE void gbxi_write_ms(gbxi_json_writer *writer, const char *text, size_t length, uint64_t ns)
{
    char *at = gbxi_json_reserve(writer, GBXI_JSON_NEED_MAX);

    if (at != NULL)
        gbxi_json_commit(writer, gbxi_put_ms(at, text, length, ns));
}

/* Numbers of many digits that follow each other closely: the text of all but the last eight digits is kept. A zeroed
 * struct is empty. */
typedef struct gbxi_long_number {
    uint64_t first; /* the last number without its last eight digits */
    char text[GBXI_JSON_DIGITS_MAX];
    size_t length;
} gbxi_long_number;

/* Puts a number where there is room for GBXI_JSON_DIGITS_MAX bytes, all of which may change. */
static inline char *gbxi_put_long(gbxi_long_number *last, char *at, uint64_t value)
{
    uint64_t first = value / GBXI_JSON_EIGHT_DIGITS;

    if (first == 0)
        return gbxi_json_digits(at, value);
    if (first != last->first) {
        last->first = first;
        last->length = (size_t)(gbxi_json_digits(last->text, first) - last->text);
    }
    memcpy(at, last->text, sizeof(last->text));
    return gbxi_json_put_eight(at + last->length, gbxi_json_eight((uint32_t)(value - first * GBXI_JSON_EIGHT_DIGITS)),
                               0);
}

#endif
