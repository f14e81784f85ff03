/* SPDX-License-Identifier: MIT */
/* Owns the reading of Content-Type values (RFC 9110, section 8.3). */
#define _GNU_SOURCE
#include "http/media.h"
#include <string.h>
#include <strings.h>

typedef struct slice {
    const char *at;
    size_t length;
} slice;

static bool is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static slice trim(slice text)
{
    while (text.length > 0 && is_blank(text.at[0])) {
        text.at++;
        text.length--;
    }
    while (text.length > 0 && is_blank(text.at[text.length - 1]))
        text.length--;
    return text;
}

static bool is(slice text, const char *word)
{
    return text.length == strlen(word) && strncasecmp(text.at, word, text.length) == 0;
}

static bool starts_with(slice text, const char *word)
{
    return text.length >= strlen(word) && strncasecmp(text.at, word, strlen(word)) == 0;
}

static bool ends_with(slice text, const char *word)
{
    size_t length = strlen(word);

    return text.length >= length && strncasecmp(text.at + text.length - length, word, length) == 0;
}

/* Takes what is before the next semicolon off the front of `rest`. */
static slice next_part(slice *rest)
{
    const char *semicolon = rest->length > 0 ? memchr(rest->at, ';', rest->length) : NULL;
    slice part = {rest->at, semicolon != NULL ? (size_t)(semicolon - rest->at) : rest->length};
    size_t taken = part.length + (semicolon != NULL);

    if (taken > 0)
        rest->at += taken;
    rest->length -= taken;
    return trim(part);
}

static slice unquote(slice text)
{
    if (text.length >= 2 && text.at[0] == '"' && text.at[text.length - 1] == '"')
        return (slice){text.at + 1, text.length - 2};
    return text;
}

/* False when a charset parameter names something of which UTF-8 is not a superset. */
static bool is_utf8(slice parameters)
{
    static const char name[] = "charset=";

    while (parameters.length > 0) {
        slice parameter = next_part(&parameters);
        slice charset;

        if (!starts_with(parameter, name))
            continue;
        charset = unquote((slice){parameter.at + sizeof(name) - 1, parameter.length - (sizeof(name) - 1)});
        return is(charset, "utf-8") || is(charset, "utf8") || is(charset, "us-ascii");
    }
    return true;
}

gbxi_media gbxi_media_of(const char *content_type, size_t length)
{
    slice rest = {content_type, length};
    slice essence = next_part(&rest);

    if (!is_utf8(rest))
        return GBXI_MEDIA_BINARY;
    if (is(essence, "application/json") || is(essence, "text/json"))
        return GBXI_MEDIA_JSON;
    if (ends_with(essence, "+json") && memchr(essence.at, '/', essence.length) != NULL)
        return GBXI_MEDIA_JSON;
    return starts_with(essence, "text/") ? GBXI_MEDIA_TEXT : GBXI_MEDIA_BINARY;
}
