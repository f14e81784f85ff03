/* SPDX-License-Identifier: MIT */
/* base64url (RFC 4648, section 5) without padding, in canonical form only. */
#ifndef GBX_PERMISSION_BASE64URL_H
#define GBX_PERMISSION_BASE64URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The number of characters for `length` bytes. */
static inline size_t gbxi_base64url_length(size_t length);

/* Writes gbxi_base64url_length(length) characters, not terminated, and returns their end. Thread: any. */
char *gbxi_base64url_encode(char *text, const uint8_t *bytes, size_t length);

/* Decodes into `bytes` and sets `*length`. Accepts only text that the encoder would have written: no padding, no other
 * characters, no impossible length, no left-over bits that are not zero, and at most `capacity` bytes. Otherwise
 * returns false, and `bytes` is undefined. Thread: any. */
bool gbxi_base64url_decode(const char *text, size_t text_length, uint8_t *bytes, size_t capacity, size_t *length);

static inline size_t gbxi_base64url_length(size_t length)
{
    return length / 3 * 4 + (length % 3 != 0 ? length % 3 + 1 : 0);
}

#endif
