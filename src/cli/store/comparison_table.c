/* SPDX-License-Identifier: MIT */
/* Prints comparisons as tables. */
#include "cli/store/comparison_table.h"
#include "cli/store/listing.h"
#include "findings/compare/verdict.h"
#include "text/figures.h"
#include "text/shown.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { SIDE_NAME_SIZE = 256, FILE_TEXT_SIZE = 512 };

static const gbxi_listing_column compared_route_columns[] = {
    {"ROUTE", .stretches = true, .cut_inside = true},
    {"BEFORE", .right = true},
    {"AFTER", .right = true},
    {"CHANGE", .right = true},
    {"P", .right = true},
    {"N", .right = true},
    {"SHOWN", .right = false},
};

static const gbxi_listing_column compared_frame_columns[] = {
    {"FRAME", .stretches = true, .cut_inside = true},
    {"FILE", .rank = 2},
    {"BEFORE", .right = true},
    {"AFTER", .right = true},
    {"DIFFERENCE", .right = true, .rank = 1},
    {"CHANGE", .right = true},
    {"P", .right = true},
    {"N", .right = true, .rank = 4},
    {"SHOWN", .right = false},
    {"ROUTE", .rank = 3},
};

enum { FRAME_COLUMNS = sizeof(compared_frame_columns) / sizeof(compared_frame_columns[0]) };

static void print_side(const char *what, const gbxi_compare_side *side, const gbxi_gathered_side *gathered,
                       const gbxi_terminal *terminal)
{
    const char *name = side->name != NULL ? side->name : side->run->id;
    char shown[SIDE_NAME_SIZE], program[SIDE_NAME_SIZE];

    gbxi_shown(shown, sizeof(shown), name, strlen(name));
    gbxi_shown(program, sizeof(program), side->run->program, strlen(side->run->program));
    fprintf(terminal->out, "%-7s%s: ", what, shown);
    if (strcmp(name, side->run->id) != 0)
        fprintf(terminal->out, "run %s of ", side->run->id);
    fprintf(terminal->out, "%s, %" PRIu64 " %s", program, gathered->requests,
            gathered->requests == 1 ? "request" : "requests");
    if (gathered->incomplete > 0)
        fprintf(terminal->out, ", %" PRIu64 " of them without some spans", gathered->incomplete);
    fputc('\n', terminal->out);
}

static void print_drift(const gbxi_comparison *comparison, const gbxi_terminal *terminal)
{
    if (comparison->drift.known)
        fprintf(terminal->out, "common drift: %+.1f %%, which is taken out of every change\n",
                100 * expm1(comparison->drift.drift));
    else
        fprintf(terminal->out, "common drift: none is taken out, with fewer than %d frames to tell it by\n",
                GBXI_DRIFT_FRAMES_MIN);
}

static void add_time(gbxi_listing *listing, const gbxi_compared_half *half, const gbxi_terminal *terminal)
{
    if (half->requests > 0)
        gbxi_listing_cell(listing, "%s", gbxi_figure_ns((uint64_t)llround(half->median_ns), terminal->utf8).text);
    else
        gbxi_listing_cell(listing, "-");
}

static void add_change(gbxi_listing *listing, const gbxi_compared *found)
{
    if (isnan(found->effect))
        gbxi_listing_cell(listing, "-");
    else if (fabs(found->effect) < log(10))
        gbxi_listing_cell(listing, "%+.1f %%", 100 * expm1(found->effect));
    else
        gbxi_listing_cell(listing, "%s%.3g", found->effect > 0 ? "x" : "/", exp(fabs(found->effect)));
}

static void add_found(gbxi_listing *listing, const gbxi_compared *found)
{
    add_change(listing, found);
    if (isnan(found->p))
        gbxi_listing_cell(listing, "-");
    else if (found->p < 0.0001)
        gbxi_listing_cell(listing, "<0.0001");
    else
        gbxi_listing_cell(listing, "%.4f", found->p);
    gbxi_listing_cell(listing, "%" PRIu64 "/%" PRIu64, found->halves[GBXI_BEFORE].requests,
                      found->halves[GBXI_AFTER].requests);
    gbxi_listing_cell(listing, "%s", found->mark == GBXI_MARK_NONE ? "-" : gbxi_compare_mark_text(found->mark));
}

static void add_route(gbxi_listing *listing, const char *method, const char *route)
{
    char text[FILE_TEXT_SIZE];

    snprintf(text, sizeof(text), "%s %s", method, route);
    gbxi_listing_text(listing, text, strlen(text));
}

