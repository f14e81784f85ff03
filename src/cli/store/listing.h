/* SPDX-License-Identifier: MIT */
/* Tables for people.
 *
 *     static const gbxi_listing_column columns[] = {{"NAME", .stretches = true}, {"CALLS", .right = true}};
 *     gbxi_listing listing;
 *     gbxi_listing_init(&listing, columns, 2);
 *     gbxi_listing_row(&listing, GBXI_STYLE_PLAIN);
 *     gbxi_listing_text(&listing, name, length);               // a text of a trace
 *     gbxi_listing_cell(&listing, "%zu", calls);               // of ours
 *     gbxi_listing_print(&listing, &terminal)                  // false if memory was short
 *     gbxi_listing_fini(&listing);
 *
 * A table that is wider than the terminal goes without the columns of the highest ranks; then the column that stretches
 * is cut. After memory was short, calls do nothing. */
#ifndef GBX_CLI_STORE_LISTING_H
#define GBX_CLI_STORE_LISTING_H

#include "cli/store/terminal.h"
#include <glassbox/api.h>
#include <stdint.h>

enum { GBXI_LISTING_COLUMNS_MAX = 12, GBXI_LISTING_TEXT_MAX = 512 };

typedef struct gbxi_listing_column {
    const char *title;
    bool right;      /* aligned to the right */
    bool stretches;  /* takes the room that is left, and is cut first; at most one column does */
    uint8_t rank;    /* 0: never left out; otherwise the columns of the highest rank are left out first */
    bool cut_inside; /* a cut takes away the middle, and leaves the end, which tells rows apart */
} gbxi_listing_column;

/* Its text, in `bytes`. */
typedef struct gbxi_listing_cell_text {
    size_t at;
    uint32_t length, columns;
} gbxi_listing_cell_text;

typedef struct gbxi_listing_line {
    gbxi_style style;
    gbxi_listing_cell_text remark; /* a line of its own below; empty: none */
    size_t remark_indent;
    gbxi_listing_cell_text cells[GBXI_LISTING_COLUMNS_MAX];
} gbxi_listing_line;

/* Caller's memory. Owns: lines and bytes, until fini. */
typedef struct gbxi_listing {
    const gbxi_listing_column *columns;
    size_t column_count;
    gbxi_listing_line *lines;
    size_t line_count, lines_capacity;
    char *bytes;
    size_t byte_count, bytes_capacity;
    size_t next; /* column of the next cell */
    bool failed; /* memory was short */
} gbxi_listing;

void gbxi_listing_init(gbxi_listing *listing, const gbxi_listing_column *columns, size_t column_count);

/* Begins a row. Cells that are not filled stay empty. */
void gbxi_listing_row(gbxi_listing *listing, gbxi_style style);

/* Fills the next cell of the row with a formatted text. */
void gbxi_listing_cell(gbxi_listing *listing, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Fills the next cell with a text that may come from anywhere. */
void gbxi_listing_text(gbxi_listing *listing, const char *text, size_t length);

/* Gives the row a line below it, with a text that may come from anywhere, `indent` columns from the left. */
void gbxi_listing_remark(gbxi_listing *listing, size_t indent, const char *text);

/* Prints the titles and the rows. Errors: false if memory was short; then nothing is printed. */
GBX_MUST_USE bool gbxi_listing_print(const gbxi_listing *listing, const gbxi_terminal *terminal);

void gbxi_listing_fini(gbxi_listing *listing);

#endif
