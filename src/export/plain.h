/* SPDX-License-Identifier: MIT */
/* Names as text in documents that are not JSON, in pieces that need no memory.
 *
 *     gbxi_plain plain = gbxi_plain_of(name, length, GBXI_PLAIN_FOLDED);
 *     gbxi_view piece;
 *
 *     while (gbxi_plain_next(&plain, &piece))
 *         gbxi_json_literal(writer, piece.at, piece.length);
 *
 * The pieces together are well-formed UTF-8: each ill-formed sequence becomes one U+FFFD. */
#ifndef GBX_EXPORT_PLAIN_H
#define GBX_EXPORT_PLAIN_H

#include "base/view.h"

typedef enum gbxi_plain_kind {
    GBXI_PLAIN_UTF8, /* any characters */
    /* A frame in a line of folded stacks: a colon takes the place of a semicolon, which separates frames, and a space
     * that of a control character and of U+2028 and U+2029, at which some readers end the line. An empty name becomes
     * (unnamed). */
    GBXI_PLAIN_FOLDED
} gbxi_plain_kind;

/* What is left of a text. */
typedef struct gbxi_plain {
    gbxi_view left;
    gbxi_plain_kind kind;
} gbxi_plain;

/* Begins a text, which is borrowed and need not be terminated. */
gbxi_plain gbxi_plain_of(const char *text, size_t length, gbxi_plain_kind kind);

/* Sets `piece` to what comes next, which is not empty. Returns false at the end. */
bool gbxi_plain_next(gbxi_plain *plain, gbxi_view *piece);

/* The length of all pieces together. */
size_t gbxi_plain_length(gbxi_plain plain);

#endif
