/* SPDX-License-Identifier: MIT */
/* An HTML page as a flat list of what counts in it: elements, attributes, text; libxml2 stays behind this header.
 *
 * What counts: every element, with the html and body (and, around head content, head) that HTML implies where a page
 * leaves them out; every attribute (of two with one name the first); every run of text that is not only ASCII
 * whitespace, scripts and style sheets included. Comments, processing instructions and the doctype do not count, but a
 * comment or an instruction separates the text before it from the text after it. What follows </html> belongs to the
 * body. The page is UTF-8 whatever its meta tags say; a NUL byte reads as U+FFFD. */
#ifndef GBX_GRAPH_SOURCE_PAGE_H
#define GBX_GRAPH_SOURCE_PAGE_H

#include "graph/graph.h"

typedef struct gbxi_page_record {
    gbxi_text name;  /* interned */
    gbxi_text value; /* of an attribute or a text */
    uint32_t parent; /* a record's number, or GBXI_GRAPH_NONE */
    uint32_t end;    /* one past the last record below this one */
    gbxi_node_kind kind;
} gbxi_page_record;

/* In document order, an element before its attributes and those before its content. Owns: its arrays. */
typedef struct gbxi_page {
    gbxi_page_record *records;
    size_t count;
    size_t capacity;
    gbxi_texts texts;
    uint32_t root; /* the html element, or GBXI_GRAPH_NONE */
    uint32_t body; /* likewise */
} gbxi_page;

/* Reads a page, however broken; an empty one has no records. Errors: NO_MEMORY; LIMIT for a page made to be slow
 * (thousands of attributes on one tag, endless stray end tags at great depth). `page` is to be freed in any case. Cost:
 * linear; no recursion, so depth costs heap only. Thread: any. */
GBX_MUST_USE gbx_err gbxi_page_parse(gbxi_page *page, const char *html, size_t length, gbx_error *error);
void gbxi_page_fini(gbxi_page *page);

#endif
