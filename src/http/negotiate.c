/* SPDX-License-Identifier: MIT */
/* Reads If-None-Match, Accept-Encoding and Accept (RFC 9110, 13.1.2, 12.5.3 and 12.5.1). */
#define _GNU_SOURCE
#include "http/negotiate.h"
#include "http/field.h"
#include <string.h>

/* Our own tags contain no comma, so splitting the list at commas never splits one of them. */
bool gbxi_etag_is_named(const char *header, size_t length, const char *etag)
{
    gbxi_view rest = {header, length};
    size_t etag_length = strlen(etag);

    while (rest.length != 0) {
        gbxi_view tag = gbxi_field_cut(&rest, ',');

        if (gbxi_field_is(tag, "*"))
            return true;
        if (tag.length > 2 && memcmp(tag.at, "W/", 2) == 0)
            tag = gbxi_view_after(tag, 2);
        if (tag.length == etag_length + 2 && tag.at[0] == '"' && tag.at[tag.length - 1] == '"' &&
            memcmp(tag.at + 1, etag, etag_length) == 0)
            return true;
    }
    return false;
}

enum { WHOLE = 1000 };

/* A weight such as 0.5 in thousandths. An invalid weight counts as 1, like a missing one. */
static unsigned weight_thousandths(gbxi_view text)
{
    unsigned value = 0;

    if (text.length == 0 || text.length > 5 || (text.at[0] != '0' && text.at[0] != '1') ||
        (text.length > 1 && text.at[1] != '.'))
        return WHOLE;
    for (size_t i = 0; i < 5; i++) {
        char digit = i < text.length ? text.at[i] : '0';

        if (i == 1)
            continue;
        if (digit < '0' || digit > '9')
            return WHOLE;
        value = 10 * value + (unsigned)(digit - '0');
    }
    return value < WHOLE ? value : WHOLE;
}

/* The weight in the parameters of an item. */
static unsigned weight_of_item(gbxi_view parameters)
{
    while (parameters.length != 0) {
        gbxi_view parameter = gbxi_field_cut(&parameters, ';');

        if (parameter.length > 2 && gbxi_field_starts(parameter, "q="))
            return weight_thousandths(gbxi_view_after(parameter, 2));
    }
    return WHOLE;
}

bool gbxi_takes_gzip(const char *header, size_t length)
{
    gbxi_view rest = {header, length};
    bool any = false;

    while (rest.length != 0) {
        gbxi_view item = gbxi_field_cut(&rest, ',');
        gbxi_view coding = gbxi_field_cut(&item, ';');

        if (gbxi_field_is(coding, "gzip") || gbxi_field_is(coding, "x-gzip"))
            return weight_of_item(item) != 0;
        if (gbxi_field_is(coding, "*"))
            any = weight_of_item(item) != 0;
    }
    return any;
}

/* A client's preference for a media type: its weight, and the narrowness of the range that states it. 3 is the type
 * itself, and 0 means that no range matches. */
typedef struct wish {
    unsigned weight;
    unsigned narrowness;
} wish;

/* The narrowest range that matches the type determines the weight. */
static wish wish_for(gbxi_view ranges, const char *type, const char *group)
{
    wish wanted = {0, 0};

    while (ranges.length != 0) {
        gbxi_view item = gbxi_field_cut(&ranges, ',');
        gbxi_view range = gbxi_field_cut(&item, ';');
        unsigned narrowness = gbxi_field_is(range, type)    ? 3
                              : gbxi_field_is(range, group) ? 2
                              : gbxi_field_is(range, "*/*") ? 1
                                                            : 0;

        if (narrowness > wanted.narrowness)
            wanted = (wish){weight_of_item(item), narrowness};
    }
    return wanted;
}

bool gbxi_prefers_json(const char *header, size_t length)
{
    wish html = wish_for((gbxi_view){header, length}, "text/html", "text/*");
    wish json = wish_for((gbxi_view){header, length}, "application/json", "application/*");

    return json.weight > html.weight ||
           (json.weight == html.weight && json.weight != 0 && json.narrowness > html.narrowness);
}
