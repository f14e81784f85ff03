/* SPDX-License-Identifier: MIT */
/* Reads If-None-Match, Accept-Encoding and Accept (RFC 9110, 13.1.2, 12.5.3 and 12.5.1). */
#define _GNU_SOURCE
#include "http/negotiate.h"
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
bool gbxi_names_etag(const char *header, size_t length, const char *etag)
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

enum { WHOLE = 1000 };

/* A weight such as 0.5 in thousandths; what is not written like one counts as 1, as if it were not there. */
static unsigned thousandths(piece text)
{
    unsigned value = 0;

    if (text.length == 0 || text.length > 5 || (text.at[0] != '0' && text.at[0] != '1') ||
        (text.length > 1 && text.at[1] != '.'))
        return WHOLE;
    for (size_t i = 0; i != 5; ++i) {
        char digit = i < text.length ? text.at[i] : '0';

        if (i == 1)
            continue;
        if (digit < '0' || digit > '9')
            return WHOLE;
        value = 10 * value + (unsigned)(digit - '0');
    }
    return value < WHOLE ? value : WHOLE;
}

/* The weight that the parameters of an item give it. */
static unsigned weight_of(piece parameters)
{
    while (parameters.length != 0) {
        piece parameter = cut(&parameters, ';');

        if (parameter.length > 2 && strncasecmp(parameter.at, "q=", 2) == 0)
            return thousandths((piece){parameter.at + 2, parameter.length - 2});
    }
    return WHOLE;
}

bool gbxi_takes_gzip(const char *header, size_t length)
{
    piece rest = {header, length};
    bool any = false;

    while (rest.length != 0) {
        piece item = cut(&rest, ',');
        piece coding = cut(&item, ';');

        if (is(coding, "gzip") || is(coding, "x-gzip"))
            return weight_of(item) != 0;
        if (is(coding, "*"))
            any = weight_of(item) != 0;
    }
    return any;
}

/* How much a client wants a media type, and how narrow the range is that says so: 3 the type itself, 0 none does. */
typedef struct wish {
    unsigned weight;
    unsigned narrowness;
} wish;

/* Of the ranges that hold the type, the narrowest counts. */
static wish wish_for(piece ranges, const char *type, const char *group)
{
    wish wanted = {0, 0};

    while (ranges.length != 0) {
        piece item = cut(&ranges, ',');
        piece range = cut(&item, ';');
        unsigned narrowness = is(range, type) ? 3 : is(range, group) ? 2 : is(range, "*/*") ? 1 : 0;

        if (narrowness > wanted.narrowness)
            wanted = (wish){weight_of(item), narrowness};
    }
    return wanted;
}

bool gbxi_prefers_json(const char *header, size_t length)
{
    wish html = wish_for((piece){header, length}, "text/html", "text/*");
    wish json = wish_for((piece){header, length}, "application/json", "application/*");

    return json.weight > html.weight ||
           (json.weight == html.weight && json.weight != 0 && json.narrowness > html.narrowness);
}
