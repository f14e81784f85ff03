/* SPDX-License-Identifier: MIT */
/* Puts fields of protocol buffers (https://protobuf.dev/programming-guides/encoding) where there is room.
 *
 * A message inside another is put into room of its own first, because its length comes before it. */
#ifndef GBX_EXPORT_PROTOBUF_H
#define GBX_EXPORT_PROTOBUF_H

#include <stddef.h>
#include <stdint.h>

enum {
    GBXI_PROTOBUF_NUMBER_MAX = 10,                         /* bytes of a number */
    GBXI_PROTOBUF_FIELD_MAX = 1 + GBXI_PROTOBUF_NUMBER_MAX /* bytes of a field that is a number */
};

/* Each puts something and returns the end. Fields have the numbers 1 to 15. */
static inline unsigned char *gbxi_protobuf_number(unsigned char *at, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        *at++ = (unsigned char)(value | 0x80);
    *at++ = (unsigned char)value;
    return at;
}

static inline unsigned char *gbxi_protobuf_uint(unsigned char *at, unsigned field, uint64_t value)
{
    *at++ = (unsigned char)(field << 3);
    return gbxi_protobuf_number(at, value);
}

/* What comes before the `length` bytes of a text, a message or packed numbers. */
static inline unsigned char *gbxi_protobuf_bytes(unsigned char *at, unsigned field, size_t length)
{
    *at++ = (unsigned char)(field << 3 | 2);
    return gbxi_protobuf_number(at, length);
}

#endif
