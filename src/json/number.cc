/* SPDX-License-Identifier: MIT */
/* Owns the shortest text of a double, by the C++ standard library; C has no such function. */
#include "json/number.h"
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
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

/* The exponent of a JSON number, or one that outweighs the digits of any text. `from` is behind the e. */
static int64_t exponent_at(const char *from, const char *end)
{
    constexpr int64_t outweighing = int64_t{1} << 40;
    int64_t exponent = 0;
    bool negative = from < end && *from == '-';

    if (from < end && (*from == '-' || *from == '+'))
        from++;
    for (; from < end && exponent < outweighing; from++)
        exponent = exponent * 10 + (*from - '0');
    return negative ? -exponent : exponent;
}

/* Whether the first digit that is not 0 is worth 10 or more. */
static bool is_ten_or_more(const char *text, const char *end)
{
    const char *e = std::find_if(text, end, [](char c) { return c == 'e' || c == 'E'; });
    const char *point = std::find(text, e, '.');
    const char *first = std::find_if(text, e, [](char c) { return c >= '1' && c <= '9'; });
    int64_t power = first < point ? point - first - 1 : point - first;

    return power + exponent_at(e < end ? e + 1 : end, end) > 0;
}

bool gbxi_json_is_beyond_double(const char *text, size_t length)
{
    double value = 0;

    /* What is out of range is too large or too close to 0. */
    return std::from_chars(text, text + length, value).ec == std::errc::result_out_of_range &&
           is_ten_or_more(text, text + length);
}
