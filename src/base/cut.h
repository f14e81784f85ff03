/* SPDX-License-Identifier: MIT */
/* The one rule by which a text is cut: never inside a UTF-8 character. */
#ifndef GBX_BASE_CUT_H
#define GBX_BASE_CUT_H

#include <stddef.h>
#include <string.h>

/* The length to which `text` is cut so that it has at most `max` bytes and no incomplete UTF-8 sequence at its end.
 * Bytes that are not UTF-8 count as characters. Thread: any. */
static inline size_t gbxi_cut(const char *text, size_t length, size_t max);

/* Ends a text at a whole character if snprintf had no room for all of it: `wanted` is its result, `size` the buffer's
 * size. Returns the length. Thread: any. */
static inline size_t gbxi_cut_printed(char *text, int wanted, size_t size);

/* Copies as much of a text as there is room for. Thread: any. */
static inline void gbxi_cut_text(char *copy, size_t size, const char *text);

/* The number of bytes that a UTF-8 sequence with this first byte has; 1 for a byte that begins none. */
static inline size_t gbxi_cut_sequence_bytes(unsigned char lead)
{
    return lead < 0xc2 || lead > 0xf4 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

static inline size_t gbxi_cut(const char *text, size_t length, size_t max)
{
    size_t back = 1; /* bytes from the last sequence's begin to `max` */

    if (length <= max || max == 0)
        return length <= max ? length : 0;
    while (back < 4 && back < max && ((unsigned char)text[max - back] & 0xc0) == 0x80)
        back++;
    return gbxi_cut_sequence_bytes((unsigned char)text[max - back]) <= back ? max : max - back;
}

static inline size_t gbxi_cut_printed(char *text, int wanted, size_t size)
{
    size_t length = gbxi_cut(text, wanted > 0 ? (size_t)wanted : 0, size - 1);

    text[length] = '\0';
    return length;
}

static inline void gbxi_cut_text(char *copy, size_t size, const char *text)
{
    size_t length = gbxi_cut(text, strlen(text), size - 1);

    memcpy(copy, text, length);
    copy[length] = '\0';
}

#endif
