/* SPDX-License-Identifier: MIT */
/* Walks over the representations of a header block. */
#include "runtime/http2/hpack.h"
#include <stdbool.h>

typedef struct cursor {
    const uint8_t *at;
    const uint8_t *end;
} cursor;

/* The limit of a value in a block, far above the size of any frame. Longer encodings are not well-formed. */
enum { INTEGER_SHIFT_MAX = 28 };

/* Reads an integer with a prefix of `bits` bits (RFC 7541, section 5.1); false at the end of the block. */
static bool hpack_read_integer(cursor *c, unsigned bits, size_t *value)
{
    size_t most = ((size_t)1 << bits) - 1;

    if (c->at == c->end)
        return false;
    *value = *c->at++ & most;
    if (*value < most)
        return true;
    for (unsigned shift = 0; c->at != c->end && shift <= INTEGER_SHIFT_MAX; shift += 7) {
        uint8_t byte = *c->at++;
        *value += (size_t)(byte & 0x7f) << shift;
        if ((byte & 0x80) == 0)
            return true;
    }
    return false;
}

static bool hpack_skip_string(cursor *c)
{
    size_t length;

    if (!hpack_read_integer(c, 7, &length) || length > (size_t)(c->end - c->at))
        return false;
    c->at += length;
    return true;
}

static bool hpack_skip_literal(cursor *c, unsigned index_bits)
{
    size_t index;

    return hpack_read_integer(c, index_bits, &index) && (index != 0 || hpack_skip_string(c)) && hpack_skip_string(c);
}

/* Skips one representation; false if it is not well-formed. */
static bool hpack_skip(cursor *c, bool *is_field)
{
    uint8_t first = *c->at;
    size_t ignored;

    *is_field = (first & 0xe0) != 0x20; /* otherwise it changes the size of the table */
    if ((first & 0x80) != 0)
        return hpack_read_integer(c, 7, &ignored);
    if ((first & 0x40) != 0)
        return hpack_skip_literal(c, 6);
    if ((first & 0x20) != 0)
        return hpack_read_integer(c, 5, &ignored);
    return hpack_skip_literal(c, 4);
}

size_t gbxi_hpack_count(const uint8_t *block, size_t length)
{
    cursor c = {block, block + length};
    size_t count = 0;
    bool is_field;

    while (c.at != c.end && hpack_skip(&c, &is_field))
        count += is_field;
    return count;
}
