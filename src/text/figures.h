/* SPDX-License-Identifier: MIT */
/* Figures for people: times, sizes and instants with three significant digits, and bars. Exact ones are in JSON. */
#ifndef GBX_TEXT_FIGURES_H
#define GBX_TEXT_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GBXI_FIGURE_SIZE = 40, GBXI_BAR_SIZE = 256 };

/* A figure as text, terminated. Use the result inside the call that prints it: gbxi_figure_ns(ns, true).text. */
typedef struct gbxi_figure {
    char text[GBXI_FIGURE_SIZE];
} gbxi_figure;

/* A time, as in "812 ns", "35.6 us" (with the letter my if `utf8`), "1.23 ms", "125 s". */
gbxi_figure gbxi_figure_ns(uint64_t ns, bool utf8);

/* A size, as in "812 B", "35.6 KiB", "1.23 MiB". */
gbxi_figure gbxi_figure_bytes(uint64_t bytes);

/* An instant in UTC to the second, as in "2026-11-29 09:13:39". */
gbxi_figure gbxi_figure_instant(int64_t unix_ns);

/* Writes a bar of `part` of `whole`, terminated: at most `columns` long, to an eighth of a column with block elements
 * if `utf8`, otherwise of #. A part that is not 0 is never without a bar. */
void gbxi_bar(char bar[static GBXI_BAR_SIZE], uint64_t part, uint64_t whole, size_t columns, bool utf8);

#endif
