/* SPDX-License-Identifier: MIT */
/* Quotes texts of clients. */
#define _GNU_SOURCE
#include "json/quote.h"
#include "base/cut.h"
#include <stdio.h>

/* Control characters of ASCII, and those of Latin-1, which some terminals obey as well. */
static bool is_control(const unsigned char *at, const unsigned char *end)
{
    if (at[0] == 0xc2 && at + 1 < end)
        return at[1] < 0xa0;
    return at[0] < ' ' || at[0] == 0x7f;
}

gbxi_quote gbxi_quoted(gbxi_view text)
{
    gbxi_quote quote;
    size_t shown = gbxi_cut(text.at, text.length, GBXI_QUOTE_BYTES_MAX);
    const unsigned char *at = (const unsigned char *)text.at, *end = at + shown;
    char *out = quote.text;

    for (; shown != 0 && at < end; at++) {
        if (is_control(at, end))
            out += snprintf(out, sizeof("\\xff"), "\\x%02x", *at);
        else
            *out++ = (char)*at;
    }
    memcpy(out, shown < text.length ? "..." : "", shown < text.length ? sizeof("...") : 1);
    return quote;
}
