/* SPDX-License-Identifier: MIT */
/* Owns listing the tree of an HTML page. */
#include "graph/source/page.h"
#include "graph/array.h"
#include "graph/html/parse.h"
#include "graph/stop.h"
#include <inttypes.h>
#include <string.h>

typedef struct lister {
    gbxi_page *page;
    const gbxi_html *html;
    gbxi_text names[GBXI_HTML_TAG_COUNT];     /* of tags, once they are in the page's texts */
    gbxi_text svg_names[GBXI_HTML_TAG_COUNT]; /* of those that SVG writes differently */
} lister;

static gbx_err add_record(gbxi_page *page, gbxi_page_record record)
{
    gbx_err err = gbxi_array_reserve(&page->records, &page->capacity, page->count + 1, sizeof(*page->records));

    if (err == GBX_ERR_OK)
        page->records[page->count++] = record;
    return err;
}

/* Equal names share one text. */
static gbx_err name_element(lister *l, const gbxi_html_node *node, gbxi_text *name)
{
    const gbxi_html_tag_row *row;
    bool is_svg;
    gbxi_text *known;
    gbx_err err = GBX_ERR_OK;

    if (node->name >= GBXI_HTML_TAG_COUNT) {
        *name = l->html->names.names[node->name - GBXI_HTML_TAG_COUNT];
        return GBX_ERR_OK;
    }
    row = &gbxi_html_tag_rows[node->name];
    is_svg = node->space == GBXI_HTML_SPACE_SVG && row->svg_name != NULL;
    known = is_svg ? &l->svg_names[node->name] : &l->names[node->name];
    if (known->length == 0) {
        const char *text = is_svg ? row->svg_name : row->name;

        err = gbxi_texts_add(&l->page->texts, text, strlen(text), known);
    }
    *name = *known;
    return err;
}

static gbx_err list_attributes(lister *l, const gbxi_html_node *node, uint32_t element)
{
    const gbxi_html *html = l->html;
    gbx_err err = GBX_ERR_OK;

    for (uint32_t i = node->first_item; err == GBX_ERR_OK && i != GBXI_HTML_NONE; i = html->attributes[i].next)
        err = add_record(l->page, (gbxi_page_record){.name = html->names.names[html->attributes[i].name],
                                                     .value = html->attributes[i].value,
                                                     .parent = element,
                                                     .kind = GBXI_NODE_ATTRIBUTE});
    return err;
}

static void note_landmarks(gbxi_page *page, uint32_t element, uint32_t parent, uint32_t name)
{
    if (parent == GBXI_GRAPH_NONE)
        page->root = element;
    else if (parent == page->root && page->body == GBXI_GRAPH_NONE && name == GBXI_HTML_TAG_BODY)
        page->body = element;
}

static gbx_err list_element(lister *l, const gbxi_html_node *node, uint32_t parent)
{
    uint32_t element = (uint32_t)l->page->count;
    gbxi_page_record record = {.parent = parent, .kind = GBXI_NODE_ELEMENT};
    gbx_err err = name_element(l, node, &record.name);

    if (err == GBX_ERR_OK)
        err = add_record(l->page, record);
    if (err != GBX_ERR_OK)
        return err;
    note_landmarks(l->page, element, parent, node->name);
    return list_attributes(l, node, element);
}

static bool is_blank_text(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (strchr(" \t\n\r\f", bytes[i]) == NULL || bytes[i] == '\0')
            return false;
    return true;
}

/* Puts the pieces of a text together, behind all others. */
static gbx_err join_pieces(lister *l, uint32_t piece, gbxi_text *joined)
{
    gbxi_texts *texts = &l->page->texts;
    gbx_err err = GBX_ERR_OK;

    *joined = (gbxi_text){(uint32_t)texts->used, 0};
    for (size_t turn = 0; err == GBX_ERR_OK && piece != GBXI_HTML_NONE; turn++, piece = l->html->pieces[piece].next) {
        gbxi_text text = l->html->pieces[piece].text;

        if (!gbxi_account_goes_on(turn))
            return GBX_ERR_IO;
        if ((err = gbxi_array_reserve(&texts->bytes, &texts->capacity, texts->used + text.length, 1)) == GBX_ERR_OK)
            err = gbxi_texts_extend(texts, joined, gbxi_texts_at(texts, text), text.length);
    }
    return err;
}

