/* SPDX-License-Identifier: MIT */
/* Owns the decision what of a text may be recorded. */
#define _GNU_SOURCE
#include "capture/redact.h"
#include "capture/event.h"
#include <string.h>

/* ASCII alone, whatever the host's locale. */
static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_equal(const char *a, const char *b, size_t length)
{
    for (size_t i = 0; i != length; ++i)
        if (lower(a[i]) != lower(b[i]))
            return false;
    return true;
}

/* A recorded key was cut at GBXI_KEY_MAX, so the rest of a declared one cannot count. */
static bool matches(const char *declared, const char *key, size_t key_length)
{
    size_t length = strnlen(declared, GBXI_KEY_MAX + 1);

    if (length != 0 && length <= GBXI_KEY_MAX && declared[length - 1] == '*')
        return key_length >= length - 1 && is_equal(declared, key, length - 1);
    if (length > GBXI_KEY_MAX)
        length = GBXI_KEY_MAX;
    return key_length == length && is_equal(declared, key, length);
}

bool gbxi_redaction_has_key(const gbx_redaction *redaction, const char *key, size_t key_length)
{
    if (redaction == NULL || redaction->keys == NULL)
        return false;
    for (const char *const *declared = redaction->keys; *declared != NULL; ++declared)
        if (matches(*declared, key, key_length))
            return true;
    return false;
}

bool gbxi_redaction_ask(const gbx_redaction *redaction, gbx_text *text)
{
    struct gbxi_lane *lane = gbxi_lane_here;
    char *bytes = text->bytes;
    size_t capacity = text->capacity;
    bool keep;

    /* A filter with spans of its own must not write into the lane that is being written to. */
    gbxi_lane_here = NULL;
    keep = redaction->filter(redaction->context, text);
    gbxi_lane_here = lane;
    text->bytes = bytes;
    text->capacity = capacity;
    if (text->length > capacity)
        text->length = capacity;
    return keep;
}
