/* SPDX-License-Identifier: MIT */
/* Owns the parsing of a printf format, and the copying of its arguments at the span. */
#define _GNU_SOURCE
#include "capture/format.h"
#include <string.h>

enum { FIELD_MAX = GBXI_NAME_MAX, FIELD_TOO_LARGE = 1 << 20 };

static inline const char *parse_flags(uint8_t *flags, const char *at)
{
    for (;; at++) {
        if (*at == '-')
            *flags |= GBXI_FLAG_LEFT;
        else if (*at == '+')
            *flags |= GBXI_FLAG_PLUS;
        else if (*at == ' ')
            *flags |= GBXI_FLAG_SPACE;
        else if (*at == '#')
            *flags |= GBXI_FLAG_ALTERNATE;
        else if (*at == '0')
            *flags |= GBXI_FLAG_ZERO;
        else
            return at;
    }
}

/* Parses a width or a precision; a missing one is `missing`. */
static inline const char *parse_field(int32_t *field, const char *at, int32_t missing)
{
    *field = missing;
    if (*at == '*') {
        *field = GBXI_FIELD_STAR;
        return at + 1;
    }
    if (*at >= '0' && *at <= '9')
        *field = 0;
    for (; *at >= '0' && *at <= '9'; at++)
        *field = *field < FIELD_TOO_LARGE ? *field * 10 + (*at - '0') : FIELD_TOO_LARGE;
    return at;
}

static inline const char *parse_size(gbxi_conversion *c, const char *at)
{
    size_t bytes, skip = 1;

    if (*at == 'l') {
        skip += at[1] == 'l';
        bytes = skip == 2 ? sizeof(long long) : sizeof(long);
    } else if (*at == 'z') {
        bytes = sizeof(size_t);
    } else if (*at == 'h') {
        skip += at[1] == 'h';
        bytes = skip == 2 ? sizeof(char) : sizeof(short);
    } else if (*at == 'j') {
        bytes = sizeof(intmax_t);
    } else if (*at == 't') {
        bytes = sizeof(ptrdiff_t);
    } else {
        return at;
    }
    c->sized = true;
    c->bytes = (uint8_t)bytes;
    return at + skip;
}

/* The flags that C defines for a letter; NO_FLAGS if its conversions are not deferred. */
enum { NO_FLAGS = 0xff };
static inline uint8_t flags_of(char letter)
{
    switch (letter) {
    case 'd':
    case 'i':
        return GBXI_FLAG_LEFT | GBXI_FLAG_PLUS | GBXI_FLAG_SPACE | GBXI_FLAG_ZERO;
    case 'u':
        return GBXI_FLAG_LEFT | GBXI_FLAG_ZERO;
    case 'x':
    case 'X':
    case 'o':
        return GBXI_FLAG_LEFT | GBXI_FLAG_ZERO | GBXI_FLAG_ALTERNATE;
    case 's':
    case 'c':
    case 'p':
        return GBXI_FLAG_LEFT;
    default:
        return NO_FLAGS;
    }
}

/* Whether the conversion is defined and can be deferred. */
static inline bool is_deferred(const gbxi_conversion *c)
{
    uint8_t flags = flags_of(c->letter);

    if (flags == NO_FLAGS || (c->flags & ~flags) != 0 || c->width > FIELD_MAX)
        return false;
    if (flags != GBXI_FLAG_LEFT)
        return c->precision <= FIELD_MAX;
    return !c->sized && (c->letter == 's' || c->precision == GBXI_FIELD_NONE);
}

/* Fills a local struct, which the compiler keeps in registers. */
const char *gbxi_conversion_parse(gbxi_conversion *conversion, const char *at)
{
    gbxi_conversion c = {.bytes = sizeof(int), .width = GBXI_FIELD_NONE, .precision = GBXI_FIELD_NONE};

    if (*at < 'A') {
        at = parse_field(&c.width, parse_flags(&c.flags, at), GBXI_FIELD_NONE);
        if (*at == '.')
            at = parse_field(&c.precision, at + 1, 0);
    }
    at = parse_size(&c, at);
    c.letter = *at;
    if (!is_deferred(&c))
        return NULL;
    if (c.letter == 'p') {
        c.flags |= GBXI_FLAG_ALTERNATE; /* as for %#x */
        c.bytes = sizeof(void *);
    }
    *conversion = c;
    return at + 1;
}

