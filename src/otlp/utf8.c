/* SPDX-License-Identifier: MIT */
/* Owns the replacing of what is not UTF-8. */
#include "otlp/utf8.h"
#include "json/utf8.h"
#include <stdint.h>
#include <string.h>

/* U+FFFD */
static const unsigned char utf8_replacement[3] = {0xEF, 0xBF, 0xBD};

/* The length of the well-formed beginning. */
static size_t utf8_clean(const unsigned char *text, size_t length)
{
    size_t at = 0, sequence;
    uint64_t eight;

    while (at < length) {
        while (length - at >= sizeof(eight)) {
            memcpy(&eight, text + at, sizeof(eight));
            if ((eight & 0x8080808080808080u) != 0)
                break;
            at += sizeof(eight);
        }
        if (at == length || gbxi_utf8_judge(text + at, length - at, &sequence) != GBXI_UTF8_WELL_FORMED)
            return at;
        at += sequence;
    }
    return at;
}

/* The length of the ill-formed sequence at the beginning. What is cut at the end is one. */
static size_t utf8_ill_formed(const unsigned char *text, size_t length)
{
    size_t sequence;

    (void)gbxi_utf8_judge(text, length, &sequence);
    return sequence;
}

size_t gbxi_otlp_utf8_length(gbxi_view text)
{
    const unsigned char *at = (const unsigned char *)text.at;
    size_t result = 0;

    while (text.length > 0) {
        size_t clean = utf8_clean(at, text.length), skipped = clean;

        result += clean;
        if (clean < text.length) {
            skipped += utf8_ill_formed(at + clean, text.length - clean);
            result += sizeof(utf8_replacement);
        }
        at += skipped;
        text.length -= skipped;
    }
    return result;
}

unsigned char *gbxi_otlp_utf8_put(unsigned char *at, gbxi_view text)
{
    const unsigned char *from = (const unsigned char *)text.at;

    while (text.length > 0) {
        size_t clean = utf8_clean(from, text.length), skipped = clean;

        memcpy(at, from, clean);
        at += clean;
        if (clean < text.length) {
            skipped += utf8_ill_formed(from + clean, text.length - clean);
            memcpy(at, utf8_replacement, sizeof(utf8_replacement));
            at += sizeof(utf8_replacement);
        }
        from += skipped;
        text.length -= skipped;
    }
    return at;
}
