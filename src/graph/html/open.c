/* SPDX-License-Identifier: MIT */
/* Owns the stack of open elements. */
#include "graph/html/open.h"

/* What an element is, whatever its language. */
static unsigned element_flags(const gbxi_html_node *node)
{
    switch (node->space) {
    case GBXI_HTML_SPACE_HTML:
        return gbxi_html_flags(node->name);
    case GBXI_HTML_SPACE_SVG:
        switch (node->name) {
        case GBXI_HTML_TAG_FOREIGNOBJECT:
        case GBXI_HTML_TAG_DESC:
        case GBXI_HTML_TAG_TITLE:
            return GBXI_HTML_FLAGS_SCOPE;
        default:
            return 0;
        }
    default:
        switch (node->name) {
        case GBXI_HTML_TAG_MI:
        case GBXI_HTML_TAG_MO:
        case GBXI_HTML_TAG_MN:
        case GBXI_HTML_TAG_MS:
        case GBXI_HTML_TAG_MTEXT:
        case GBXI_HTML_TAG_ANNOTATION_XML:
            return GBXI_HTML_FLAGS_SCOPE;
        default:
            return 0;
        }
    }
}

static uint32_t *innermost_slot(gbxi_html *html, const gbxi_html_node *node)
{
    bool is_foreign = node->space != GBXI_HTML_SPACE_HTML;

    if (node->name < GBXI_HTML_TAG_COUNT)
        return is_foreign ? &html->foreign[node->name] : &html->innermost[node->name];
    return is_foreign ? &html->uses[node->name - GBXI_HTML_TAG_COUNT].foreign
                      : &html->uses[node->name - GBXI_HTML_TAG_COUNT].innermost;
}

/* Links the element at a position to those outside of it. */
static void link_open(gbxi_html *html, size_t position, uint32_t number)
{
    gbxi_html_node *node = &html->nodes[number];
    gbxi_html_open open = position > 0 ? html->open[position - 1] : (gbxi_html_open){0};
    uint32_t own = (uint32_t)position + 1, *slot = innermost_slot(html, node);
    unsigned flags = element_flags(node);

    open.node = number;
    open.outer_same = *slot;
    *slot = own;
    if (node->space == GBXI_HTML_SPACE_HTML)
        open.native = own;
    if ((flags & GBXI_HTML_SPECIAL) != 0)
        open.special = own;
    if ((flags & GBXI_HTML_SPECIAL) != 0 && (flags & GBXI_HTML_PASSED) == 0)
        open.item = own;
    if ((flags & GBXI_HTML_SCOPE) != 0)
        open.scope = own;
    if ((flags & (GBXI_HTML_SCOPE | GBXI_HTML_LIST)) != 0)
        open.list_scope = own;
    if ((flags & (GBXI_HTML_SCOPE | GBXI_HTML_BUTTON)) != 0)
        open.button_scope = own;
    if ((flags & GBXI_HTML_TABLE) != 0)
        open.table_scope = own;
    node->is_open = true;
    html->open[position] = open;
}

static void unlink_open(gbxi_html *html, size_t position)
{
    gbxi_html_node *node = &html->nodes[html->open[position].node];

    *innermost_slot(html, node) = html->open[position].outer_same;
    node->is_open = false;
}

static bool reserve_open(gbxi_html *html)
{
    return html->err == GBX_ERR_OK &&
           !gbxi_html_failed(
               html, gbxi_array_reserve(&html->open, &html->open_capacity, html->open_count + 1, sizeof(*html->open)));
}

void gbxi_html_open_push(gbxi_html *html, uint32_t node)
{
    if (reserve_open(html))
        link_open(html, html->open_count++, node);
}

void gbxi_html_open_pop(gbxi_html *html)
{
    if (html->open_count > 0)
        unlink_open(html, --html->open_count);
}

void gbxi_html_open_pop_to(gbxi_html *html, size_t count)
{
    while (html->open_count > count)
        gbxi_html_open_pop(html);
}

/* Takes the elements from a position on out of all links; their nodes stay in their places. */
static void unlink_from(gbxi_html *html, size_t position)
{
    for (size_t i = html->open_count; i-- > position;)
        unlink_open(html, i);
    gbxi_html_spend(html, 4 * (html->open_count - position));
}

void gbxi_html_open_remove(gbxi_html *html, size_t position)
{
    unlink_from(html, position);
    for (size_t i = position + 1; i < html->open_count; i++)
        link_open(html, i - 1, html->open[i].node);
    --html->open_count;
}

void gbxi_html_open_insert(gbxi_html *html, size_t position, uint32_t node)
{
    if (!reserve_open(html))
        return;
    unlink_from(html, position);
    html->open[html->open_count++] = (gbxi_html_open){0};
    for (size_t i = position; i < html->open_count; i++) {
        uint32_t moved = html->open[i].node;

        link_open(html, i, node);
        node = moved;
    }
}

void gbxi_html_open_replace(gbxi_html *html, size_t position, uint32_t node)
{
    unlink_from(html, position);
    link_open(html, position, node);
    for (size_t i = position + 1; i < html->open_count; i++)
        link_open(html, i, html->open[i].node);
}

uint32_t gbxi_html_innermost(const gbxi_html *html, uint32_t name)
{
    return name < GBXI_HTML_TAG_COUNT ? html->innermost[name] : html->uses[name - GBXI_HTML_TAG_COUNT].innermost;
}

uint32_t gbxi_html_innermost_foreign(const gbxi_html *html, uint32_t name)
{
    return name < GBXI_HTML_TAG_COUNT ? html->foreign[name] : html->uses[name - GBXI_HTML_TAG_COUNT].foreign;
}

size_t gbxi_html_open_find(gbxi_html *html, uint32_t node)
{
    uint32_t position = gbxi_html_innermost(html, html->nodes[node].name);
    size_t steps = 1;

    for (; position > 1 && html->open[position - 1].node != node; steps++)
        position = html->open[position - 1].outer_same;
    gbxi_html_spend(html, steps);
    return position > 0 ? position - 1 : 0;
}

bool gbxi_html_in_scope(const gbxi_html *html, uint32_t name, gbxi_html_scope scope)
{
    uint32_t position = gbxi_html_innermost(html, name);
    const gbxi_html_open *top;

    if (position == 0)
        return false;
    top = &html->open[html->open_count - 1];
    switch (scope) {
    case GBXI_HTML_SCOPE_LIST:
        return position >= top->list_scope;
    case GBXI_HTML_SCOPE_BUTTON:
        return position >= top->button_scope;
    case GBXI_HTML_SCOPE_TABLE:
        return position >= top->table_scope;
    default:
        return position >= top->scope;
    }
}

bool gbxi_html_position_in_scope(const gbxi_html *html, size_t position)
{
    return position + 1 >= html->open[html->open_count - 1].scope;
}

void gbxi_html_pop_until(gbxi_html *html, uint32_t name)
{
    uint32_t position = gbxi_html_innermost(html, name);

    if (position > 0)
        gbxi_html_open_pop_to(html, position - 1);
}

void gbxi_html_imply_ends(gbxi_html *html, uint32_t except)
{
    while (gbxi_html_current_has(html, GBXI_HTML_IMPLIED) && !gbxi_html_current_is(html, except))
        gbxi_html_open_pop(html);
}

void gbxi_html_imply_all_ends(gbxi_html *html)
{
    while (gbxi_html_current_has(html, GBXI_HTML_IMPLIED_ALL))
        gbxi_html_open_pop(html);
}
