/* SPDX-License-Identifier: MIT */
/* Owns the syntax of the traceparent header. */
#include "middleware/traceparent.h"
#include <string.h>

/* version "-" trace-id "-" parent-id "-" trace-flags */
enum {
    VERSION_AT = 0,
    VERSION_DIGITS = 2,
    TRACE_ID_AT = 3,
    TRACE_ID_DIGITS = 32,
    PARENT_ID_AT = 36,
    PARENT_ID_DIGITS = 16,
    FLAGS_AT = 53,
    FLAGS_DIGITS = 2,
    LENGTH = 55
};

/* -1 for invalid digits. Upper-case digits are not valid in a traceparent. */
static int hex_value(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    if (digit >= 'a' && digit <= 'f')
        return digit - 'a' + 10;
    return -1;
}

static bool is_hex(const char *text, size_t digits)
{
    for (size_t i = 0; i < digits; i++)
        if (hex_value(text[i]) < 0)
            return false;
    return true;
}

static bool is_all_zero(const char *text, size_t digits)
{
    for (size_t i = 0; i < digits; i++)
        if (text[i] != '0')
            return false;
    return true;
}

static bool has_length_of_version(const char *text, size_t length)
{
    if (length == LENGTH)
        return true;
    return length > LENGTH && !is_all_zero(text + VERSION_AT, VERSION_DIGITS) && text[LENGTH] == '-';
}

static void read_hex(const char *text, size_t bytes, uint8_t *read)
{
    for (size_t i = 0; i < bytes; i++)
        read[i] = (uint8_t)(hex_value(text[2 * i]) << 4 | hex_value(text[2 * i + 1]));
}

bool gbxi_traceparent_parse(const char *text, size_t length, gbxi_traceparent *parent)
{
    if (length < LENGTH || !is_hex(text + VERSION_AT, VERSION_DIGITS) || memcmp(text + VERSION_AT, "ff", 2) == 0 ||
        !has_length_of_version(text, length))
        return false;
    if (text[TRACE_ID_AT - 1] != '-' || text[PARENT_ID_AT - 1] != '-' || text[FLAGS_AT - 1] != '-')
        return false;
    if (!is_hex(text + TRACE_ID_AT, TRACE_ID_DIGITS) || is_all_zero(text + TRACE_ID_AT, TRACE_ID_DIGITS))
        return false;
    if (!is_hex(text + PARENT_ID_AT, PARENT_ID_DIGITS) || is_all_zero(text + PARENT_ID_AT, PARENT_ID_DIGITS))
        return false;
    if (!is_hex(text + FLAGS_AT, FLAGS_DIGITS))
        return false;
    read_hex(text + TRACE_ID_AT, sizeof(parent->trace_id), parent->trace_id);
    read_hex(text + PARENT_ID_AT, sizeof(parent->parent_span_id), parent->parent_span_id);
    read_hex(text + FLAGS_AT, sizeof(parent->flags), &parent->flags);
    return true;
}
