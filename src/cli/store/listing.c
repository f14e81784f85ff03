/* SPDX-License-Identifier: MIT */
/* Keeps the cells of a table and prints them in columns that fit. */
#include "cli/store/listing.h"
#include "base/grow.h"
#include "text/shown.h"
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 2, STRETCHED_MIN = 8 };

/* The columns that are shown, and how wide they are. */
typedef struct listing_layout {
    bool shown[GBXI_LISTING_COLUMNS_MAX];
    size_t widths[GBXI_LISTING_COLUMNS_MAX];
} listing_layout;

void gbxi_listing_init(gbxi_listing *listing, const gbxi_listing_column *columns, size_t column_count)
{
    *listing = (gbxi_listing){.columns = columns, .column_count = column_count};
}

void gbxi_listing_fini(gbxi_listing *listing)
{
    free(listing->lines);
    free(listing->bytes);
    *listing = (gbxi_listing){.failed = true};
}

void gbxi_listing_row(gbxi_listing *listing, gbxi_style style)
{
    listing->next = 0;
    if (listing->failed)
        return;
    listing->failed =
        !gbxi_grow(&listing->lines, &listing->lines_capacity, listing->line_count + 1, sizeof(*listing->lines));
    if (!listing->failed)
        listing->lines[listing->line_count++] = (gbxi_listing_line){.style = style};
}

static void keep_cell(gbxi_listing *listing, const char *text, size_t length, gbxi_listing_cell_text *cell)
{
    listing->failed =
        !gbxi_grow(&listing->bytes, &listing->bytes_capacity, listing->byte_count + length + 1, sizeof(char));
    if (listing->failed)
        return;
    memcpy(listing->bytes + listing->byte_count, text, length);
    *cell = (gbxi_listing_cell_text){listing->byte_count, (uint32_t)length, (uint32_t)gbxi_shown_columns(text, length)};
    listing->byte_count += length;
}

void gbxi_listing_cell(gbxi_listing *listing, const char *format, ...)
{
    char text[GBXI_LISTING_TEXT_MAX];
    va_list args;
    int length;

    if (listing->failed)
        return;
    va_start(args, format);
    length = vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    keep_cell(listing, text, length < 0 ? 0 : strlen(text),
              &listing->lines[listing->line_count - 1].cells[listing->next++]);
}

void gbxi_listing_text(gbxi_listing *listing, const char *text, size_t length)
{
    char shown[GBXI_LISTING_TEXT_MAX];

    if (!listing->failed)
        keep_cell(listing, shown, gbxi_shown(shown, sizeof(shown), text, length),
                  &listing->lines[listing->line_count - 1].cells[listing->next++]);
}

void gbxi_listing_remark(gbxi_listing *listing, size_t indent, const char *text)
{
    char shown[GBXI_LISTING_TEXT_MAX];

    if (listing->failed)
        return;
    listing->lines[listing->line_count - 1].remark_indent = indent;
    keep_cell(listing, shown, gbxi_shown(shown, sizeof(shown), text, strlen(text)),
              &listing->lines[listing->line_count - 1].remark);
}

/* What the shown columns and the gaps between them take. */
static size_t layout_width(const gbxi_listing *listing, const listing_layout *layout)
{
    size_t width = 0;

    for (size_t i = 0; i < listing->column_count; i++)
        if (layout->shown[i])
            width += layout->widths[i] + (width > 0 ? GAP : 0);
    return width;
}

/* The shown column with the highest rank, the last of them on a tie; column_count if all have rank 0. */
static size_t layout_least_wanted(const gbxi_listing *listing, const listing_layout *layout)
{
    size_t found = listing->column_count;

    for (size_t i = 0; i < listing->column_count; i++)
        if (layout->shown[i] && listing->columns[i].rank > 0 &&
            (found == listing->column_count || listing->columns[i].rank >= listing->columns[found].rank))
            found = i;
    return found;
}

static void layout_measure(const gbxi_listing *listing, listing_layout *layout)
{
    for (size_t i = 0; i < listing->column_count; i++) {
        layout->shown[i] = true;
        layout->widths[i] = strlen(listing->columns[i].title);
        for (size_t j = 0; j < listing->line_count; j++)
            if (listing->lines[j].cells[i].columns > layout->widths[i])
                layout->widths[i] = listing->lines[j].cells[i].columns;
    }
}

/* The width that the column that stretches must have at least; the others keep theirs. */
static size_t layout_width_least(const gbxi_listing *listing, const listing_layout *layout)
{
    size_t width = layout_width(listing, layout);

    for (size_t i = 0; i < listing->column_count; i++)
        if (listing->columns[i].stretches && layout->widths[i] > STRETCHED_MIN)
            width -= layout->widths[i] - STRETCHED_MIN;
    return width;
}

