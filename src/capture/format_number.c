/* SPDX-License-Identifier: MIT */
/* Owns the layout of numbers: their sign or base, zeros and digits. */
#include "capture/format.h"

/* The number of digits; 0 has one. */
static uint32_t count_digits(const gbxi_conversion *c, uint64_t number)
{
    uint32_t bits = 64 - (uint32_t)__builtin_clzll(number | 1);

    if (c->letter == 'd' || c->letter == 'i' || c->letter == 'u')
        return gbxi_count_decimals(number);
    return c->letter == 'o' ? (bits + 2) / 3 : (bits + 3) / 4;
}

/* Moves the sign of a signed number into the prefix. */
static void lay_out_sign(gbxi_number *number, const gbxi_conversion *c, uint64_t value)
{
    bool negative = (int64_t)value < 0;

    number->magnitude = negative ? 0 - value : value;
    number->prefix[0] = negative ? '-' : c->flags & GBXI_FLAG_PLUS ? '+' : ' ';
    number->prefix_length = negative || (c->flags & (GBXI_FLAG_PLUS | GBXI_FLAG_SPACE)) != 0;
}

/* Adds what the flag # asks for: a leading zero, or 0x before all numbers but 0. */
static void lay_out_base(gbxi_number *number, const gbxi_conversion *c)
{
    if (c->letter == 'o') {
        if (number->zero_count == 0 && (number->magnitude != 0 || number->digit_count == 0))
            number->zero_count = 1;
    } else if (number->magnitude != 0) {
        number->prefix[0] = '0';
        number->prefix[1] = c->letter == 'X' ? 'X' : 'x';
        number->prefix_length = 2;
    }
}

/* Cuts the argument to its size, and extends it again with its sign if it has one. */
static uint64_t value_of(const gbxi_conversion *c, uint64_t bits, bool is_signed)
{
    uint32_t unused = 64 - 8 * (uint32_t)c->bytes;

    return is_signed ? (uint64_t)((int64_t)(bits << unused) >> unused) : bits << unused >> unused;
}

gbxi_number gbxi_conversion_number(const gbxi_conversion *c, uint64_t bits)
{
    bool is_signed = c->letter == 'd' || c->letter == 'i';
    gbxi_number number = {.magnitude = value_of(c, bits, is_signed)};
    uint32_t length, width = c->width > 0 ? (uint32_t)c->width : 0;

    if (is_signed)
        lay_out_sign(&number, c, number.magnitude);
    number.digit_count = number.magnitude == 0 && c->precision == 0 ? 0 : count_digits(c, number.magnitude);
    if (c->precision > (int32_t)number.digit_count)
        number.zero_count = (uint32_t)c->precision - number.digit_count;
    if (c->flags & GBXI_FLAG_ALTERNATE)
        lay_out_base(&number, c);
    length = gbxi_number_length(&number);
    if ((c->flags & (GBXI_FLAG_ZERO | GBXI_FLAG_LEFT)) == GBXI_FLAG_ZERO && c->precision == GBXI_FIELD_NONE &&
        width > length)
        number.zero_count += width - length;
    return number;
}
