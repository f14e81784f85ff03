/* SPDX-License-Identifier: MIT */
/* Quotes texts of clients. */
#define _GNU_SOURCE
#include "json/quote.h"
#include "base/cut.h"
#include <stdio.h>

/* Control characters of ASCII, and those of Latin-1, which some terminals obey as well. */
static bool is_control(const char *at, size_t available)
{
    unsigned char byte = (unsigned char)at[0];

    if (byte == 0xc2 && available > 1)
        return (unsigned char)at[1] < 0xa0;
    return byte < ' ' || byte == 0x7f;
}

gbxi_quote gbxi_quoted(gbxi_view text)
{
    gbxi_quote quote;
    size_t shown = gbxi_cut(text.at, text.length, GBXI_QUOTE_BYTES_MAX);
    char *out = quote.text;

    for (size_t i = 0; i < shown; i++) {
        if (is_control(text.at + i, shown - i))
            out += snprintf(out, sizeof("\\xff"), "\\x%02x", (unsigned char)text.at[i]);
        else
            *out++ = text.at[i];
    }
    memcpy(out, shown < text.length ? "..." : "", shown < text.length ? sizeof("...") : 1);
    return quote;
}
