/* SPDX-License-Identifier: MIT */
/* The stack of open elements. The outermost, html, is at position 0. */
#ifndef GBX_GRAPH_HTML_OPEN_H
#define GBX_GRAPH_HTML_OPEN_H

#include "graph/html/state.h"

/* What ends the search for an open element. */
typedef enum gbxi_html_scope {
    GBXI_HTML_SCOPE_PLAIN,
    GBXI_HTML_SCOPE_LIST,
    GBXI_HTML_SCOPE_BUTTON,
    GBXI_HTML_SCOPE_TABLE
} gbxi_html_scope;

/* The innermost open element; the document before there is one. */
static inline uint32_t gbxi_html_current(const gbxi_html *html)
{
    return html->open_count > 0 ? html->open[html->open_count - 1].node : 0;
}

/* Whether the innermost open element is one of HTML with that name. */
static inline bool gbxi_html_current_is(const gbxi_html *html, uint32_t name)
{
    return gbxi_html_is(html, gbxi_html_current(html), name);
}

/* Whether the innermost open element is one of HTML and has one of the flags. */
static inline bool gbxi_html_current_has(const gbxi_html *html, unsigned flags)
{
    const gbxi_html_node *node = &html->nodes[gbxi_html_current(html)];

    return node->space == GBXI_HTML_SPACE_HTML && (gbxi_html_flags(node->name) & flags) != 0;
}

void gbxi_html_open_push(gbxi_html *html, uint32_t node);
void gbxi_html_open_pop(gbxi_html *html);
/* Pops until `count` are left. */
void gbxi_html_open_pop_to(gbxi_html *html, size_t count);
/* Cost: the number of open elements inside. */
void gbxi_html_open_remove(gbxi_html *html, size_t position);
void gbxi_html_open_insert(gbxi_html *html, size_t position, uint32_t node);
void gbxi_html_open_replace(gbxi_html *html, size_t position, uint32_t node);

/* The position plus one of the innermost open element of HTML with that name, or 0. */
uint32_t gbxi_html_innermost(const gbxi_html *html, uint32_t name);
/* The same of SVG or MathML. */
uint32_t gbxi_html_innermost_foreign(const gbxi_html *html, uint32_t name);
/* The position of an open element of HTML. */
size_t gbxi_html_open_find(gbxi_html *html, uint32_t node);
/* Whether an element of HTML with that name is in scope. */
bool gbxi_html_in_scope(const gbxi_html *html, uint32_t name, gbxi_html_scope scope);
/* Whether the element at a position is in scope. */
bool gbxi_html_position_in_scope(const gbxi_html *html, size_t position);
/* Pops until an element of HTML with that name, which must be open, has been popped. */
void gbxi_html_pop_until(gbxi_html *html, uint32_t name);
/* Generates implied end tags, except for elements with that name (or NONE). */
void gbxi_html_imply_ends(gbxi_html *html, uint32_t except);
/* The same, thoroughly. */
void gbxi_html_imply_all_ends(gbxi_html *html);

#endif