static gbxi_style style_of(const gbxi_compared *found)
{
    if (found->mark == GBXI_MARK_SLOWER)
        return GBXI_STYLE_ALARM;
    return found->mark == GBXI_MARK_FASTER ? GBXI_STYLE_STRONG : GBXI_STYLE_PLAIN;
}

static bool print_routes(const gbxi_comparison *comparison, const gbxi_terminal *terminal)
{
    gbxi_listing listing;
    bool printed;

    gbxi_listing_init(&listing, compared_route_columns,
                      sizeof(compared_route_columns) / sizeof(*compared_route_columns));
    for (size_t i = 0; i < comparison->route_count; i++) {
        const gbxi_compared_route *route = &comparison->routes[i];

        gbxi_listing_row(&listing, style_of(&route->found));
        add_route(&listing, route->method, route->route);
        add_time(&listing, &route->found.halves[GBXI_BEFORE], terminal);
        add_time(&listing, &route->found.halves[GBXI_AFTER], terminal);
        add_found(&listing, &route->found);
    }
    printed = gbxi_listing_print(&listing, terminal);
    gbxi_listing_fini(&listing);
    return printed;
}

static void add_difference(gbxi_listing *listing, const gbxi_compared_frame *frame, const gbxi_terminal *terminal)
{
    uint64_t requests = frame->found.halves[GBXI_AFTER].requests;
    double difference_ns = requests > 0 ? frame->change_ns / (double)requests : 0;

    if (isnan(frame->found.shift))
        gbxi_listing_cell(listing, "-");
    else
        gbxi_listing_cell(listing, "%c%s", difference_ns < 0 ? '-' : '+',
                          gbxi_figure_ns((uint64_t)llround(fabs(difference_ns)), terminal->utf8).text);
}

static void add_compared_frame(gbxi_listing *listing, const gbxi_compared_frame *frame, const gbxi_terminal *terminal)
{
    char place[FILE_TEXT_SIZE];

    snprintf(place, sizeof(place), "%s:%" PRIu32, frame->file, frame->line);
    gbxi_listing_row(listing, style_of(&frame->found));
    gbxi_listing_text(listing, frame->name, strlen(frame->name));
    gbxi_listing_text(listing, place, strlen(place));
    add_time(listing, &frame->found.halves[GBXI_BEFORE], terminal);
    add_time(listing, &frame->found.halves[GBXI_AFTER], terminal);
    add_difference(listing, frame, terminal);
    add_found(listing, &frame->found);
    if (listing->column_count == FRAME_COLUMNS)
        add_route(listing, frame->method, frame->route);
}

/* Where there is one route, its column is left out. */
static bool print_frames(const gbxi_comparison *comparison, size_t top, const gbxi_terminal *terminal)
{
    size_t count = top != 0 && top < comparison->frame_count ? top : comparison->frame_count;
    gbxi_listing listing;
    bool printed;

    gbxi_listing_init(&listing, compared_frame_columns, FRAME_COLUMNS - (comparison->route_count == 1 ? 1 : 0));
    for (size_t i = 0; i < count; i++)
        add_compared_frame(&listing, &comparison->frames[i], terminal);
    printed = gbxi_listing_print(&listing, terminal);
    gbxi_listing_fini(&listing);
    if (printed && count < comparison->frame_count)
        fprintf(terminal->out, "There are %zu more; --top says how many to list.\n", comparison->frame_count - count);
    return printed;
}

gbx_err gbxi_comparison_print(const gbxi_comparison *comparison, const gbxi_compare_side *before,
                              const gbxi_compare_side *after, size_t top, const gbxi_terminal *terminal,
                              gbx_error *error)
{
    gbxi_compare_verdict verdict;

    gbxi_compare_verdict_make(&verdict, comparison);
    print_side("before", before, &comparison->gathered.sides[GBXI_BEFORE], terminal);
    print_side("after", after, &comparison->gathered.sides[GBXI_AFTER], terminal);
    print_drift(comparison, terminal);
    fprintf(terminal->out, "\n");
    if (!print_routes(comparison, terminal))
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    fprintf(terminal->out, "\n%s time of frames, a request:\n", comparison->by == GBXI_COMPARE_SELF ? "Self" : "Total");
    if (!print_frames(comparison, top, terminal))
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    fprintf(terminal->out, "\n%s\n", verdict.text);
    return GBX_ERR_OK;
}
