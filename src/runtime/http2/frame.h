/* SPDX-License-Identifier: MIT */
/* Judges the frames of an HTTP/2 client before libh2o sees them. */
#ifndef GBX_RUNTIME_HTTP2_FRAME_H
#define GBX_RUNTIME_HTTP2_FRAME_H

#include <stddef.h>
#include <stdint.h>

enum {
    GBXI_HTTP2_HEAD_BYTES = 9,        /* of a frame */
    GBXI_HTTP2_PAYLOAD_BYTES = 16384, /* that a frame may have at most, since libh2o announces no more */
    GBXI_HTTP2_FIELDS_MAX = 100       /* as many as libh2o accepts of an HTTP/1 request */
};

typedef enum gbxi_http2_verdict {
    GBXI_HTTP2_INCOMPLETE, /* more bytes are needed */
    GBXI_HTTP2_PASS,       /* libh2o can take it */
    GBXI_HTTP2_DROP,       /* of a type that nobody knows, to be ignored (RFC 9113, section 4.1) */
    GBXI_HTTP2_REFUSE      /* libh2o must not see it: the connection has to end */
} gbxi_http2_verdict;

/* Judges the first frame in `bytes` and sets its length with its head. Refused are headers in several frames, headers
 * of more than GBXI_HTTP2_FIELDS_MAX fields, and frames that are too large. Thread: any. */
gbxi_http2_verdict gbxi_http2_judge(const uint8_t *bytes, size_t length, size_t *frame_bytes);

#endif
