/* SPDX-License-Identifier: MIT */
/* Owns the reading of Content-Type values (RFC 9110, section 8.3). */
#define _GNU_SOURCE
#include "http/media.h"
#include "http/slice.h"

static gbxi_slice media_unquote(gbxi_slice text)
{
    if (text.length >= 2 && text.at[0] == '"' && text.at[text.length - 1] == '"')
        return (gbxi_slice){text.at + 1, text.length - 2};
    return text;
}

/* False when a charset parameter names something of which UTF-8 is not a superset. */
static bool media_is_utf8(gbxi_slice parameters)
{
    static const char name[] = "charset=";

    while (parameters.length > 0) {
        gbxi_slice parameter = gbxi_slice_cut(&parameters, ';');
        gbxi_slice charset;

        if (!gbxi_slice_starts(parameter, name))
            continue;
        charset = media_unquote(gbxi_slice_after(parameter, strlen(name)));
        return gbxi_slice_is(charset, "utf-8") || gbxi_slice_is(charset, "utf8") || gbxi_slice_is(charset, "us-ascii");
    }
    return true;
}

gbxi_media gbxi_media_of(const char *content_type, size_t length)
{
    gbxi_slice rest = {content_type, length};
    gbxi_slice essence = gbxi_slice_cut(&rest, ';');

    if (!media_is_utf8(rest))
        return GBXI_MEDIA_BINARY;
    if (gbxi_slice_is(essence, "application/json") || gbxi_slice_is(essence, "text/json"))
        return GBXI_MEDIA_JSON;
    if (gbxi_slice_ends(essence, "+json") && memchr(essence.at, '/', essence.length) != NULL)
        return GBXI_MEDIA_JSON;
    return gbxi_slice_starts(essence, "text/") ? GBXI_MEDIA_TEXT : GBXI_MEDIA_BINARY;
}
