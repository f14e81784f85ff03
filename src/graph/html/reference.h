/* SPDX-License-Identifier: MIT */
/* Character references: "&amp;", "&#38;" and "&#x26;". */
#ifndef GBX_GRAPH_HTML_REFERENCE_H
#define GBX_GRAPH_HTML_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>

enum { GBXI_HTML_ENTITY_COUNT = 2125, GBXI_HTML_REFERENCE_BYTES_MAX = 8 };

/* The table of entities.c, for reference.c and its test. */
extern const char gbxi_html_entities[];

/* What a reference stands for, in UTF-8. */
typedef struct gbxi_html_reference {
    char bytes[GBXI_HTML_REFERENCE_BYTES_MAX];
    size_t length;
} gbxi_html_reference;

/* Reads the reference at `at`, which is a "&" before `end`. Returns how many bytes it takes; 0 if it is none, and the
 * "&" is text. In an attribute's value, names without a semicolon are read with more caution. Cost: constant. Thread:
 * any. */
size_t gbxi_html_reference_read(const char *at, const char *end, bool in_attribute, gbxi_html_reference *reference);

#endif
