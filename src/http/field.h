/* SPDX-License-Identifier: MIT */
/* Parsing of header field values (RFC 9110, section 5.6): names are case-insensitive, and white space around a part is
 * ignored. */
#ifndef GBX_HTTP_FIELD_H
#define GBX_HTTP_FIELD_H

#include "base/view.h"
#include <string.h>
#include <strings.h>

static inline bool gbxi_field_starts(gbxi_view field, const char *word)
{
    return field.length >= strlen(word) && strncasecmp(field.at, word, strlen(word)) == 0;
}

static inline bool gbxi_field_ends(gbxi_view field, const char *word)
{
    size_t length = strlen(word);

    return field.length >= length && strncasecmp(field.at + field.length - length, word, length) == 0;
}

static inline bool gbxi_field_is(gbxi_view field, const char *word)
{
    return field.length == strlen(word) && gbxi_field_starts(field, word);
}

static inline bool gbxi_field_is_blank(char byte)
{
    return byte == ' ' || byte == '\t';
}

static inline gbxi_view gbxi_field_trim(gbxi_view field)
{
    while (field.length != 0 && gbxi_field_is_blank(field.at[0]))
        field = gbxi_view_after(field, 1);
    while (field.length != 0 && gbxi_field_is_blank(field.at[field.length - 1]))
        field.length--;
    return field;
}

/* Removes the text before the next `separator`, or all text if there is none, from `rest` and returns it trimmed. */
static inline gbxi_view gbxi_field_cut(gbxi_view *rest, char separator)
{
    const char *end = rest->length != 0 ? memchr(rest->at, separator, rest->length) : NULL;
    gbxi_view front = {rest->at, end != NULL ? (size_t)(end - rest->at) : rest->length};

    if (rest->length != 0)
        *rest = gbxi_view_after(*rest, front.length + (end != NULL));
    return gbxi_field_trim(front);
}

#endif
