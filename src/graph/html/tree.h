/* SPDX-License-Identifier: MIT */
/* The tree of a page's nodes: making, placing and moving them. */
#ifndef GBX_GRAPH_HTML_TREE_H
#define GBX_GRAPH_HTML_TREE_H

#include "graph/html/state.h"

/* Where a node goes: into `parent`, in front of `before` or, without it, at the end. */
typedef struct gbxi_html_place {
    uint32_t parent;
    uint32_t before; /* or NONE */
} gbxi_html_place;

/* A new node that is nowhere yet; after an error the document, which is everywhere. */
uint32_t gbxi_html_new(gbxi_html *html, gbxi_html_kind kind);
/* A new element with the attributes of a tag. */
uint32_t gbxi_html_new_element(gbxi_html *html, const gbxi_html_start_tag *tag, gbxi_html_space space);

/* The appropriate place for a node that belongs into `target`: in front of the table, if that is where it must go. */
gbxi_html_place gbxi_html_place_for(gbxi_html *html, uint32_t target);
/* Puts a node, which is nowhere or elsewhere, there. */
void gbxi_html_put(gbxi_html *html, uint32_t node, gbxi_html_place place);
/* Takes a node out of its parent. */
void gbxi_html_detach(gbxi_html *html, uint32_t node);
void gbxi_html_move_children(gbxi_html *html, uint32_t from, uint32_t to);

/* Adds characters at the appropriate place; they continue a text that is there. */
void gbxi_html_add_text(gbxi_html *html, gbxi_text text);
void gbxi_html_add_comment(gbxi_html *html, uint32_t parent);

#endif
