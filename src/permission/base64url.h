/* SPDX-License-Identifier: MIT */
/* base64url (RFC 4648, section 5) without padding, in its one canonical spelling. */
#ifndef GBX_PERMISSION_BASE64URL_H
#define GBX_PERMISSION_BASE64URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The characters that `length` bytes become. */
static inline size_t gbxi_base64url_length(size_t length);

/* Writes gbxi_base64url_length(length) characters, not terminated, and returns their end. Thread: any. */
char *gbxi_base64url_encode(char *text, const uint8_t *bytes, size_t length);

/* Fills `bytes`, and `*length` with their count. False, with `bytes` undefined, for padding, for any other character,
 * for a length no bytes have, for bits that are left over and not zero, and for more than `capacity` bytes: what it
 * takes is what the encoder would have written. Thread: any. */
bool gbxi_base64url_decode(const char *text, size_t text_length, uint8_t *bytes, size_t capacity, size_t *length);

static inline size_t gbxi_base64url_length(size_t length)
{
    return length / 3 * 4 + (length % 3 != 0 ? length % 3 + 1 : 0);
}

#endif
