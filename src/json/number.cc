/* SPDX-License-Identifier: MIT */
/* Owns the shortest text of a double: the standard library's, which C lacks. */
#include "json/number.h"
#include <charconv>
#include <cmath>
#include <cstring>
#include <string.h>

size_t gbxi_json_real_text(double value, char text[GBXI_JSON_REAL_MAX])
{
    /* Below 2^63 an integer is exact for every reader; above it many, ours included, want a sign of being a double. */
    constexpr double integers_end = 9223372036854775808.0;
    char *end = text + GBXI_JSON_REAL_MAX;

    if (value == 0 && std::signbit(value)) {
        memcpy(text, "-0.0", 4);
        return 4;
    }
    std::to_chars_result result = std::fabs(value) < integers_end
                                      ? std::to_chars(text, end, value)
                                      : std::to_chars(text, end, value, std::chars_format::scientific);
    return static_cast<size_t>(result.ptr - text);
}
