/* SPDX-License-Identifier: MIT */
/* Compares what was gathered: each frame of each route, and each route. */
#include "findings/compare/comparison.h"
#include "findings/compare/judge.h"
#include "findings/compare/logs.h"
#include "findings/compare/median.h"
#include "findings/compare/minor.h"
#include "findings/compare/pace.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *gbxi_compare_mark_text(gbxi_compare_mark mark)
{
#define COMPARE_MARK_TEXT(constant, name) [GBXI_MARK_##constant] = name,
    static const char *const texts[] = {GBXI_COMPARE_MARKS(COMPARE_MARK_TEXT)};
#undef COMPARE_MARK_TEXT

    return texts[mark];
}

/* Whether the frame is the middleware's around libh2o's sending: it lasts as long as the client lets it, and ten times
 * as long if the client runs on the same core. */
static bool compare_is_connection(const gbxi_gathered_frame *frame)
{
    return strcmp(frame->name, "handler.send") == 0 && strcmp(frame->file, "middleware/plain.c") == 0;
}

/* What is known of a frame before its times are compared. */
static gbxi_compare_mark compare_first_mark(const gbxi_comparison *comparison, const gbxi_gathered_frame *frame,
                                            const gbxi_compared *found)
{
    double least_ns = fmax(GBXI_COMPARE_PRICES_MIN * comparison->price_ns, GBXI_COMPARE_TIME_MIN_NS);

    if (compare_is_connection(frame))
        return GBXI_MARK_CONNECTION;
    if (gbxi_judge_duration_ns(found) < least_ns)
        return GBXI_MARK_TOO_SHORT;
    return GBXI_MARK_NONE;
}

static bool compare_begin_cells(gbxi_comparison *comparison)
{
    const gbxi_gathered *gathered = &comparison->gathered;
    gbxi_compare_logs logs;
    bool done = true;

    for (size_t i = 0; done && i < gathered->cell_count; i++) {
        const gbxi_gathered_cell *cell = &gathered->cells[i];
        const gbxi_gathered_frame *frame = &gathered->frames[cell->frame];
        const gbxi_gathered_route *route = &gathered->routes[cell->route];
        gbxi_compared_frame *compared = &comparison->frames[i];

        *compared = (gbxi_compared_frame){.method = route->method,
                                          .route = route->route,
                                          .name = frame->name,
                                          .file = frame->file,
                                          .line = frame->line};
        done = gbxi_compare_logs_of_cell(&logs, cell, comparison->by, &compared->found);
        gbxi_compare_logs_fini(&logs);
        compared->found.mark = compare_first_mark(comparison, frame, &compared->found);
    }
    comparison->frame_count = gathered->cell_count;
    return done;
}

/* The frames that tell what a request has in common are those that are tested, as far as that can be known yet. */
static bool compare_settle_common(gbxi_comparison *comparison)
{
    bool *counts = malloc((comparison->frame_count + 1) * sizeof(*counts)), done;

    if (counts == NULL)
        return false;
    for (size_t i = 0; i < comparison->frame_count; i++)
        counts[i] = comparison->frames[i].found.mark == GBXI_MARK_NONE;
    done = gbxi_pace_settle(&comparison->gathered, counts);
    free(counts);
    return done;
}

/* Adds a frame to those whose drift is told, if it is tested. */
static bool compare_add_drift(gbxi_comparison *comparison, size_t i)
{
    gbxi_compared found = {.mark = comparison->frames[i].found.mark};
    gbxi_compare_logs logs;
    bool done = gbxi_compare_logs_of_cell(&logs, &comparison->gathered.cells[i], GBXI_COMPARE_SELF, &found) &&
                gbxi_judge_shift(&logs, &found);

    gbxi_compare_logs_fini(&logs);
    if (done && gbxi_judge_is_tested(&found))
        gbxi_drift_add(&comparison->drift, gbxi_judge_duration_ns(&found), found.shift);
    return done;
}

/* The drift and the spread are those of self times in any case: total times contain each other, and one slow frame is
 * in all its callers. */
static bool compare_drift(gbxi_comparison *comparison)
{
    bool done = gbxi_drift_init(&comparison->drift, comparison->frame_count);

    for (size_t i = 0; done && i < comparison->frame_count; i++)
        done = compare_add_drift(comparison, i);
    if (done)
        gbxi_drift_settle(&comparison->drift);
    return done;
}

/* What the frame changes in the requests after; frames of one side alone change as much as they take. */
static double compare_change_ns(const gbxi_comparison *comparison, const gbxi_compared *found)
{
    const gbxi_compared_half *before = &found->halves[GBXI_BEFORE], *after = &found->halves[GBXI_AFTER];

    if (isnan(found->shift))
        return after->sum_ns - before->sum_ns;
    return (after->median_ns / exp(comparison->drift.drift) - before->median_ns) * (double)after->requests;
}

static bool compare_typical(gbxi_comparison *comparison)
{
    double *least = malloc((comparison->tested + 1) * sizeof(*least));
    size_t count = 0;

    for (size_t i = 0; least != NULL && i < comparison->frame_count; i++)
        if (!isnan(comparison->frames[i].found.least))
            least[count++] = comparison->frames[i].found.least;
    comparison->least = count > 0 ? gbxi_median(least, count) : NAN;
    free(least);
    return count > 0 || least != NULL;
}

