/* SPDX-License-Identifier: MIT */
/* Keeping only a part of a page: nodes are marked, the marks are spread up or down, and the edges are adjusted.
 *
 * Usage: begin, mark nodes, spread, keep, end (even after an error). Every step is one pass over the nodes: a page's
 * nodes are in document order, so parents come before their children. */
#ifndef GBX_GRAPH_TRANSFORM_PAGE_FILTER_H
#define GBX_GRAPH_TRANSFORM_PAGE_FILTER_H

#include "graph/graph.h"

/* Owns: its arrays. */
typedef struct gbxi_page_filter {
    gbxi_graph *graph;
    uint32_t *parents;    /* for each node: its parent element, or GBXI_GRAPH_NONE */
    unsigned char *marks; /* for each node: whether it is kept */
} gbxi_page_filter;

/* Starts without marks. Errors: CONFLICT at /graph_data if the graph is not a page; NO_MEMORY; IO if stopped. */
GBX_MUST_USE gbx_err gbxi_page_filter_begin(gbxi_page_filter *filter, gbxi_graph *graph, gbx_error *error);
void gbxi_page_filter_end(gbxi_page_filter *filter);

/* Marks all descendants of marked nodes. */
void gbxi_page_filter_spread_down(gbxi_page_filter *filter);
/* Marks all ancestors of marked nodes. */
void gbxi_page_filter_spread_up(gbxi_page_filter *filter);

/* Keeps only the marked nodes. The parent of each becomes its nearest marked ancestor. Errors: NO_MEMORY; IO if
 * stopped. */
GBX_MUST_USE gbx_err gbxi_page_filter_keep(gbxi_page_filter *filter);

/* Marks the nodes to keep. `wanted` is passed through from the caller. */
typedef void gbxi_page_marker(gbxi_page_filter *filter, const void *wanted);

/* Runs a whole transformation from begin to end, calling `mark` in between. Errors: as above. */
GBX_MUST_USE gbx_err gbxi_page_keep_marked(gbxi_graph *graph, gbxi_page_marker *mark, const void *wanted,
                                           gbx_error *error);

/* Implements body_only and head_only: keeps only the elements with that tag directly below the root, and all their
 * descendants. Errors: as above. */
GBX_MUST_USE gbx_err gbxi_page_keep_part(gbxi_graph *graph, const char *tag, gbx_error *error);

/* Whether a node is an element with that tag, or an attribute with that name. Both are in lower case, as in all parsed
 * HTML. */
bool gbxi_page_is_element(const gbxi_graph *graph, size_t node, const char *tag);
bool gbxi_page_is_attribute(const gbxi_graph *graph, size_t node, const char *name);
/* Whether an element is a style sheet: a style element, or a link whose rel contains the word stylesheet. The
 * attributes are found because they directly follow their element. */
bool gbxi_page_is_style_sheet(const gbxi_graph *graph, const uint32_t *parents, size_t node);

#endif
