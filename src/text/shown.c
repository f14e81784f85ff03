/* SPDX-License-Identifier: MIT */
/* Makes texts harmless, and measures them. */
#include "text/shown.h"
#include "json/utf8.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* A range of code points, with its first and its last. */
typedef struct code_range {
    uint32_t first, last;
} code_range;

/* Control characters, line and paragraph separators, marks and isolates of direction, and the byte order mark. Source:
 * Unicode 15, general categories Cc, Zl, Zp, and the property Bidi_Control. */
static const code_range unsafe_ranges[] = {{0, 0x1f},        {0x7f, 0x9f},     {0x61c, 0x61c},  {0x200e, 0x200f},
                                           {0x2028, 0x202e}, {0x2066, 0x2069}, {0xfeff, 0xfeff}};

/* The larger blocks of combining and zero-width characters. Source: Unicode 15, general categories Mn, Me, Cf. */
static const code_range combining_ranges[] = {{0x300, 0x36f},   {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},
                                              {0x64b, 0x65f},   {0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x200b, 0x200d},
                                              {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}, {0xe0100, 0xe01ef}};

/* The larger blocks of wide characters. Source: Unicode 15, East_Asian_Width W and F. */
static const code_range wide_ranges[] = {
    {0x1100, 0x115f}, {0x2e80, 0x303e}, {0x3041, 0xa4cf},   {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
    {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1f64f}, {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

static bool is_code_among(uint32_t code, const code_range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    return false;
}

#define IS_AMONG(code, ranges) is_code_among(code, ranges, sizeof(ranges) / sizeof((ranges)[0]))

/* The code point of a well-formed sequence. */
static uint32_t code_point_of(const char *at, size_t length)
{
    static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t code = (unsigned char)at[0] & masks[length];

    for (size_t i = 1; i < length; i++)
        code = code << 6 | ((unsigned char)at[i] & 0x3f);
    return code;
}

/* Whether the sequence at `at` may be shown as it is. */
static bool is_harmless(const char *at, size_t available, size_t *length)
{
    gbxi_utf8_kind kind = gbxi_utf8_judge((const unsigned char *)at, available, length);

    return kind == GBXI_UTF8_WELL_FORMED && !IS_AMONG(code_point_of(at, *length), unsafe_ranges);
}

size_t gbxi_shown(char *out, size_t size, const char *text, size_t length)
{
    size_t written = 0, sequence;

    for (size_t i = 0; i < length; i += sequence) {
        if (is_harmless(text + i, length - i, &sequence)) {
            if (written + sequence >= size)
                break;
            memcpy(out + written, text + i, sequence);
            written += sequence;
            continue;
        }
        if (written + 4 * sequence >= size)
            break;
        for (size_t j = 0; j < sequence; j++)
            written += (size_t)snprintf(out + written, size - written, "\\x%02x", (unsigned char)text[i + j]);
    }
    out[written] = '\0';
    return written;
}

static size_t columns_of_code(uint32_t code)
{
    if (code < 0x300)
        return 1;
    return IS_AMONG(code, combining_ranges) ? 0 : IS_AMONG(code, wide_ranges) ? 2 : 1;
}

/* Goes through the text until `max` columns are full. Returns the bytes, and sets `columns` to their columns. */
static size_t measure_shown(const char *shown, size_t length, size_t max, size_t *columns)
{
    size_t i = 0, sequence, taken;

    for (*columns = 0; i < length; i += sequence) {
        gbxi_utf8_judge((const unsigned char *)shown + i, length - i, &sequence);
        taken = columns_of_code(code_point_of(shown + i, sequence));
        if (taken > max - *columns)
            break;
        *columns += taken;
    }
    return i;
}

size_t gbxi_shown_columns(const char *shown, size_t length)
{
    size_t columns;

    measure_shown(shown, length, SIZE_MAX, &columns);
    return columns;
}

size_t gbxi_shown_fit(const char *shown, size_t length, size_t columns)
{
    size_t taken;

    return measure_shown(shown, length, columns, &taken);
}

size_t gbxi_shown_end(const char *shown, size_t length, size_t columns)
{
    size_t at = 0, sequence;

    while (gbxi_shown_columns(shown + at, length - at) > columns) {
        gbxi_utf8_judge((const unsigned char *)shown + at, length - at, &sequence);
        at += sequence;
    }
    return at;
}
