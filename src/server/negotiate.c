/* SPDX-License-Identifier: MIT */
/* Reads If-None-Match and Accept-Encoding (RFC 9110, 13.1.2 and 12.5.3). */
#define _GNU_SOURCE
#include "server/negotiate.h"
#include <string.h>
#include <strings.h>

/* Bytes of a header. */
typedef struct piece {
    const char *at;
    size_t length;
} piece;

static piece trimmed(piece text)
{
    for (; text.length != 0 && (*text.at == ' ' || *text.at == '\t'); ++text.at)
        --text.length;
    while (text.length != 0 && (text.at[text.length - 1] == ' ' || text.at[text.length - 1] == '\t'))
        --text.length;
    return text;
}

/* Cuts what is before the next `separator` off the front of `rest`; all of it when there is none. */
static piece cut(piece *rest, char separator)
{
    const char *end = memchr(rest->at, separator, rest->length);
    piece front = {rest->at, end != NULL ? (size_t)(end - rest->at) : rest->length};
    size_t gone = front.length + (end != NULL);

    rest->at += gone;
    rest->length -= gone;
    return trimmed(front);
}

static bool is(piece text, const char *word)
{
    return text.length == strlen(word) && strncasecmp(text.at, word, text.length) == 0;
}

/* Our own tags hold no comma, so a list cut at commas shows every one of them whole. */
bool gbx__names_etag(const char *header, size_t length, const char *etag)
{
    piece rest = {header, length};
    size_t etag_length = strlen(etag);

    while (rest.length != 0) {
        piece tag = cut(&rest, ',');

        if (is(tag, "*"))
            return true;
        if (tag.length > 2 && memcmp(tag.at, "W/", 2) == 0)
            tag = (piece){tag.at + 2, tag.length - 2};
        if (tag.length == etag_length + 2 && tag.at[0] == '"' && tag.at[tag.length - 1] == '"' &&
            memcmp(tag.at + 1, etag, etag_length) == 0)
            return true;
    }
    return false;
}

/* Whether the parameters say q=0, q=0.0 and so on. */
static bool is_refused(piece parameters)
{
    while (parameters.length != 0) {
        piece parameter = cut(&parameters, ';');

        if (parameter.length < 3 || strncasecmp(parameter.at, "q=0", 3) != 0)
            continue;
        for (size_t i = 3; i != parameter.length; ++i)
            if (parameter.at[i] != '.' && parameter.at[i] != '0')
                return false;
        return true;
    }
    return false;
}

bool gbx__takes_gzip(const char *header, size_t length)
{
    piece rest = {header, length};
    bool any = false;

    while (rest.length != 0) {
        piece item = cut(&rest, ',');
        piece coding = cut(&item, ';');

        if (is(coding, "gzip") || is(coding, "x-gzip"))
            return !is_refused(item);
        if (is(coding, "*"))
            any = !is_refused(item);
    }
    return any;
}
