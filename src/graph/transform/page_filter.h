/* SPDX-License-Identifier: MIT */
/* Leaving only a part of a page: marks on its nodes, spread up and down, and the edges that what is marked then has.
 *
 * Usage: begin, mark nodes, spread, keep, end (in any case). Every step is one pass over the nodes: a page's come in
 * document order, so that parents come before their children. */
#ifndef GBX_GRAPH_TRANSFORM_PAGE_FILTER_H
#define GBX_GRAPH_TRANSFORM_PAGE_FILTER_H

#include "graph/graph.h"

/* Owns: its arrays. */
typedef struct gbxi_page_filter {
    gbxi_graph *graph;
    uint32_t *parents;    /* of each node the element it is in, or GBXI_GRAPH_NONE */
    unsigned char *marks; /* of each node whether it stays */
} gbxi_page_filter;

/* Without marks. Errors: CONFLICT at /graph_data when the graph is no page; NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_page_filter_begin(gbxi_page_filter *filter, gbxi_graph *graph, gbx_error *error);
void gbxi_page_filter_end(gbxi_page_filter *filter);

/* Marks everything below a marked node. */
void gbxi_page_filter_spread_down(gbxi_page_filter *filter);
/* Marks every element that a marked node is in. */
void gbxi_page_filter_spread_up(gbxi_page_filter *filter);

/* Leaves only the marked nodes; each hangs from the nearest one of them above it. Errors: NO_MEMORY. */
GBX_MUST_USE gbx_err gbxi_page_filter_keep(gbxi_page_filter *filter);

/* Marks what stays; `wanted` is the caller's own. */
typedef void gbxi_page_marker(gbxi_page_filter *filter, const void *wanted);

/* The whole of a transformation: from begin to end, with `mark` between. Errors: as above. */
GBX_MUST_USE gbx_err gbxi_page_keep_marked(gbxi_graph *graph, gbxi_page_marker *mark, const void *wanted,
                                           gbx_error *error);

/* The whole of the transformations body_only and head_only: leaves only the elements of that tag directly below the
 * root, and all below them. Errors: as above. */
GBX_MUST_USE gbx_err gbxi_page_keep_part(gbxi_graph *graph, const char *tag, gbx_error *error);

/* Whether a node is an element of that tag, or an attribute of that name; in lower case, as HTML's all are. */
bool gbxi_page_is_element(const gbxi_graph *graph, size_t node, const char *tag);
bool gbxi_page_is_attribute(const gbxi_graph *graph, size_t node, const char *name);
/* Whether an element is a style sheet: a style, or a link whose rel has the word stylesheet. Attributes follow their
 * element, which is how they are found. */
bool gbxi_page_is_style_sheet(const gbxi_graph *graph, const uint32_t *parents, size_t node);

#endif
