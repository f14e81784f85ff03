/* SPDX-License-Identifier: MIT */
/* Owns reading character references. */
#include "graph/html/reference.h"
#include <pthread.h>
#include <stdint.h>
#include <string.h>

enum { CODE_MAX = 0x10ffff, CODE_REPLACEMENT = 0xfffd };

static pthread_once_t entities_once = PTHREAD_ONCE_INIT;
static const char *entities[GBXI_HTML_ENTITY_COUNT]; /* the rows of the table */

static void find_entities(void)
{
    const char *at = gbxi_html_entities;

    for (size_t i = 0; i < GBXI_HTML_ENTITY_COUNT; i++, at += strlen(at) + 1)
        entities[i] = at;
}

/* The first row in [low, high) whose byte at `depth` is not below `wanted`. */
static size_t entity_bound(size_t low, size_t high, size_t depth, unsigned wanted)
{
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if ((unsigned char)entities[middle][depth] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_digit_or_letter(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The longest name at `at` that may stand there; `length` becomes its bytes with the semicolon. Each byte narrows the
 * rows to those that continue with it; the row that ends there is the first of them. */
static const char *find_entity(const char *at, const char *end, size_t *length)
{
    size_t low = 0, high = GBXI_HTML_ENTITY_COUNT, depth = 0;
    const char *found = NULL;

    while (low < high && at + depth < end && is_digit_or_letter(at[depth])) {
        unsigned next = (unsigned char)at[depth];
        bool has_semicolon;

        low = entity_bound(low, high, depth, next);
        high = entity_bound(low, high, depth, next + 1);
        if (low == high)
            break;
        depth++;
        has_semicolon = at + depth < end && at[depth] == ';';
        if (entities[low][depth] == '!' || (entities[low][depth] == ' ' && has_semicolon)) {
            found = entities[low] + depth + 1;
            *length = depth + has_semicolon;
        }
    }
    return found;
}

static size_t read_named(const char *at, const char *end, bool in_attribute, gbxi_html_reference *reference)
{
    size_t length = 0;
    const char *value = find_entity(at + 1, end, &length), *next = at + 1 + length;

    if (value == NULL)
        return 0;
    if (in_attribute && next[-1] != ';' && next < end && (*next == '=' || is_digit_or_letter(*next)))
        return 0;
    reference->length = strlen(value);
    memcpy(reference->bytes, value, reference->length);
    return length + 1;
}

static void put_utf8(uint32_t code, gbxi_html_reference *reference)
{
    static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

    reference->length = length;
    for (size_t i = length; i-- > 1; code >>= 6)
        reference->bytes[i] = (char)(0x80 | (code & 0x3f));
    reference->bytes[0] = (char)(code | (length > 1 ? first[length] : 0));
}

/* What browsers make of a number: those of Windows' code page 1252 count as that, and what is no character is replaced.
 */
static uint32_t character_of(uint32_t code)
{
    static const uint16_t windows[32] = {0x20ac, 0x81,   0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                         0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d,   0x017d, 0x8f,
                                         0x90,   0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                         0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,   0x017e, 0x0178};

    if (code == 0 || code > CODE_MAX || (code >= 0xd800 && code <= 0xdfff))
        return CODE_REPLACEMENT;
    return code >= 0x80 && code <= 0x9f ? windows[code - 0x80] : code;
}

/* The value of a digit, or 16. */
static uint32_t digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return (uint32_t)(c - '0');
    if (c >= 'a' && c <= 'f')
        return (uint32_t)(c - 'a') + 10;
    return c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10 : 16;
}

static size_t read_number(const char *at, const char *end, gbxi_html_reference *reference)
{
    const char *digit = at + 2;
    uint32_t base = digit < end && (*digit == 'x' || *digit == 'X') ? 16 : 10, code = 0;
    const char *first = digit += base == 16;

    for (; digit < end && digit_value(*digit) < base; digit++)
        code = code > CODE_MAX ? code : code * base + digit_value(*digit);
    if (digit == first)
        return 0;
    put_utf8(character_of(code), reference);
    return (size_t)(digit - at) + (digit < end && *digit == ';');
}

size_t gbxi_html_reference_read(const char *at, const char *end, bool in_attribute, gbxi_html_reference *reference)
{
    if (end - at < 2)
        return 0;
    if (at[1] == '#')
        return read_number(at, end, reference);
    pthread_once(&entities_once, find_entities);
    return read_named(at, end, in_attribute, reference);
}
