/* SPDX-License-Identifier: MIT */
/* Owns reading tags with their attributes. */
#include "graph/html/builder.h"
#include "graph/html/reference.h"
#include "graph/html/tokenizer.h"
#include <string.h>

static const char NUL_REPLACEMENT[] = "\xef\xbf\xbd", LINE_FEED[] = "\n";

/* A name in lower case and without NUL. It is the page's own if that is so. */
static gbxi_view clean_name(gbxi_html *html, const char *begin, const char *end)
{
    const char *at = begin;
    size_t length = (size_t)(end - begin), used = 0;

    while (at < end && *at != '\0' && (*at < 'A' || *at > 'Z'))
        at++;
    if (at == end)
        return (gbxi_view){begin, length};
    if (gbxi_html_failed(html, gbxi_array_reserve(&html->scratch, &html->scratch_capacity, 3 * length, 1)))
        return (gbxi_view){"", 0};
    for (size_t i = 0; i < length; i++) {
        if (begin[i] == '\0') {
            memcpy(html->scratch + used, NUL_REPLACEMENT, sizeof(NUL_REPLACEMENT) - 1);
            used += sizeof(NUL_REPLACEMENT) - 1;
        } else {
            html->scratch[used++] = begin[i] >= 'A' && begin[i] <= 'Z' ? (char)(begin[i] - 'A' + 'a') : begin[i];
        }
    }
    return (gbxi_view){html->scratch, used};
}

static uint32_t element_name(gbxi_html *html, const char *begin, const char *end)
{
    gbxi_view name = clean_name(html, begin, end);
    uint32_t tag = gbxi_html_tag_of(name.at, name.length);

    return tag < GBXI_HTML_TAG_COUNT ? tag : GBXI_HTML_TAG_COUNT + gbxi_html_intern(html, name.at, name.length);
}

/* Adds a part of a value that has no references. */
static void extend_value(gbxi_html *html, gbxi_text *value, const char *begin, const char *end)
{
    gbxi_html_failed(html, gbxi_texts_extend(html->texts, value, begin, (size_t)(end - begin)));
}

/* Reads what is special in a value at `at`, and returns where it goes on. */
static const char *read_special(gbxi_html *html, gbxi_text *value, const char *at, const char *end)
{
    gbxi_html_reference reference;
    size_t length;

    if (*at == '\0') {
        extend_value(html, value, NUL_REPLACEMENT, NUL_REPLACEMENT + sizeof(NUL_REPLACEMENT) - 1);
        return at + 1;
    }
    if (*at == '\r') {
        extend_value(html, value, LINE_FEED, LINE_FEED + 1);
        return at + 1 + (at + 1 < end && at[1] == '\n');
    }
    length = gbxi_html_reference_read(at, end, true, &reference);
    if (length > 0)
        extend_value(html, value, reference.bytes, reference.bytes + reference.length);
    else
        extend_value(html, value, at, at + 1);
    return at + (length > 0 ? length : 1);
}

static gbxi_text read_value(gbxi_html *html, const char *begin, const char *end)
{
    gbxi_text value = {(uint32_t)html->texts->used, 0};
    const char *run = begin;

    while (run < end && html->err == GBX_ERR_OK) {
        while (run < end && *run != '&' && *run != '\0' && *run != '\r')
            run++;
        extend_value(html, &value, begin, run);
        if (run < end)
            run = read_special(html, &value, run, end);
        begin = run;
    }
    return value;
}

/* Where an attribute stands in the page. */
typedef struct attribute_span {
    const char *name;
    const char *name_end;
    const char *value;
    const char *value_end;
} attribute_span;

/* Adds an attribute to the tag, unless it has one of that name. */
static void add_tag_attribute(gbxi_html *html, gbxi_html_start_tag *tag, const attribute_span *span)
{
    gbxi_view name = clean_name(html, span->name, span->name_end);
    uint32_t number = gbxi_html_intern(html, name.at, name.length), own = (uint32_t)html->attribute_count;

    if (html->err != GBX_ERR_OK || html->uses[number].serial == html->serial)
        return;
    html->uses[number].serial = html->serial;
    if (gbxi_html_failed(html, gbxi_array_reserve(&html->attributes, &html->attribute_capacity,
                                                  html->attribute_count + 1, sizeof(*html->attributes))))
        return;
    html->attributes[html->attribute_count++] =
        (gbxi_html_attribute){read_value(html, span->value, span->value_end), number, GBXI_HTML_NONE};
    if (tag->first == GBXI_HTML_NONE)
        tag->first = own;
    else
        html->attributes[own - 1].next = own;
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && gbxi_html_is_blank(*at))
        at++;
    return at;
}

/* Finds the value behind "=". Returns where the tag goes on, or NULL if the page ends first. */
static const char *find_value(const char *at, const char *end, attribute_span *span)
{
    at = skip_blanks(at, end);
    if (at < end && (*at == '"' || *at == '\'')) {
        span->value = at + 1;
        span->value_end = memchr(at + 1, *at, (size_t)(end - at - 1));
        return span->value_end != NULL ? span->value_end + 1 : NULL;
    }
    span->value = at;
    while (at < end && !gbxi_html_is_blank(*at) && *at != '>')
        at++;
    span->value_end = at;
    return at;
}

/* Finds the attribute that begins at `at`. */
static const char *find_attribute(const char *at, const char *end, attribute_span *span)
{
    span->name = at++;
    while (at < end && !gbxi_html_is_blank(*at) && *at != '/' && *at != '>' && *at != '=')
        at++;
    span->name_end = at;
    span->value = span->value_end = at;
    at = skip_blanks(at, end);
    return at < end && *at == '=' ? find_value(at + 1, end, span) : at;
}

/* Reads a tag from behind its name to its end, which is returned; NULL if the page ends first. */
static const char *read_attributes(gbxi_html *html, const char *at, gbxi_html_start_tag *tag, bool is_end)
{
    attribute_span span;

    ++html->serial;
    while (at != NULL && html->err == GBX_ERR_OK) {
        at = skip_blanks(at, html->end);
        if (at == html->end)
            return NULL;
        if (*at == '>')
            return at + 1;
        if (*at == '/') {
            ++at;
            tag->closes_itself = at < html->end && *at == '>';
            continue;
        }
        at = find_attribute(at, html->end, &span);
        if (at != NULL && !is_end)
            add_tag_attribute(html, tag, &span);
        gbxi_html_spend(html, 1);
    }
    return NULL;
}

/* A tag that the page ends in is none. */
void gbxi_html_read_tag(gbxi_html *html, const char *at, bool is_end)
{
    gbxi_html_start_tag tag = {.first = GBXI_HTML_NONE};
    const char *name = at;

    while (at < html->end && !gbxi_html_is_blank(*at) && *at != '/' && *at != '>')
        at++;
    tag.name = element_name(html, name, at);
    at = read_attributes(html, at, &tag, is_end);
    html->at = at != NULL ? at : html->end;
    html->skips_newline = false;
    if (at == NULL || html->err != GBX_ERR_OK)
        return;
    if (is_end)
        gbxi_html_on_end(html, tag.name);
    else
        gbxi_html_on_start(html, &tag);
}
