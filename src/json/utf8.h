/* SPDX-License-Identifier: MIT */
/* Validates UTF-8, one sequence at a time (Unicode, section 3.9, table 3-7). */
#ifndef GBX_JSON_UTF8_H
#define GBX_JSON_UTF8_H

#include <stddef.h>

typedef enum gbxi_utf8_kind {
    GBXI_UTF8_WELL_FORMED,
    GBXI_UTF8_ILL_FORMED,
    GBXI_UTF8_CUT /* well-formed, but incomplete */
} gbxi_utf8_kind;

/* Validates the sequence at `at`, which has at least one byte available. Sets `length` to the length of the sequence or
 * of its maximal subpart. */
static inline gbxi_utf8_kind gbxi_utf8_judge(const unsigned char *at, size_t available, size_t *length)
{
    unsigned char lead = at[0];
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    size_t wanted = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;

    *length = 1;
    if (wanted == 0)
        return GBXI_UTF8_ILL_FORMED;
    /* The second byte shows overlong forms, surrogates and code points above U+10FFFF. */
    if (lead == 0xE0)
        low = 0xA0;
    else if (lead == 0xED)
        high = 0x9F;
    else if (lead == 0xF0)
        low = 0x90;
    else if (lead == 0xF4)
        high = 0x8F;
    for (; *length < wanted; (*length)++) {
        if (*length == available)
            return GBXI_UTF8_CUT;
        if (at[*length] < low || at[*length] > high)
            return GBXI_UTF8_ILL_FORMED;
        low = 0x80;
        high = 0xBF;
    }
    return GBXI_UTF8_WELL_FORMED;
}

#endif
