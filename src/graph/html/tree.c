/* SPDX-License-Identifier: MIT */
/* Owns the nodes of the tree. */
#include "graph/html/tree.h"
#include "graph/html/open.h"

uint32_t gbxi_html_new(gbxi_html *html, gbxi_html_kind kind)
{
    if (html->err != GBX_ERR_OK ||
        gbxi_html_failed(
            html, gbxi_array_reserve(&html->nodes, &html->node_capacity, html->node_count + 1, sizeof(*html->nodes))))
        return 0;
    html->nodes[html->node_count] = (gbxi_html_node){.parent = GBXI_HTML_NONE,
                                                     .first = GBXI_HTML_NONE,
                                                     .last = GBXI_HTML_NONE,
                                                     .previous = GBXI_HTML_NONE,
                                                     .next = GBXI_HTML_NONE,
                                                     .name = GBXI_HTML_NONE,
                                                     .first_item = GBXI_HTML_NONE,
                                                     .last_item = GBXI_HTML_NONE,
                                                     .kind = (uint8_t)kind};
    return (uint32_t)html->node_count++;
}

uint32_t gbxi_html_new_element(gbxi_html *html, const gbxi_html_start_tag *tag, gbxi_html_space space)
{
    uint32_t element = gbxi_html_new(html, GBXI_HTML_ELEMENT);

    if (html->err != GBX_ERR_OK)
        return 0;
    html->nodes[element].name = tag->name;
    html->nodes[element].space = (uint8_t)space;
    html->nodes[element].first_item = tag->first;
    return element;
}

/* In front of the innermost table, or in the innermost template if that is inside of the table. */
static gbxi_html_place foster_place(const gbxi_html *html)
{
    uint32_t table = html->innermost[GBXI_HTML_TAG_TABLE], shell = html->innermost[GBXI_HTML_TAG_TEMPLATE];
    uint32_t node;

    if (shell > table)
        return (gbxi_html_place){html->open[shell - 1].node, GBXI_HTML_NONE};
    if (table < 2)
        return (gbxi_html_place){html->open[0].node, GBXI_HTML_NONE};
    node = html->open[table - 1].node;
    if (html->nodes[node].parent != GBXI_HTML_NONE)
        return (gbxi_html_place){html->nodes[node].parent, node};
    return (gbxi_html_place){html->open[table - 2].node, GBXI_HTML_NONE};
}

gbxi_html_place gbxi_html_place_for(gbxi_html *html, uint32_t target)
{
    const gbxi_html_node *node = &html->nodes[target];

    if (html->fosters && node->space == GBXI_HTML_SPACE_HTML && (gbxi_html_flags(node->name) & GBXI_HTML_FOSTERED) != 0)
        return foster_place(html);
    return (gbxi_html_place){target, GBXI_HTML_NONE};
}

void gbxi_html_put(gbxi_html *html, uint32_t node, gbxi_html_place place)
{
    gbxi_html_node *nodes = html->nodes, *own = &nodes[node];
    uint32_t previous;

    if (html->err != GBX_ERR_OK)
        return;
    gbxi_html_detach(html, node);
    previous = place.before != GBXI_HTML_NONE ? nodes[place.before].previous : nodes[place.parent].last;
    own->parent = place.parent;
    own->previous = previous;
    own->next = place.before;
    *(previous != GBXI_HTML_NONE ? &nodes[previous].next : &nodes[place.parent].first) = node;
    *(place.before != GBXI_HTML_NONE ? &nodes[place.before].previous : &nodes[place.parent].last) = node;
}

void gbxi_html_detach(gbxi_html *html, uint32_t node)
{
    gbxi_html_node *nodes = html->nodes, *own = &nodes[node];

    if (own->parent == GBXI_HTML_NONE)
        return;
    *(own->previous != GBXI_HTML_NONE ? &nodes[own->previous].next : &nodes[own->parent].first) = own->next;
    *(own->next != GBXI_HTML_NONE ? &nodes[own->next].previous : &nodes[own->parent].last) = own->previous;
    own->parent = own->previous = own->next = GBXI_HTML_NONE;
}

void gbxi_html_move_children(gbxi_html *html, uint32_t from, uint32_t to)
{
    while (html->nodes[from].first != GBXI_HTML_NONE && html->err == GBX_ERR_OK) {
        gbxi_html_put(html, html->nodes[from].first, (gbxi_html_place){to, GBXI_HTML_NONE});
        gbxi_html_spend(html, 1);
    }
}

/* Appends a piece to a text. Pieces that follow each other in the block become one. */
static void add_piece(gbxi_html *html, uint32_t node, gbxi_text text)
{
    gbxi_html_node *own = &html->nodes[node];
    uint32_t piece = (uint32_t)html->piece_count;

    if (own->last_item != GBXI_HTML_NONE) {
        gbxi_text *last = &html->pieces[own->last_item].text;

        if (last->at + last->length == text.at) {
            last->length += text.length;
            return;
        }
    }
    if (gbxi_html_failed(html, gbxi_array_reserve(&html->pieces, &html->piece_capacity, html->piece_count + 1,
                                                  sizeof(*html->pieces))))
        return;
    html->pieces[html->piece_count++] = (gbxi_html_piece){text, GBXI_HTML_NONE};
    if (own->last_item != GBXI_HTML_NONE)
        html->pieces[own->last_item].next = piece;
    else
        own->first_item = piece;
    own->last_item = piece;
}

void gbxi_html_add_text(gbxi_html *html, gbxi_text text)
{
    gbxi_html_place place;
    uint32_t node;

    if (text.length == 0 || html->err != GBX_ERR_OK)
        return;
    place = gbxi_html_place_for(html, gbxi_html_current(html));
    node = place.before != GBXI_HTML_NONE ? html->nodes[place.before].previous : html->nodes[place.parent].last;
    if (node == GBXI_HTML_NONE || html->nodes[node].kind != GBXI_HTML_TEXT) {
        node = gbxi_html_new(html, GBXI_HTML_TEXT);
        gbxi_html_put(html, node, place);
    }
    if (html->err == GBX_ERR_OK)
        add_piece(html, node, text);
}

void gbxi_html_add_comment(gbxi_html *html, uint32_t parent)
{
    uint32_t node = gbxi_html_new(html, GBXI_HTML_COMMENT);

    gbxi_html_put(html, node, (gbxi_html_place){parent, GBXI_HTML_NONE});
}
