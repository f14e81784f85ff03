/* SPDX-License-Identifier: MIT */
/* Graphs before and after a transformation, as short texts: for the tests of the room.
 *
 * A graph is "a b c | a>b b>c:label a>b=2.5": its nodes, then its edges, with a label or a weight (the field "w") where
 * wanted. After a transformation a node or an edge that stands for two more has "+2" behind it. A page's node is its
 * id, a colon, and its tag, @name=value or 'text'; then "<" and the id of the node it hangs from, and "#" and the
 * number of its cluster. A transform_config is JSON with ' for ". */
#ifndef GBX_TESTS_GRAPH_TRANSFORMED_H
#define GBX_TESTS_GRAPH_TRANSFORMED_H

#include "graph/registry.h"

/* Runs it and compares what comes out; `config` may be NULL. The test fails when it is anything else. */
void transformed_graph_is(const char *transformation, const char *graph, const char *config, const char *expected);
void transformed_page_is(const char *transformation, const char *html, const char *config, const char *expected);

/* Runs it and compares the error. */
void transformed_graph_fails(const char *transformation, const char *graph, const char *config, gbx_err err,
                             const char *pointer);

/* A request's body for the source json or html: the caller frees. */
char *transformed_body(const char *graph, const char *config);
char *transformed_page_body(const char *html, const char *config);
/* `count` nodes n0, n1, ... in a row, each with an edge to the next: a text as above, the caller frees. */
char *transformed_chain(size_t count);

/* All transformations, in the order of the registry; ends in NULL. */
extern const gbxi_transformation *const transformed_all[];

#endif