static void layout_fit(const gbxi_listing *listing, size_t columns, listing_layout *layout)
{
    size_t least_wanted, width;

    layout_measure(listing, layout);
    while (layout_width_least(listing, layout) > columns &&
           (least_wanted = layout_least_wanted(listing, layout)) != listing->column_count)
        layout->shown[least_wanted] = false;
    if ((width = layout_width(listing, layout)) <= columns)
        return;
    for (size_t i = 0; i < listing->column_count; i++)
        if (listing->columns[i].stretches && layout->widths[i] > STRETCHED_MIN)
            layout->widths[i] = width - columns < layout->widths[i] - STRETCHED_MIN
                                    ? layout->widths[i] - (width - columns)
                                    : STRETCHED_MIN;
}

/* What is shown of a cell: its first bytes and its last, with a mark between them if it is cut. */
typedef struct shown_parts {
    size_t head, tail, columns;
    bool cut;
} shown_parts;

static shown_parts cut_cell(const gbxi_listing_column *column, const char *text, gbxi_listing_cell_text cell,
                            size_t width)
{
    shown_parts parts = {.head = cell.length, .columns = cell.columns, .cut = cell.columns > width};
    size_t tail = column->cut_inside ? (width - 1) / 2 : 0;

    if (!parts.cut)
        return parts;
    parts.head = gbxi_shown_fit(text, cell.length, width - 1 - tail);
    parts.tail = cell.length - gbxi_shown_end(text, cell.length, tail);
    parts.columns =
        gbxi_shown_columns(text, parts.head) + 1 + gbxi_shown_columns(text + cell.length - parts.tail, parts.tail);
    return parts;
}

/* Prints a cell in its column. `last`: nothing follows it, so it needs no spaces behind it. */
static void print_cell(FILE *out, const gbxi_listing_column *column, const char *text, gbxi_listing_cell_text cell,
                       size_t width, bool last)
{
    const shown_parts parts = cut_cell(column, text, cell, width);
    const size_t taken = parts.columns;

    if (column->right)
        fprintf(out, "%*s", (int)(width - taken), "");
    fwrite(text, 1, parts.head, out);
    if (parts.cut)
        fputc('~', out);
    fwrite(text + cell.length - parts.tail, 1, parts.tail, out);
    if (!column->right && !last)
        fprintf(out, "%*s", (int)(width - taken), "");
}

static void print_titles(const gbxi_listing *listing, const listing_layout *layout, const gbxi_terminal *terminal)
{
    size_t last = 0;

    for (size_t i = 0; i < listing->column_count; i++)
        if (layout->shown[i] && listing->columns[i].title[0] != '\0')
            last = i;
    gbxi_style_begin(terminal, GBXI_STYLE_STRONG);
    for (size_t i = 0; i <= last; i++) {
        const char *title = listing->columns[i].title;

        if (!layout->shown[i])
            continue;
        print_cell(terminal->out, &listing->columns[i], title,
                   (gbxi_listing_cell_text){0, (uint32_t)strlen(title), (uint32_t)strlen(title)}, layout->widths[i],
                   i == last);
        fprintf(terminal->out, "%*s", i == last ? 0 : GAP, "");
    }
    gbxi_style_end(terminal, GBXI_STYLE_STRONG);
    fputc('\n', terminal->out);
}

/* The last column in which the row has something. */
static size_t row_last(const gbxi_listing *listing, const gbxi_listing_line *line, const listing_layout *layout)
{
    size_t last = 0;

    for (size_t i = 0; i < listing->column_count; i++)
        if (layout->shown[i] && line->cells[i].length > 0)
            last = i;
    return last;
}

static void print_row(const gbxi_listing *listing, const gbxi_listing_line *line, const listing_layout *layout,
                      const gbxi_terminal *terminal)
{
    size_t last = row_last(listing, line, layout);

    gbxi_style_begin(terminal, line->style);
    for (size_t i = 0; i <= last; i++) {
        if (!layout->shown[i])
            continue;
        print_cell(terminal->out, &listing->columns[i], listing->bytes + line->cells[i].at, line->cells[i],
                   layout->widths[i], i == last);
        fprintf(terminal->out, "%*s", i == last ? 0 : GAP, "");
    }
    if (line->remark.length > 0)
        fprintf(terminal->out, "\n%*s%.*s", (int)line->remark_indent, "", (int)line->remark.length,
                listing->bytes + line->remark.at);
    gbxi_style_end(terminal, line->style);
    fputc('\n', terminal->out);
}

bool gbxi_listing_print(const gbxi_listing *listing, const gbxi_terminal *terminal)
{
    listing_layout layout;

    if (listing->failed)
        return false;
    layout_fit(listing, terminal->columns, &layout);
    print_titles(listing, &layout, terminal);
    for (size_t i = 0; i < listing->line_count; i++)
        print_row(listing, &listing->lines[i], &layout, terminal);
    return true;
}