bool gbxi_conversion_set_width(gbxi_conversion *c, int width)
{
    if (width < -FIELD_MAX || width > FIELD_MAX)
        return false;
    if (width < 0)
        c->flags |= GBXI_FLAG_LEFT;
    c->width = width < 0 ? -width : width;
    return true;
}

bool gbxi_conversion_set_precision(gbxi_conversion *c, int precision)
{
    c->precision = precision < 0 ? GBXI_FIELD_NONE : precision;
    return precision <= FIELD_MAX || c->letter == 's';
}

/* Adds a value of `length` characters with its padding. */
static void grow_by_field(gbxi_format_values *values, const gbxi_conversion *c, uint32_t length)
{
    values->length += length + gbxi_conversion_padding(c, length);
}

/* Takes a width and a precision that are arguments. Both are at most GBXI_NAME_MAX, so that 2 bytes hold them. */
static bool take_fields(gbxi_format_values *values, gbxi_conversion *c, gbxi_format_source *source)
{
    int16_t field;

    if (c->width == GBXI_FIELD_STAR) {
        if (!gbxi_conversion_set_width(c, va_arg(source->list, int)))
            return false;
        field = (int16_t)(c->flags & GBXI_FLAG_LEFT ? -c->width : c->width);
        gbxi_values_keep(values, &field, sizeof(field));
    }
    if (c->precision == GBXI_FIELD_STAR) {
        if (!gbxi_conversion_set_precision(c, va_arg(source->list, int)))
            return false;
        field = (int16_t)c->precision;
        if (c->letter != 's')
            gbxi_values_keep(values, &field, sizeof(field));
    }
    return true;
}

/* NULL is left to printf. */
static bool take_text(gbxi_format_values *values, const gbxi_conversion *c, const char *text)
{
    bool is_cut = c->precision >= 0 && c->precision < GBXI_NAME_MAX;
    size_t length;

    if (text == NULL)
        return false;
    length = strnlen(text, is_cut ? (size_t)c->precision : (size_t)GBXI_NAME_MAX);
    gbxi_values_keep_text(values, text, length);
    grow_by_field(values, c, (uint32_t)length);
    return true;
}

static void copy_integer(gbxi_format_values *values, const gbxi_conversion *c, uint64_t bits)
{
    gbxi_number number = gbxi_conversion_number(c, bits);

    gbxi_values_keep(values, &bits, sizeof(bits));
    grow_by_field(values, c, gbxi_number_length(&number));
}

static bool take_pointer(gbxi_format_values *values, const gbxi_conversion *c, const void *pointer)
{
    if (pointer == NULL)
        return false;
    copy_integer(values, c, (uintptr_t)pointer);
    return true;
}

/* Like a text of one character, which may be 0. */
static void take_character(gbxi_format_values *values, const gbxi_conversion *c, int character)
{
    char kept = (char)character;

    if (values->length < GBXI_NAME_MAX)
        gbxi_values_keep(values, &kept, 1);
    grow_by_field(values, c, 1);
}

static bool take_value(gbxi_format_values *values, const gbxi_conversion *c, gbxi_format_source *source)
{
    switch (c->letter) {
    case 's':
        return take_text(values, c, va_arg(source->list, const char *));
    case 'p':
        return take_pointer(values, c, va_arg(source->list, void *));
    case 'c':
        take_character(values, c, va_arg(source->list, int));
        return true;
    default:
        copy_integer(values, c,
                     c->bytes > sizeof(int) ? va_arg(source->list, uint64_t) : va_arg(source->list, unsigned));
        return true;
    }
}

const char *gbxi_format_take(gbxi_format_values *values, const char *at, gbxi_format_source *source)
{
    gbxi_conversion c;

    at = gbxi_conversion_parse(&c, at);
    return at != NULL && take_fields(values, &c, source) && take_value(values, &c, source) ? at : NULL;
}
