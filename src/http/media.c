/* SPDX-License-Identifier: MIT */
/* Owns the parsing of Content-Type values (RFC 9110, section 8.3). */
#define _GNU_SOURCE
#include "http/media.h"
#include "http/field.h"
#include <string.h>

static gbxi_view media_unquote(gbxi_view text)
{
    if (text.length >= 2 && text.at[0] == '"' && text.at[text.length - 1] == '"')
        return (gbxi_view){text.at + 1, text.length - 2};
    return text;
}

/* False if a charset parameter names an encoding other than UTF-8 or its subset ASCII. */
static bool media_is_utf8(gbxi_view parameters)
{
    static const char name[] = "charset=";

    while (parameters.length > 0) {
        gbxi_view parameter = gbxi_field_cut(&parameters, ';');
        gbxi_view charset;

        if (!gbxi_field_starts(parameter, name))
            continue;
        charset = media_unquote(gbxi_view_after(parameter, strlen(name)));
        return gbxi_field_is(charset, "utf-8") || gbxi_field_is(charset, "utf8") || gbxi_field_is(charset, "us-ascii");
    }
    return true;
}

gbxi_media gbxi_media_of(const char *content_type, size_t length)
{
    gbxi_view rest = {content_type, length};
    gbxi_view essence = gbxi_field_cut(&rest, ';');

    if (!media_is_utf8(rest))
        return GBXI_MEDIA_BINARY;
    if (gbxi_field_is(essence, "application/json") || gbxi_field_is(essence, "text/json"))
        return GBXI_MEDIA_JSON;
    if (gbxi_field_ends(essence, "+json") && memchr(essence.at, '/', essence.length) != NULL)
        return GBXI_MEDIA_JSON;
    return gbxi_field_starts(essence, "text/") ? GBXI_MEDIA_TEXT : GBXI_MEDIA_BINARY;
}
