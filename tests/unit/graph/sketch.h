/* SPDX-License-Identifier: MIT */
/* A page as a line: elements as names, attributes as @name=value, texts in quotes; parentheses around what is inside.
 */
#ifndef GBX_TESTS_GRAPH_SKETCH_H
#define GBX_TESTS_GRAPH_SKETCH_H

#include <stddef.h>

/* The first two members of a sketch_case for a literal, which may have NULs. */
#define SKETCH_TEXT(literal) literal, sizeof(literal) - 1

typedef struct sketch_case {
    const char *html;
    size_t length;
    const char *reads;
} sketch_case;

/* Fails the test for the first page that does not read as it should. */
void sketch_check(const sketch_case *cases, size_t count);

#endif
