/* SPDX-License-Identifier: MIT */
/* Reads the heads of frames (RFC 9113, section 4.1). */
#include "runtime/http2/frame.h"
#include "runtime/http2/hpack.h"
#include <stdbool.h>

enum { TYPE_HEADERS = 1, TYPE_CONTINUATION = 9 };
enum { FLAG_END_HEADERS = 0x4, FLAG_PADDED = 0x8, FLAG_PRIORITY = 0x20, PRIORITY_BYTES = 5 };

/* Whether the payload of a HEADERS frame has too many fields, between its priority and its padding. */
static bool has_too_many_fields(const uint8_t *payload, size_t length, unsigned flags)
{
    bool padded = (flags & FLAG_PADDED) != 0;
    size_t skip = (size_t)padded + ((flags & FLAG_PRIORITY) != 0 ? (size_t)PRIORITY_BYTES : 0);
    size_t padding = padded && length != 0 ? payload[0] : 0;

    if (skip + padding > length)
        return false; /* not well-formed, as libh2o will find */
    return gbxi_hpack_count(payload + skip, length - skip - padding) > GBXI_HTTP2_FIELDS_MAX;
}

gbxi_http2_verdict gbxi_http2_judge(const uint8_t *bytes, size_t length, size_t *frame_bytes)
{
    size_t payload_bytes;
    unsigned type, flags;

    if (length < GBXI_HTTP2_HEAD_BYTES)
        return GBXI_HTTP2_INCOMPLETE;
    payload_bytes = (size_t)bytes[0] << 16 | (size_t)bytes[1] << 8 | bytes[2];
    type = bytes[3];
    flags = bytes[4];
    *frame_bytes = GBXI_HTTP2_HEAD_BYTES + payload_bytes;
    if (payload_bytes > GBXI_HTTP2_PAYLOAD_BYTES)
        return GBXI_HTTP2_REFUSE;
    if (length < *frame_bytes)
        return GBXI_HTTP2_INCOMPLETE;
    if (type > TYPE_CONTINUATION)
        return GBXI_HTTP2_DROP;
    if (type == TYPE_CONTINUATION)
        return GBXI_HTTP2_REFUSE;
    if (type == TYPE_HEADERS &&
        ((flags & FLAG_END_HEADERS) == 0 || has_too_many_fields(bytes + GBXI_HTTP2_HEAD_BYTES, payload_bytes, flags)))
        return GBXI_HTTP2_REFUSE;
    return GBXI_HTTP2_PASS;
}
