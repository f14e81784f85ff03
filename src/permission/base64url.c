/* SPDX-License-Identifier: MIT */
/* Owns the base64url alphabet, in both directions. */
#include "permission/base64url.h"

enum { BITS = 6, BITS_MASK = 63 };

static char base64url_digit(unsigned value)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    return digits[value & BITS_MASK];
}

static int base64url_value(char digit)
{
    if (digit >= 'A' && digit <= 'Z')
        return digit - 'A';
    if (digit >= 'a' && digit <= 'z')
        return digit - 'a' + 26;
    if (digit >= '0' && digit <= '9')
        return digit - '0' + 52;
    return digit == '-' ? 62 : digit == '_' ? 63 : -1;
}

char *gbxi_base64url_encode(char *text, const uint8_t *bytes, size_t length)
{
    unsigned held = 0, held_bits = 0;

    for (size_t i = 0; i < length; i++) {
        held = held << 8 | bytes[i];
        for (held_bits += 8; held_bits >= BITS; held_bits -= BITS)
            *text++ = base64url_digit(held >> (held_bits - BITS));
        held &= (1u << held_bits) - 1;
    }
    if (held_bits != 0)
        *text++ = base64url_digit(held << (BITS - held_bits));
    return text;
}

bool gbxi_base64url_decode(const char *text, size_t text_length, uint8_t *bytes, size_t capacity, size_t *length)
{
    unsigned held = 0, held_bits = 0;
    size_t count = 0;

    for (size_t i = 0; i < text_length; i++) {
        int value = base64url_value(text[i]);

        if (value < 0)
            return false;
        held = held << BITS | (unsigned)value;
        held_bits += BITS;
        if (held_bits < 8)
            continue;
        held_bits -= 8;
        if (count == capacity)
            return false;
        bytes[count++] = (uint8_t)(held >> held_bits);
        held &= (1u << held_bits) - 1;
    }
    *length = count;
    /* Six left-over bits are a superfluous character. Left-over bits that are not zero are a non-canonical spelling. */
    return held_bits != BITS && held == 0;
}
