/* SPDX-License-Identifier: MIT */
/* Formats trace ids and instants. */
#define _GNU_SOURCE
#include "export/identity.h"
#include "base/time.h"
#include <stdio.h>
#include <time.h>

static void identity_digits(const uint8_t *id, size_t bytes, char *text)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < bytes; i++) {
        text[2 * i] = digits[id[i] >> 4];
        text[2 * i + 1] = digits[id[i] & 15];
    }
}

void gbxi_trace_id_format(const uint8_t trace_id[16], char text[GBXI_TRACE_ID_DIGITS])
{
    identity_digits(trace_id, GBXI_TRACE_ID_DIGITS / 2, text);
}

void gbxi_span_id_format(const uint8_t span_id[8], char text[GBXI_SPAN_ID_DIGITS])
{
    identity_digits(span_id, GBXI_SPAN_ID_DIGITS / 2, text);
}

size_t gbxi_instant_format(int64_t unix_ns, char text[static GBXI_INSTANT_SIZE])
{
    time_t seconds = (time_t)(unix_ns / (int64_t)GBXI_NS_PER_S);
    int64_t below_s = unix_ns % (int64_t)GBXI_NS_PER_S;
    struct tm parts;
    size_t length;

    if (below_s < 0) {
        below_s += (int64_t)GBXI_NS_PER_S;
        --seconds;
    }
    gmtime_r(&seconds, &parts);
    length = strftime(text, GBXI_INSTANT_SIZE / 2, "%Y-%m-%dT%H:%M:%S", &parts);
    return length + (size_t)snprintf(text + length, GBXI_INSTANT_SIZE - length, ".%09dZ", (int)below_s);
}
