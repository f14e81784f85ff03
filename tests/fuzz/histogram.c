/* SPDX-License-Identifier: MIT */
/* Any bytes as a histogram: what is accepted is written as the same numbers, and what is refused changes nothing. */
#include "store/histogram.h"
#include "fuzz.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static gbxi_histogram read, again, none;
    static uint8_t bytes[GBXI_HISTOGRAM_BYTES_MAX];
    uint64_t before = 0;

    memset(&read, 0, sizeof(read));
    memset(&again, 0, sizeof(again));
    if (!gbxi_histogram_decode(&read, data, size)) {
        FUZZ_CHECK(memcmp(&read, &none, sizeof(read)) == 0);
        return 0;
    }
    FUZZ_CHECK(gbxi_histogram_decode(&again, bytes, gbxi_histogram_encode(&read, bytes)));
    FUZZ_CHECK(memcmp(&read, &again, sizeof(read)) == 0);
    for (uint32_t per_mille = 0; per_mille <= 1000; per_mille += 50) {
        uint64_t told = gbxi_histogram_quantile(&read, per_mille);

        FUZZ_CHECK(told >= before);
        before = told;
    }
    return 0;
}
