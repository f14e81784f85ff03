/* SPDX-License-Identifier: MIT */
/* Parses a page into a tree, as the HTML standard says. */
#ifndef GBX_GRAPH_HTML_PARSE_H
#define GBX_GRAPH_HTML_PARSE_H

#include "graph/html/state.h"

/* Parses a page, which is UTF-8 and stays the caller's. Texts, values and names go into `texts`. Call gbxi_html_fini
 * also after an error. Errors: NO_MEMORY; IO if the work is stopped (base/account.h); LIMIT for a page that takes very
 * many steps for its length, such as one with thousands of different formatting elements open, or one of thousands of
 * attributes that is opened thousands of times; or above 4 GiB. Cost: linear. Thread: any. */
GBX_MUST_USE gbx_err gbxi_html_parse(gbxi_html *html, gbxi_texts *texts, const char *page, size_t length);
void gbxi_html_fini(gbxi_html *html);

#endif
