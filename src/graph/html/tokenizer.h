/* SPDX-License-Identifier: MIT */
/* The tokenizer: reads a page and gives its parts to the tree builder. */
#ifndef GBX_GRAPH_HTML_TOKENIZER_H
#define GBX_GRAPH_HTML_TOKENIZER_H

#include "graph/html/state.h"

/* Each reads the next token or, of a long text, the next part. All need a rest of at least one byte. */
void gbxi_html_read_data(gbxi_html *html);
void gbxi_html_read_raw(gbxi_html *html);    /* RCDATA and RAWTEXT */
void gbxi_html_read_script(gbxi_html *html); /* a whole script */
void gbxi_html_read_plain(gbxi_html *html);

/* Reads the tag whose name begins at `at`. */
void gbxi_html_read_tag(gbxi_html *html, const char *at, bool is_end);
/* Reads a comment, a doctype, a processing instruction or a CDATA section: what begins with "<!", "<?" or "</" and is
 * no tag. */
void gbxi_html_read_markup(gbxi_html *html);
void gbxi_html_read_doctype(gbxi_html *html);

/* Gives characters to the tree builder. */
void gbxi_html_emit(gbxi_html *html, const char *bytes, size_t length);
/* The same with U+FFFD for NUL and one line feed for each kind of line end. */
void gbxi_html_emit_clean(gbxi_html *html, const char *begin, const char *end);
/* Reads a character reference or, if it is none, its "&". */
void gbxi_html_emit_reference(gbxi_html *html);
/* Whether an end tag for the element that raw text belongs to begins at `at`. */
bool gbxi_html_ends_raw(const gbxi_html *html, const char *at);

#endif
