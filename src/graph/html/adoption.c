/* SPDX-License-Identifier: MIT */
/* Owns the adoption agency algorithm, which closes formatting elements that other elements reach out of. */
#include "graph/html/builder.h"

enum { OUTER_TURNS = 8, INNER_TURNS = 3 };

/* The formatting element with what it is closed around. Positions are in the stack of open elements, except for those
 * that say format. */
typedef struct adoption {
    uint32_t formatting;
    uint32_t block; /* the furthest block */
    size_t at;      /* of the formatting element */
    size_t block_at;
    size_t format_at;
    size_t bookmark; /* where the new formatting element goes in the list */
} adoption;

/* The outermost special element inside of the formatting element. What is between them is taken off the stack
 * afterwards, so that the walk is paid for. */
static bool find_furthest_block(gbxi_html *html, adoption *a)
{
    for (size_t i = a->at + 1; i < html->open_count; i++) {
        gbxi_html_spend(html, 1);
        if (html->open[i].special != i + 1)
            continue;
        a->block = html->open[i].node;
        a->block_at = i;
        return true;
    }
    return false;
}

/* Forgets an element of the list; what is behind it moves up. */
static void forget_format(gbxi_html *html, adoption *a, size_t position)
{
    gbxi_html_format_remove(html, position);
    a->bookmark -= position < a->bookmark;
}

/* Puts a new element into the place that `old` has in the stack and in the list. */
static uint32_t renew(gbxi_html *html, adoption *a, size_t position, uint32_t old, bool is_first)
{
    size_t format = gbxi_html_format_find(html, old);
    uint32_t element = gbxi_html_clone(html, old);

    if (html->err != GBX_ERR_OK)
        return 0;
    html->nodes[old].is_formatting = false;
    html->nodes[element].is_formatting = true;
    html->formats[format].node = element;
    gbxi_html_open_replace(html, position, element);
    if (is_first)
        a->bookmark = format + 1;
    return element;
}

/* Walks from the furthest block out to the formatting element and chains what is between them. Returns the outermost
 * element of the chain. */
static uint32_t chain_between(gbxi_html *html, adoption *a)
{
    uint32_t last = a->block;
    int turns = 0;

    for (size_t i = a->block_at; i-- > a->at + 1 && html->err == GBX_ERR_OK;) {
        uint32_t node = html->open[i].node;

        if (++turns > INNER_TURNS && html->nodes[node].is_formatting)
            forget_format(html, a, gbxi_html_format_find(html, node));
        if (!html->nodes[node].is_formatting) {
            gbxi_html_open_remove(html, i);
            --a->block_at;
            continue;
        }
        node = renew(html, a, i, node, last == a->block);
        gbxi_html_put(html, last, (gbxi_html_place){node, GBXI_HTML_NONE});
        last = node;
    }
    return last;
}

/* Moves the list's entry at `at` to the bookmark and makes it another. */
static void move_format(gbxi_html *html, adoption *a, size_t at, gbxi_html_format format)
{
    gbxi_html_format *formats = html->formats;

    gbxi_html_spend(html, html->format_count / 8);
    for (; at + 1 < a->bookmark; at++)
        formats[at] = formats[at + 1];
    for (; at > a->bookmark; at--)
        formats[at] = formats[at - 1];
    formats[at] = format;
}

/* Replaces the formatting element by a new one inside of the furthest block. */
static void move_formatting(gbxi_html *html, adoption *a)
{
    uint32_t element = gbxi_html_clone(html, a->formatting);
    size_t at = gbxi_html_format_find(html, a->formatting);

    if (html->err != GBX_ERR_OK)
        return;
    gbxi_html_move_children(html, a->block, element);
    gbxi_html_put(html, element, (gbxi_html_place){a->block, GBXI_HTML_NONE});
    html->nodes[a->formatting].is_formatting = false;
    html->nodes[element].is_formatting = true;
    move_format(html, a, at, (gbxi_html_format){element, html->formats[at].hash});
    gbxi_html_open_remove(html, a->at);
    gbxi_html_open_insert(html, a->block_at, element);
}

/* One turn of the outer loop, for the formatting element at `format_at`. False after the last one. */
static bool adopt_once(gbxi_html *html, adoption *a)
{
    uint32_t last, ancestor;

    a->formatting = html->formats[a->format_at].node;
    if (!html->nodes[a->formatting].is_open) {
        gbxi_html_format_remove(html, a->format_at);
        return false;
    }
    a->at = gbxi_html_open_find(html, a->formatting);
    if (!gbxi_html_position_in_scope(html, a->at))
        return false;
    if (!find_furthest_block(html, a)) {
        gbxi_html_open_pop_to(html, a->at);
        gbxi_html_format_remove(html, a->format_at);
        return false;
    }
    ancestor = html->open[a->at > 0 ? a->at - 1 : 0].node;
    a->bookmark = a->format_at + 1;
    last = chain_between(html, a);
    gbxi_html_put(html, last, gbxi_html_place_for(html, ancestor));
    move_formatting(html, a);
    return true;
}

void gbxi_html_adopt(gbxi_html *html, uint32_t name)
{
    adoption a;

    if (gbxi_html_current_is(html, name) && !html->nodes[gbxi_html_current(html)].is_formatting) {
        gbxi_html_open_pop(html);
        return;
    }
    for (int turn = 0; turn < OUTER_TURNS && html->err == GBX_ERR_OK; turn++) {
        if (!gbxi_html_format_find_name(html, name, &a.format_at)) {
            gbxi_html_end_other(html, name);
            return;
        }
        if (!adopt_once(html, &a))
            return;
    }
}
