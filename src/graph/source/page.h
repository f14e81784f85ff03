/* SPDX-License-Identifier: MIT */
/* An HTML page as a flat list of elements, attributes and texts.
 *
 * The list is the tree that browsers build without scripts, after the HTML standard. It contains every element,
 * including html, head and body, which every page has; every attribute (of two with the same name, the first); and
 * every run of text that is not only ASCII whitespace, including scripts and style sheets. The content of a template is
 * inside of it. Names of SVG and MathML are written as these do: foreignObject, viewBox. The list does not contain
 * comments and the doctype, but a comment separates the texts before and after it. The page is read as UTF-8 whatever
 * its meta tags say. */
#ifndef GBX_GRAPH_SOURCE_PAGE_H
#define GBX_GRAPH_SOURCE_PAGE_H

#include "graph/graph.h"

typedef struct gbxi_page_record {
    gbxi_text name;  /* interned */
    gbxi_text value; /* of an attribute or a text */
    uint32_t parent; /* number of a record, or GBXI_GRAPH_NONE */
    uint32_t end;    /* one past the last descendant */
    gbxi_node_kind kind;
} gbxi_page_record;

/* Records are in document order: an element, then its attributes, then its content. Owns: its arrays. */
typedef struct gbxi_page {
    gbxi_page_record *records;
    size_t count;
    size_t capacity;
    gbxi_texts texts;
    uint32_t root; /* the html element, or GBXI_GRAPH_NONE */
    uint32_t body; /* the body element, or GBXI_GRAPH_NONE */
} gbxi_page;

/* Parses a page, even if it is malformed. Call gbxi_page_fini even after an error. Errors: NO_MEMORY; IO if the work is
 * stopped (base/account.h); LIMIT for a page built to be slow, such as one with thousands of different formatting
 * elements open. Cost: linear; no recursion, so depth uses only heap memory. Thread: any. */
GBX_MUST_USE gbx_err gbxi_page_parse(gbxi_page *page, const char *html, size_t length, gbx_error *error);
void gbxi_page_fini(gbxi_page *page);

#endif
