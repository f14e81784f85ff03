/* SPDX-License-Identifier: MIT */
/* Owns the text of a name, made of its format and the arguments that were copied at the span. */
#include "capture/format.h"
#include <string.h>

/* A name being written, and what is left of the copied arguments. */
typedef struct gbxi_format_output {
    char *text;
    size_t length;
    const char *bytes;
} gbxi_format_output;

static void take_bytes(gbxi_format_output *out, void *bytes, size_t count)
{
    memcpy(bytes, out->bytes, count);
    out->bytes += count;
}

static inline void put_byte(gbxi_format_output *out, char byte)
{
    if (out->length < GBXI_NAME_MAX)
        out->text[out->length++] = byte;
}

/* Calls memmove, like gbxi_values_keep_text. */
static void put_bytes(gbxi_format_output *out, const char *bytes, size_t length)
{
    size_t visible = gbxi_visible_part(out->length, length);

    memmove(out->text + out->length, bytes, visible);
    out->length += visible;
}

static void put_repeated(gbxi_format_output *out, char byte, size_t count)
{
    for (; count != 0 && out->length < GBXI_NAME_MAX; count--)
        out->text[out->length++] = byte;
}

static void put_decimals(gbxi_format_output *out, uint64_t number, uint32_t count)
{
    char cut[20], *digits = gbxi_visible_part(out->length, count) == count ? out->text + out->length : cut;

    for (size_t at = count; at != 0; number /= 10)
        digits[--at] = (char)('0' + number % 10);
    if (digits == cut)
        put_bytes(out, cut, count);
    else
        out->length += count;
}

/* Each digit is `width` bits. */
static void put_bits(gbxi_format_output *out, uint64_t number, uint32_t count, uint32_t width, const char *alphabet)
{
    char digits[22];

    for (size_t at = count; at != 0; number >>= width)
        digits[--at] = alphabet[number & ((1u << width) - 1)];
    put_bytes(out, digits, count);
}

static void put_digits(gbxi_format_output *out, const gbxi_conversion *c, const gbxi_number *number)
{
    put_bytes(out, number->prefix, number->prefix_length);
    put_repeated(out, '0', number->zero_count);
    if (c->letter == 'd' || c->letter == 'i' || c->letter == 'u')
        put_decimals(out, number->magnitude, number->digit_count);
    else if (c->letter == 'o')
        put_bits(out, number->magnitude, number->digit_count, 3, "01234567");
    else
        put_bits(out, number->magnitude, number->digit_count, 4,
                 c->letter == 'X' ? "0123456789ABCDEF" : "0123456789abcdef");
}

static void write_number(gbxi_format_output *out, const gbxi_conversion *c)
{
    gbxi_number number;
    uint64_t bits;
    size_t padding;

    take_bytes(out, &bits, sizeof(bits));
    number = gbxi_conversion_number(c, bits);
    padding = gbxi_conversion_padding(c, gbxi_number_length(&number));
    put_repeated(out, ' ', c->flags & GBXI_FLAG_LEFT ? 0 : padding);
    put_digits(out, c, &number);
    put_repeated(out, ' ', c->flags & GBXI_FLAG_LEFT ? padding : 0);
}

/* `length` is the text's; the copy ends where the name was cut. */
static void write_text(gbxi_format_output *out, const gbxi_conversion *c, size_t length)
{
    size_t padding = gbxi_conversion_padding(c, (uint32_t)length), kept = gbxi_visible_part(out->length, length);
    const char *text = out->bytes;

    out->bytes += kept;
    put_repeated(out, ' ', c->flags & GBXI_FLAG_LEFT ? 0 : padding);
    put_bytes(out, text, kept);
    put_repeated(out, ' ', c->flags & GBXI_FLAG_LEFT ? padding : 0);
}

static void restore_fields(gbxi_format_output *out, gbxi_conversion *c)
{
    int16_t field;

    if (c->width == GBXI_FIELD_STAR) {
        take_bytes(out, &field, sizeof(field));
        gbxi_conversion_set_width(c, field);
    }
    if (c->precision == GBXI_FIELD_STAR && c->letter != 's') {
        take_bytes(out, &field, sizeof(field));
        gbxi_conversion_set_precision(c, field);
    }
}

static void write_value(gbxi_format_output *out, gbxi_conversion *c)
{
    uint16_t length;

    restore_fields(out, c);
    if (c->letter == 's') {
        take_bytes(out, &length, sizeof(length));
        write_text(out, c, length);
    } else if (c->letter == 'c') {
        write_text(out, c, 1);
    } else {
        write_number(out, c);
    }
}

static void write_plain_number(gbxi_format_output *out, gbxi_plain_number plain)
{
    uint64_t value, magnitude;
    bool negative;

    take_bytes(out, &value, sizeof(value));
    magnitude = gbxi_plain_magnitude(plain, value, &negative);
    if (negative)
        put_byte(out, '-');
    put_decimals(out, magnitude, gbxi_count_decimals(magnitude));
}

/* %s and %.*s. */
static void write_plain_text(gbxi_format_output *out)
{
    uint16_t length;
    size_t kept;

    take_bytes(out, &length, sizeof(length));
    kept = gbxi_visible_part(out->length, length);
    put_bytes(out, out->bytes, kept);
    out->bytes += kept;
}

/* Writes the conversion whose % is before `at` and returns its end. The most frequent ones are not parsed. */
static const char *write_conversion(gbxi_format_output *out, const char *at)
{
    gbxi_plain_number plain;
    gbxi_conversion c;

    if (*at == '%') {
        put_byte(out, '%');
        return at + 1;
    }
    if (*at == 's' || gbxi_is_cut_text(at)) {
        write_plain_text(out);
        return at + (*at == 's' ? 1 : 3);
    }
    plain = gbxi_plain_number_at(at);
    if (plain.end != NULL) {
        write_plain_number(out, plain);
        return plain.end;
    }
    at = gbxi_conversion_parse(&c, at);
    write_value(out, &c);
    return at;
}

size_t gbxi_format_write(char *text, const char *format, const char *bytes)
{
    gbxi_format_output out = {text, 0, bytes};

    while (*format != '\0') {
        if (*format == '%') {
            format = write_conversion(&out, format + 1);
        } else {
            put_byte(&out, *format);
            format++;
        }
    }
    return out.length;
}