static gbx_err list_text(lister *l, const gbxi_html_node *node, uint32_t parent)
{
    gbxi_text text = l->html->pieces[node->first_item].text;
    gbx_err err = GBX_ERR_OK;

    if (node->first_item != node->last_item)
        err = join_pieces(l, node->first_item, &text);
    if (err != GBX_ERR_OK || is_blank_text(gbxi_texts_at(&l->page->texts, text), text.length))
        return err;
    return add_record(l->page, (gbxi_page_record){.value = text, .parent = parent, .kind = GBXI_NODE_TEXT});
}

static gbx_err list_node(lister *l, const gbxi_html_node *node, uint32_t parent)
{
    switch (node->kind) {
    case GBXI_HTML_ELEMENT:
        return list_element(l, node, parent);
    case GBXI_HTML_TEXT:
        return list_text(l, node, parent);
    default:
        return GBX_ERR_OK;
    }
}

/* The next node in document order that is not below this one, or NONE. */
static uint32_t node_behind(const gbxi_html *html, uint32_t at)
{
    while (html->nodes[at].next == GBXI_HTML_NONE && html->nodes[at].parent != GBXI_HTML_NONE)
        at = html->nodes[at].parent;
    return html->nodes[at].next;
}

/* Walks the tree in document order. An element's `first_item` becomes its record once its attributes are listed, so
 * that the walk back needs no stack. */
static gbx_err list_tree(lister *l, gbxi_html *html)
{
    uint32_t at = html->nodes[0].first, parent = GBXI_GRAPH_NONE;
    gbx_err err = GBX_ERR_OK;

    for (size_t turn = 0; err == GBX_ERR_OK && at != GBXI_HTML_NONE; turn++) {
        gbxi_html_node *node = &html->nodes[at];
        uint32_t record = (uint32_t)l->page->count;

        if (!gbxi_account_goes_on(turn))
            return GBX_ERR_IO;
        err = list_node(l, node, parent);
        if (node->first != GBXI_HTML_NONE) {
            node->first_item = record;
            at = node->first;
        } else {
            at = node_behind(html, at);
        }
        if (at != GBXI_HTML_NONE)
            parent = html->nodes[at].parent != 0 ? html->nodes[html->nodes[at].parent].first_item : GBXI_GRAPH_NONE;
    }
    return err;
}

/* Sets each record's end, from the last record to the first: a parent ends where its last child ends. */
static void set_ends(gbxi_page *page)
{
    for (size_t i = page->count; i-- > 0 && gbxi_account_goes_on(i);) {
        gbxi_page_record *record = &page->records[i];

        if (record->end == 0)
            record->end = (uint32_t)i + 1;
        if (record->parent != GBXI_GRAPH_NONE && page->records[record->parent].end < record->end)
            page->records[record->parent].end = record->end;
    }
}

static gbx_err list_page(gbxi_page *page, gbxi_html *html)
{
    lister l = {.page = page, .html = html};
    gbx_err err = list_tree(&l, html);

    set_ends(page);
    return err;
}

gbx_err gbxi_page_parse(gbxi_page *page, const char *html, size_t length, gbx_error *error)
{
    gbxi_html parsed;
    uint64_t steps_max;
    gbx_err err;

    *page = (gbxi_page){.root = GBXI_GRAPH_NONE, .body = GBXI_GRAPH_NONE};
    err = gbxi_html_parse(&parsed, &page->texts, html, length);
    if (err == GBX_ERR_OK)
        err = list_page(page, &parsed);
    steps_max = parsed.steps_max;
    gbxi_html_fini(&parsed);
    if (err == GBX_ERR_OK)
        return gbxi_stop_check();
    if (err == GBX_ERR_LIMIT)
        return gbx_error_set(error, err, NULL,
                             "the page takes more than %" PRIu64 " steps, the limit for its length: too many different "
                             "formatting elements are open, one with very many or long attributes is opened again too "
                             "often, or end tags close what is very far out",
                             steps_max);
    return gbx_error_set(error, err, NULL, "%s", gbx_err_text(err));
}

void gbxi_page_fini(gbxi_page *page)
{
    gbxi_account_free(page->records);
    gbxi_texts_fini(&page->texts);
    *page = (gbxi_page){0};
}
