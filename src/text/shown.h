/* SPDX-License-Identifier: MIT */
/* Texts of traces on a terminal. A trace may come from a stranger: its names must not move the cursor, change colours
 * or the direction of writing, or begin new lines. */
#ifndef GBX_TEXT_SHOWN_H
#define GBX_TEXT_SHOWN_H

#include <stddef.h>

/* Writes the `length` bytes at `text` into `size` bytes at `out`, terminated, and cut at a whole character if there is
 * no room for all. Control characters, characters that change the direction of writing, and bytes that are not UTF-8
 * become \xNN. Returns the number of bytes written. `size` is at least 1. */
size_t gbxi_shown(char *out, size_t size, const char *text, size_t length);

/* The number of columns that a text takes which gbxi_shown wrote: wide characters take two, combining ones none. */
size_t gbxi_shown_columns(const char *shown, size_t length);

/* The number of bytes of such a text that fit into `columns`. */
size_t gbxi_shown_fit(const char *shown, size_t length, size_t columns);

/* Where the end of such a text begins that fits into `columns`. */
size_t gbxi_shown_end(const char *shown, size_t length, size_t columns);

#endif
