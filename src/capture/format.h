/* SPDX-License-Identifier: MIT */
/* Names whose formatting is deferred: the conversions of a printf format, the copying of their arguments at the span,
 * and the text that is made of the copies later.
 *
 *     at = gbxi_format_take(&values, at, &source);            // at the span, for each conversion
 *     length = gbxi_format_write(text, format, values.bytes); // later: what snprintf would have written
 *
 * Integers, characters, pointers and texts are deferred, with all their flags, widths and precisions. Other
 * conversions are not: floating-point numbers, wide characters, %n, numbered arguments, and what C leaves undefined. */
#ifndef GBX_CAPTURE_FORMAT_H
#define GBX_CAPTURE_FORMAT_H

#include "capture/event.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
    GBXI_FORMAT_VALUES_MAX = 16, /* conversions of a deferred format */
    /* The visible texts, and for each conversion a number, a width and a precision. */
    GBXI_FORMAT_BYTES_MAX = GBXI_NAME_MAX + GBXI_FORMAT_VALUES_MAX * (8 + 2 + 2)
};

/* The flags - + space # 0. */
enum { GBXI_FLAG_LEFT = 1, GBXI_FLAG_PLUS = 2, GBXI_FLAG_SPACE = 4, GBXI_FLAG_ALTERNATE = 8, GBXI_FLAG_ZERO = 16 };

enum { GBXI_FIELD_NONE = -1, GBXI_FIELD_STAR = -2 };

/* Where the bytes of a copied text begin: behind its length. */
enum { GBXI_FORMAT_TEXT_AT = sizeof(uint16_t) };

/* One conversion of a format. */
typedef struct gbxi_conversion {
    char letter;
    uint8_t flags;            /* GBXI_FLAG_* */
    uint8_t bytes;            /* the size of a number */
    bool sized;               /* there is a length modifier */
    int32_t width, precision; /* or one of GBXI_FIELD_* */
} gbxi_conversion;

/* A number as text: padding, prefix, zeros, digits. */
typedef struct gbxi_number {
    uint64_t magnitude;
    uint32_t prefix_length;
    uint32_t zero_count;
    uint32_t digit_count;
    char prefix[2];
} gbxi_number;

/* The arguments of a variadic function, so that several functions can take them in turn. */
typedef struct gbxi_format_source {
    va_list list;
} gbxi_format_source;

/* The copied arguments of one format. `bytes` has room for GBXI_FORMAT_BYTES_MAX and is the caller's. It holds, for
 * each conversion in turn: a width and a number's precision given as arguments, in 2 bytes each; then a number in 8
 * bytes, a character in one byte, or the length of a text in 2 bytes and the text, which its precision has cut. */
typedef struct gbxi_format_values {
    char *bytes;
    size_t used;   /* bytes */
    size_t length; /* of the formatted name before it is cut */
} gbxi_format_values;

/* Parses the conversion whose % is before `at`. Returns the end of the conversion; NULL if it is not deferred. */
const char *gbxi_conversion_parse(gbxi_conversion *conversion, const char *at);

/* Sets a width or a precision that was an argument. False if it is too large to be deferred. */
bool gbxi_conversion_set_width(gbxi_conversion *conversion, int width);
bool gbxi_conversion_set_precision(gbxi_conversion *conversion, int precision);

/* The characters of a number; `bits` is the argument, extended to 64 bits in any way. */
gbxi_number gbxi_conversion_number(const gbxi_conversion *conversion, uint64_t bits);

/* Copies the arguments of the conversion whose % is before `at`. Returns the end of the conversion; NULL if it is not
 * deferred. */
const char *gbxi_format_take(gbxi_format_values *values, const char *at, gbxi_format_source *source);

/* Writes the name, cut to GBXI_NAME_MAX bytes and not terminated. `format` and `bytes` are those of a successful take.
 * Returns the length. Thread: any. */
size_t gbxi_format_write(char *text, const char *format, const char *bytes);