static gbxi_compared *compare_found_frame(void *rows, size_t i)
{
    return &((gbxi_compared_frame *)rows)[i].found;
}

static bool compare_test_cells(gbxi_comparison *comparison)
{
    gbxi_compare_logs logs;
    bool done = true;

    for (size_t i = 0; done && i < comparison->frame_count; i++) {
        gbxi_compared *found = &comparison->frames[i].found;

        done = gbxi_compare_logs_of_cell(&logs, &comparison->gathered.cells[i], comparison->by, found) &&
               gbxi_judge_shift(&logs, found);
        if (done)
            gbxi_judge_test(&logs, comparison, found);
        gbxi_compare_logs_fini(&logs);
        comparison->tested += isnan(found->p) ? 0 : 1;
        comparison->frames[i].change_ns = compare_change_ns(comparison, found);
    }
    if (!done || !compare_typical(comparison) ||
        !gbxi_judge_mark(comparison->frame_count, compare_found_frame, comparison->frames) ||
        !gbxi_minor_mark(comparison))
        return false;
    for (size_t i = 0; i < comparison->frame_count; i++)
        if (gbxi_compare_is_marked(&comparison->frames[i].found))
            comparison->marked[comparison->frames[i].found.mark == GBXI_MARK_FASTER]++;
    return true;
}

static gbxi_compared *compare_found_route(void *rows, size_t i)
{
    return &((gbxi_compared_route *)rows)[i].found;
}

static bool compare_routes(gbxi_comparison *comparison)
{
    const gbxi_gathered *gathered = &comparison->gathered;
    gbxi_compare_logs logs;
    bool done = true;

    for (size_t i = 0; done && i < gathered->route_count; i++) {
        gbxi_compared_route *compared = &comparison->routes[i];

        *compared = (gbxi_compared_route){.method = gathered->routes[i].method, .route = gathered->routes[i].route};
        done = gbxi_compare_logs_of_route(&logs, &gathered->routes[i], &compared->found) &&
               gbxi_judge_shift(&logs, &compared->found);
        if (done)
            gbxi_judge_test(&logs, comparison, &compared->found);
        gbxi_compare_logs_fini(&logs);
    }
    comparison->route_count = gathered->route_count;
    return done && gbxi_judge_mark(comparison->route_count, compare_found_route, comparison->routes);
}

static int compare_texts(const char *const *a, const char *const *b, size_t count)
{
    int order = 0;

    for (size_t i = 0; i < count && order == 0; i++)
        order = strcmp(a[i], b[i]);
    return order;
}

static int compare_frame_order(const void *a, const void *b)
{
    const gbxi_compared_frame *left = a, *right = b;
    const char *const left_texts[] = {left->name, left->file, left->route, left->method};
    const char *const right_texts[] = {right->name, right->file, right->route, right->method};
    bool left_marked = gbxi_compare_is_marked(&left->found), right_marked = gbxi_compare_is_marked(&right->found);
    double left_ns = fabs(left->change_ns), right_ns = fabs(right->change_ns);
    int order;

    if (left_marked != right_marked)
        return left_marked ? -1 : 1;
    if (left_ns < right_ns || left_ns > right_ns)
        return left_ns > right_ns ? -1 : 1;
    order = compare_texts(left_texts, right_texts, 4);
    return order != 0 ? order : (left->line > right->line) - (left->line < right->line);
}

static int compare_route_order(const void *a, const void *b)
{
    const gbxi_compared_route *left = a, *right = b;
    const char *const left_texts[] = {left->route, left->method}, *const right_texts[] = {right->route, right->method};
    bool left_shared = !isnan(left->found.shift), right_shared = !isnan(right->found.shift);

    if (left_shared != right_shared)
        return left_shared ? -1 : 1;
    return compare_texts(left_texts, right_texts, 2);
}

gbx_err gbxi_comparison_of(gbxi_comparison *comparison, gbxi_gathered *gathered, const gbxi_compare_options *options,
                           gbx_error *error)
{
    *comparison = (gbxi_comparison){.by = options->by, .gathered = *gathered};
    gbxi_gathered_init(gathered);
    comparison->price_ns = gbxi_gathered_price_ns(&comparison->gathered);
    comparison->frames = calloc(comparison->gathered.cell_count + 1, sizeof(*comparison->frames));
    comparison->routes = calloc(comparison->gathered.route_count + 1, sizeof(*comparison->routes));
    if (comparison->frames == NULL || comparison->routes == NULL || !compare_begin_cells(comparison) ||
        !compare_settle_common(comparison) || !compare_drift(comparison) || !compare_test_cells(comparison) ||
        !compare_routes(comparison))
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    qsort(comparison->frames, comparison->frame_count, sizeof(*comparison->frames), compare_frame_order);
    qsort(comparison->routes, comparison->route_count, sizeof(*comparison->routes), compare_route_order);
    return GBX_ERR_OK;
}

void gbxi_comparison_fini(gbxi_comparison *comparison)
{
    free(comparison->frames);
    free(comparison->routes);
    gbxi_drift_fini(&comparison->drift);
    gbxi_gathered_fini(&comparison->gathered);
    *comparison = (gbxi_comparison){.frames = NULL};
}
