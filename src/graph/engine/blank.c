/* SPDX-License-Identifier: MIT */
/* Owns the list of JavaScript's whitespace characters. */
#include "graph/engine/blank.h"
#include <string.h>

size_t gbxi_blank_length(const char *at, size_t length)
{
    static const char *const blanks[] = {
        " ",
        "\t",
        "\n",
        "\v",
        "\f",
        "\r",
        "\xc2\xa0",
        "\xe1\x9a\x80",
        "\xe2\x80\x80",
        "\xe2\x80\x81",
        "\xe2\x80\x82",
        "\xe2\x80\x83",
        "\xe2\x80\x84",
        "\xe2\x80\x85",
        "\xe2\x80\x86",
        "\xe2\x80\x87",
        "\xe2\x80\x88",
        "\xe2\x80\x89",
        "\xe2\x80\x8a",
        "\xe2\x80\xa8",
        "\xe2\x80\xa9",
        "\xe2\x80\xaf",
        "\xe2\x81\x9f",
        "\xe3\x80\x80",
        "\xef\xbb\xbf",
    };

    for (size_t i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
        size_t wanted = strlen(blanks[i]);

        if (wanted <= length && memcmp(at, blanks[i], wanted) == 0)
            return wanted;
    }
    return 0;
}
