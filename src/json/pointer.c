/* SPDX-License-Identifier: MIT */
/* Owns building JSON Pointers (RFC 6901). */
#include "json/reader.h"
#include "json/writer.h"
#include <string.h>

#define ELLIPSIS "/..."
/* Longer pointers are cut. Room for the ellipsis is reserved, so that it never overwrites text that a pop restores. */
enum { WHOLE_MAX = sizeof(((gbxi_json_pointer *)0)->text) - sizeof(ELLIPSIS) };

/* The text of one byte of a key inside a pointer. A NUL would end the C string, so U+FFFD replaces it. */
static const char *token_text(const char *byte, size_t *length)
{
    *length = 2;
    if (*byte == '~')
        return "~0";
    if (*byte == '/')
        return "~1";
    if (*byte == '\0') {
        *length = 3;
        return "\xEF\xBF\xBD";
    }
    *length = 1;
    return byte;
}

static size_t token_length(const char *key, size_t key_length)
{
    size_t total = 1;

    for (size_t i = 0; i < key_length; i++) {
        size_t length;
        token_text(key + i, &length);
        total += length;
    }
    return total;
}

size_t gbxi_json_pointer_push(gbxi_json_pointer *pointer, const char *key, size_t key_length)
{
    size_t before = pointer->length;
    size_t after = before + token_length(key, key_length);

    pointer->length = after;
    if (after <= WHOLE_MAX) {
        char *at = pointer->text + before;

        *at++ = '/';
        for (size_t i = 0; i < key_length; i++) {
            size_t length;
            const char *text = token_text(key + i, &length);
            memcpy(at, text, length);
            at += length;
        }
        *at = '\0';
    } else if (before <= WHOLE_MAX) {
        memcpy(pointer->text + before, ELLIPSIS, sizeof(ELLIPSIS));
    }
    return before;
}

size_t gbxi_json_pointer_push_index(gbxi_json_pointer *pointer, size_t index)
{
    char digits[GBXI_JSON_DIGITS_MAX];
    const char *end = gbxi_json_digits(digits, index);

    return gbxi_json_pointer_push(pointer, digits, (size_t)(end - digits));
}

void gbxi_json_pointer_pop(gbxi_json_pointer *pointer, size_t length_before)
{
    pointer->length = length_before;
    if (length_before <= WHOLE_MAX)
        pointer->text[length_before] = '\0';
}
