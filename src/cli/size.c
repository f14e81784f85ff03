/* SPDX-License-Identifier: MIT */
/* Parses sizes, durations and numbers. */
#include "cli/size.h"
#include "base/time.h"
#include <string.h>

/* Reads the digits at the start of `text`. Returns the text after them, or NULL if there are none or too many. */
static const char *parse_digits(const char *text, uint64_t *value)
{
    const char *at = text;

    for (*value = 0; *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(*value, (uint64_t)10, value) ||
            __builtin_add_overflow(*value, (uint64_t)(*at - '0'), value))
            return NULL;
    return at != text ? at : NULL;
}

bool gbxi_number_parse(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
    uint64_t number;
    const char *end = parse_digits(text, &number);

    if (end == NULL || *end != '\0' || number < min || number > max)
        return false;
    *value = number;
    return true;
}

bool gbxi_size_parse(const char *text, uint64_t min, uint64_t max, uint64_t *bytes)
{
    static const char units[] = "kKmMgG";
    uint64_t number;
    const char *end = parse_digits(text, &number), *unit;
    unsigned shift;

    if (end == NULL)
        return false;
    if (*end != '\0') {
        if ((unit = strchr(units, *end)) == NULL || end[1] != '\0')
            return false;
        shift = 10 * (unsigned)((unit - units) / 2 + 1);
        if (number > UINT64_MAX >> shift)
            return false;
        number <<= shift;
    }
    if (number < min || number > max)
        return false;
    *bytes = number;
    return true;
}

static uint64_t seconds_of(char unit)
{
    switch (unit) {
    case 's':
        return 1;
    case 'm':
        return 60;
    case 'h':
        return 60 * 60;
    case 'd':
        return 24 * 60 * 60;
    default:
        return 0;
    }
}

bool gbxi_duration_parse(const char *text, uint64_t min_s, uint64_t max_s, uint64_t *duration_s)
{
    uint64_t number;
    const char *end = parse_digits(text, &number);
    uint64_t unit_s = end != NULL ? seconds_of(*end) : 0;

    if (unit_s == 0 || end[1] != '\0' || __builtin_mul_overflow(number, unit_s, &number) || number < min_s ||
        number > max_s)
        return false;
    *duration_s = number;
    return true;
}

bool gbxi_time_parse(const char *text, uint64_t min_ns, uint64_t max_ns, uint64_t *time_ns)
{
    static const struct {
        const char *name;
        uint64_t ns;
    } units[] = {{"ns", 1}, {"us", 1000}, {"ms", GBXI_NS_PER_MS}, {"s", GBXI_NS_PER_S}};
    uint64_t number;
    const char *end = parse_digits(text, &number);

    for (size_t i = 0; end != NULL && i < sizeof(units) / sizeof(units[0]); i++)
        if (strcmp(end, units[i].name) == 0) {
            if (__builtin_mul_overflow(number, units[i].ns, &number) || number < min_ns || number > max_ns)
                return false;
            *time_ns = number;
            return true;
        }
    return false;
}
