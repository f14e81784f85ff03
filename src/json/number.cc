/* SPDX-License-Identifier: MIT */
/* Owns the shortest text of a double, by the C++ standard library; C has no such function. */
#include "json/number.h"
#include <charconv>
#include <cmath>
#include <cstring>
#include <string.h>

size_t gbxi_json_real_text(double value, char text[GBXI_JSON_REAL_MAX])
{
    /* Every reader reads integers below 2^63 exactly. Above, many readers, including this one, need a sign that the
     * number is a double. */
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

bool gbxi_json_is_beyond_double(const char *text, size_t length)
{
    double value = 0;
    long double wide = 0;

    if (std::from_chars(text, text + length, value).ec != std::errc::result_out_of_range)
        return false;
    /* It is too large or too close to 0. */
    if (std::from_chars(text, text + length, wide).ec != std::errc::result_out_of_range)
        return std::fabs(wide) > 1;
    return memmem(text, length, "e-", 2) == nullptr && memmem(text, length, "E-", 2) == nullptr;
}
