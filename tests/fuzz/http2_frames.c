/* SPDX-License-Identifier: MIT */
/* Any bytes as the frames of an HTTP/2 client: each is judged once, whole and within its bounds, and what passes is
 * something that libh2o can take. */
#include "fuzz.h"
#include "runtime/http2/frame.h"
#include "runtime/http2/hpack.h"

static void check_passed(const uint8_t *frame, size_t length)
{
    FUZZ_CHECK(length <= GBXI_HTTP2_HEAD_BYTES + GBXI_HTTP2_PAYLOAD_BYTES);
    FUZZ_CHECK(frame[3] < 9);
    if (frame[3] == 1) {
        FUZZ_CHECK((frame[4] & 4) != 0);
        if ((frame[4] & 0x28) == 0)
            FUZZ_CHECK(gbxi_hpack_count(frame + GBXI_HTTP2_HEAD_BYTES, length - GBXI_HTTP2_HEAD_BYTES) <=
                       GBXI_HTTP2_FIELDS_MAX);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t length = 0;

    FUZZ_CHECK(gbxi_hpack_count(data, size) <= size);
    for (; size > 0; data += length, size -= length) {
        gbxi_http2_verdict verdict = gbxi_http2_judge(data, size, &length);

        if (verdict == GBXI_HTTP2_INCOMPLETE || verdict == GBXI_HTTP2_REFUSE)
            break;
        FUZZ_CHECK(length >= GBXI_HTTP2_HEAD_BYTES && length <= size);
        if (verdict == GBXI_HTTP2_PASS)
            check_passed(data, length);
    }
    return 0;
}
