/* SPDX-License-Identifier: MIT */
/* The form of a packed trace before its compression, which pack.c writes and unpack.c reads.
 *
 *     version                              one byte
 *     name                                 text: length, bytes
 *     trace id                             16 bytes
 *     start_unix_ns                        zigzag
 *     start_ns, duration_ns, dropped spans
 *     cost of a span                       8 bytes, a double, least significant byte first
 *     flags                                GBXI_PACK_TRUNCATED, GBXI_PACK_FAILED
 *     parent span id, flags of the parent  8 bytes and 1 byte, only in version 2
 *     frames: count, bytes of all texts, then for each: name; file, with its length plus one, or 0 for that of the
 * frame before; line lanes: count, then for each: thread id, name, inside_ns, cpu_ns, spans; then records, up to
 * GBXI_PACK_END
 *
 * A record is a code and what belongs to it. Times are differences to the record before with a time, in the same lane:
 *
 *     GBXI_PACK_EXIT       time
 *     GBXI_PACK_FAIL       time, reason
 *     GBXI_PACK_NOTE_*     key; text, zigzag integer, or 8 bytes of a double
 *     GBXI_PACK_ENTER + n  time; the call is of frame n */
#ifndef GBX_STORE_PACK_CODE_H
#define GBX_STORE_PACK_CODE_H

#include <stddef.h>
#include <stdint.h>

/* A trace with a parent is of version 2, and any other of version 1, which earlier programs read. */
enum { GBXI_PACK_VERSION = 1, GBXI_PACK_VERSION_PARENT = 2 };

enum { GBXI_PACK_VARINT_MAX = 10, GBXI_PACK_ID_BYTES = 16, GBXI_PACK_SPAN_ID_BYTES = 8, GBXI_PACK_DOUBLE_BYTES = 8 };

enum { GBXI_PACK_TRUNCATED = 1, GBXI_PACK_FAILED = 2 };

enum {
    GBXI_PACK_END,
    GBXI_PACK_EXIT,
    GBXI_PACK_FAIL,
    GBXI_PACK_NOTE_STR,
    GBXI_PACK_NOTE_INT,
    GBXI_PACK_NOTE_DOUBLE,
    GBXI_PACK_ENTER
};

/* Small numbers of either sign as small numbers. */
static inline uint64_t gbxi_pack_zigzag(int64_t value)
{
    return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

static inline int64_t gbxi_pack_unzigzag(uint64_t value)
{
    return (int64_t)(value >> 1 ^ ((value & 1) != 0 ? UINT64_MAX : 0));
}

#endif
