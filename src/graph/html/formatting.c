/* SPDX-License-Identifier: MIT */
/* Owns the list of active formatting elements. */
#include "graph/html/formatting.h"
#include "base/hash.h"
#include "graph/html/open.h"
#include "graph/html/tree.h"
#include <string.h>

enum { SAME_MAX = 3 };
/* What a clone costs, and each of its attributes: memory and, for long values, the time of reading them again. */
enum { CLONE_STEPS = 16, CLONE_BYTES_PER_STEP = 16 };

/* The same for the same attributes in any order. */
static uint32_t hash_attributes(gbxi_html *html, uint32_t element)
{
    uint32_t hash = 0;

    for (uint32_t i = html->nodes[element].first_item; i != GBXI_HTML_NONE; i = html->attributes[i].next) {
        const gbxi_html_attribute *attribute = &html->attributes[i];
        const char *value = gbxi_texts_at(html->texts, attribute->value);

        hash += gbxi_hash_text(html->names.key, value, attribute->value.length) * (2 * attribute->name + 1) + 1;
    }
    return hash;
}

static bool is_same_attribute(const gbxi_html *html, const gbxi_html_attribute *a, const gbxi_html_attribute *b)
{
    return a->name == b->name && a->value.length == b->value.length &&
           memcmp(gbxi_texts_at(html->texts, a->value), gbxi_texts_at(html->texts, b->value), a->value.length) == 0;
}

/* The attribute of `element` that is the same as `wanted`, or NONE. */
static uint32_t find_same(gbxi_html *html, uint32_t element, const gbxi_html_attribute *wanted)
{
    uint32_t i = html->nodes[element].first_item;

    while (i != GBXI_HTML_NONE && !is_same_attribute(html, wanted, &html->attributes[i])) {
        gbxi_html_spend(html, 1);
        i = html->attributes[i].next;
    }
    return i;
}

/* Whether the elements `a` and `b`, whose hashes are equal, have the same attributes. Usually they stand in the same
 * order; otherwise each is searched. */
static bool has_same_attributes(gbxi_html *html, uint32_t a, uint32_t b)
{
    uint32_t i = html->nodes[a].first_item, j = html->nodes[b].first_item;

    while (i != GBXI_HTML_NONE && j != GBXI_HTML_NONE && html->err == GBX_ERR_OK) {
        const gbxi_html_attribute *attribute = &html->attributes[i];

        if (!is_same_attribute(html, attribute, &html->attributes[j]) &&
            find_same(html, b, attribute) == GBXI_HTML_NONE)
            return false;
        gbxi_html_spend(html, 1);
        i = attribute->next;
        j = html->attributes[j].next;
    }
    return i == j;
}

static void forget_fourth(gbxi_html *html, uint32_t element, uint32_t hash)
{
    size_t same = 0, i = html->format_count;

    while (i-- > 0 && html->formats[i].node != GBXI_HTML_NONE) {
        uint32_t other = html->formats[i].node;

        gbxi_html_spend(html, 1);
        if (html->nodes[other].name != html->nodes[element].name || html->formats[i].hash != hash ||
            !has_same_attributes(html, element, other) || ++same < SAME_MAX)
            continue;
        gbxi_html_format_remove(html, i);
        return;
    }
}

static void add_format(gbxi_html *html, gbxi_html_format format)
{
    if (html->err == GBX_ERR_OK &&
        !gbxi_html_failed(html, gbxi_array_reserve(&html->formats, &html->format_capacity, html->format_count + 1,
                                                   sizeof(*html->formats))))
        html->formats[html->format_count++] = format;
}

void gbxi_html_format_push(gbxi_html *html, uint32_t element)
{
    uint32_t hash = hash_attributes(html, element);

    if (html->err != GBX_ERR_OK)
        return;
    forget_fourth(html, element, hash);
    html->nodes[element].is_formatting = true;
    add_format(html, (gbxi_html_format){element, hash});
}

void gbxi_html_format_mark(gbxi_html *html)
{
    add_format(html, (gbxi_html_format){GBXI_HTML_NONE, 0});
}

void gbxi_html_format_clear_to_mark(gbxi_html *html)
{
    while (html->format_count > 0) {
        uint32_t node = html->formats[--html->format_count].node;

        if (node == GBXI_HTML_NONE)
            return;
        html->nodes[node].is_formatting = false;
    }
}

void gbxi_html_format_remove(gbxi_html *html, size_t position)
{
    size_t after = html->format_count - position - 1;

    if (html->formats[position].node != GBXI_HTML_NONE)
        html->nodes[html->formats[position].node].is_formatting = false;
    memmove(&html->formats[position], &html->formats[position + 1], after * sizeof(*html->formats));
    --html->format_count;
    gbxi_html_spend(html, after / 8);
}

/* The attributes of an element are shared by its clones, but each of them is listed and read with all of them. */
static void spend_on_clone(gbxi_html *html, uint32_t first)
{
    gbxi_html_spend(html, CLONE_STEPS);
    for (uint32_t i = first; i != GBXI_HTML_NONE && html->err == GBX_ERR_OK; i = html->attributes[i].next) {
        const gbxi_html_attribute *attribute = &html->attributes[i];
        size_t bytes = (size_t)html->names.names[attribute->name].length + attribute->value.length;

        gbxi_html_spend(html, CLONE_STEPS + bytes / CLONE_BYTES_PER_STEP);
    }
}

uint32_t gbxi_html_clone(gbxi_html *html, uint32_t element)
{
    gbxi_html_start_tag tag = {.name = html->nodes[element].name, .first = html->nodes[element].first_item};

    spend_on_clone(html, tag.first);
    return gbxi_html_new_element(html, &tag, GBXI_HTML_SPACE_HTML);
}

static bool is_open_or_marker(const gbxi_html *html, gbxi_html_format format)
{
    return format.node == GBXI_HTML_NONE || html->nodes[format.node].is_open;
}

void gbxi_html_format_reconstruct(gbxi_html *html)
{
    size_t i = html->format_count;

    while (i > 0 && !is_open_or_marker(html, html->formats[i - 1]))
        --i;
    for (; i < html->format_count && html->err == GBX_ERR_OK; i++) {
        uint32_t element = gbxi_html_clone(html, html->formats[i].node);

        gbxi_html_put(html, element, gbxi_html_place_for(html, gbxi_html_current(html)));
        gbxi_html_open_push(html, element);
        if (html->err != GBX_ERR_OK)
            return;
        html->nodes[html->formats[i].node].is_formatting = false;
        html->nodes[element].is_formatting = true;
        html->formats[i].node = element;
    }
}

bool gbxi_html_format_find_name(gbxi_html *html, uint32_t name, size_t *position)
{
    size_t i = html->format_count;

    while (i-- > 0 && html->formats[i].node != GBXI_HTML_NONE) {
        if (html->nodes[html->formats[i].node].name == name) {
            *position = i;
            gbxi_html_spend(html, html->format_count - i);
            return true;
        }
    }
    gbxi_html_spend(html, html->format_count - (i + 1));
    return false;
}

size_t gbxi_html_format_find(gbxi_html *html, uint32_t element)
{
    size_t i = html->format_count;

    while (i-- > 0 && html->formats[i].node != element)
        continue;
    gbxi_html_spend(html, html->format_count - i);
    return i;
}
