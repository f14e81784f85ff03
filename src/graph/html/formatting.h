/* SPDX-License-Identifier: MIT */
/* The list of active formatting elements, and what closing them in any order makes of the tree. */
#ifndef GBX_GRAPH_HTML_FORMATTING_H
#define GBX_GRAPH_HTML_FORMATTING_H

#include "graph/html/state.h"

/* Adds an element; of more than three that are the same, the oldest is forgotten. */
void gbxi_html_format_push(gbxi_html *html, uint32_t element);
void gbxi_html_format_mark(gbxi_html *html);
void gbxi_html_format_clear_to_mark(gbxi_html *html);
void gbxi_html_format_remove(gbxi_html *html, size_t position);
/* Opens again those that were closed by an element around them. */
void gbxi_html_format_reconstruct(gbxi_html *html);
/* Sets `position` to the last element with that name since the last marker. */
bool gbxi_html_format_find_name(gbxi_html *html, uint32_t name, size_t *position);
/* The position of an element in the list. */
size_t gbxi_html_format_find(gbxi_html *html, uint32_t element);

/* An element like `element` that is nowhere yet and neither open nor in the list. */
uint32_t gbxi_html_clone(gbxi_html *html, uint32_t element);
/* The adoption agency algorithm for an end tag. */
void gbxi_html_adopt(gbxi_html *html, uint32_t name);

#endif