/* How many of `length` bytes are visible in the cut name, after `before` bytes. */
static inline size_t gbxi_visible_part(size_t before, size_t length)
{
    size_t room = before < GBXI_NAME_MAX ? GBXI_NAME_MAX - before : 0;

    return length < room ? length : room;
}

/* Whether a conversion is %.*s; `at` is behind its %. */
static inline bool gbxi_is_cut_text(const char *at)
{
    return at[0] == '.' && at[1] == '*' && at[2] == 's';
}

/* A decimal number without flags, width and precision. Fills its size and whether it has a sign, and returns its
 * letter, the last character of the conversion; NULL if the conversion is another one. `at` is behind its %. */
static inline const char *gbxi_find_plain_number(const char *at, size_t *bytes, bool *has_sign)
{
    *bytes = sizeof(int);
    if (*at == 'l') {
        *bytes = at[1] == 'l' ? sizeof(long long) : sizeof(long);
        at += at[1] == 'l' ? 2 : 1;
    } else if (*at == 'z') {
        *bytes = sizeof(size_t);
        at++;
    }
    *has_sign = *at == 'd' || *at == 'i';
    return *has_sign || *at == 'u' ? at : NULL;
}

/* A decimal number without flags, width and precision, such as %d, %u and %zu. */
typedef struct gbxi_plain_number {
    const char *end; /* of the conversion; NULL if it is another one */
    bool is_wide;    /* 8 bytes instead of 4 */
    bool has_sign;
} gbxi_plain_number;

/* Parses the conversion whose % is before `at`. */
static inline gbxi_plain_number gbxi_plain_number_at(const char *at)
{
    gbxi_plain_number plain = {0};
    size_t bytes = sizeof(int);

    if (*at == 'l') {
        bytes = at[1] == 'l' ? sizeof(long long) : sizeof(long);
        at += at[1] == 'l' ? 2 : 1;
    } else if (*at == 'z') {
        bytes = sizeof(size_t);
        at++;
    }
    plain.is_wide = bytes > sizeof(int);
    plain.has_sign = *at == 'd' || *at == 'i';
    plain.end = plain.has_sign || *at == 'u' ? at + 1 : NULL;
    return plain;
}

static inline uint64_t gbxi_plain_magnitude(gbxi_plain_number plain, uint64_t value, bool *negative)
{
    *negative = plain.has_sign && (int64_t)value < 0;
    return *negative ? 0 - value : value;
}

/* The end of the text before the next conversion. */
static inline const char *gbxi_format_literal_end(const char *format)
{
    while (*format != '\0' && *format != '%')
        format++;
    return format;
}

/* The number of decimal digits. The powers of ten have up to 20 digits, as the largest number does. */
static inline uint32_t gbxi_count_decimals(uint64_t number)
{
    uint64_t power = 10;
    uint32_t count = 1;

    for (; count < 20 && number >= power; count++)
        power *= 10;
    return count;
}

static inline uint32_t gbxi_number_length(const gbxi_number *number)
{
    return number->prefix_length + number->zero_count + number->digit_count;
}

/* The number of spaces that a field of `length` characters needs. */
static inline uint32_t gbxi_conversion_padding(const gbxi_conversion *conversion, uint32_t length)
{
    return conversion->width > (int32_t)length ? (uint32_t)conversion->width - length : 0;
}

static inline void gbxi_values_keep(gbxi_format_values *values, const void *bytes, size_t count)
{
    memcpy(values->bytes + values->used, bytes, count);
    values->used += count;
}

/* Copies the length of a text and, of its bytes, those that are visible in the cut name. Compilers expand a memcpy of
 * so few bytes to a string instruction, which starts slowly; they call memmove. */
static inline void gbxi_values_keep_text(gbxi_format_values *values, const char *text, size_t length)
{
    size_t visible = gbxi_visible_part(values->length, length);
    uint16_t kept = (uint16_t)length;

    gbxi_values_keep(values, &kept, sizeof(kept));
    memmove(values->bytes + values->used, text, visible);
    values->used += visible;
}

#endif
