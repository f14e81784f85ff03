/* SPDX-License-Identifier: MIT */
/* Compares two sides of a store, and refuses those of which nothing could be said. */
#include "findings/compare/comparison.h"
#include <inttypes.h>
#include <string.h>

static const char *make_name(const gbxi_compare_side *side)
{
    return side->name != NULL ? side->name : side->run->id;
}

static bool make_has_spans(const gbxi_gathered *gathered, gbxi_compare_half half)
{
    for (size_t i = 0; i < gathered->cell_count; i++)
        if (gathered->cells[i].halves[half].count > 0)
            return true;
    return false;
}

static gbx_err make_check_side(const gbxi_gathered *gathered, gbxi_compare_half half, const gbxi_compare_side *side,
                               gbx_error *error)
{
    if (gathered->sides[half].requests == 0)
        return gbx_error_set(error, GBX_ERR_MISSING, NULL, "%.120s: run %s has no %straces", make_name(side),
                             side->run->id, side->run->trace_count > 0 ? "such " : "");
    if (!make_has_spans(gathered, half))
        return gbx_error_set(error, GBX_ERR_MISSING, NULL,
                             "%.120s: the traces have no spans, so there are no frames to compare", make_name(side));
    return GBX_ERR_OK;
}

/* The route with the most requests of that half. */
static const gbxi_gathered_route *make_main_route(const gbxi_gathered *gathered, gbxi_compare_half half)
{
    const gbxi_gathered_route *found = &gathered->routes[0];

    for (size_t i = 1; i < gathered->route_count; i++)
        if (gathered->routes[i].halves[half].count > found->halves[half].count)
            found = &gathered->routes[i];
    return found;
}

static gbx_err make_check_routes(const gbxi_gathered *gathered, gbx_error *error)
{
    const gbxi_gathered_route *before = make_main_route(gathered, GBXI_BEFORE);
    const gbxi_gathered_route *after = make_main_route(gathered, GBXI_AFTER);

    for (size_t i = 0; i < gathered->route_count; i++)
        if (gathered->routes[i].halves[GBXI_BEFORE].count > 0 && gathered->routes[i].halves[GBXI_AFTER].count > 0)
            return GBX_ERR_OK;
    return gbx_error_set(error, GBX_ERR_CONFLICT, NULL,
                         "there is no route that both sides have: before, most requests are %.20s %.60s, after %.20s "
                         "%.60s",
                         before->method, before->route, after->method, after->route);
}

static gbx_err make_check_programs(const gbxi_compare_side *before, const gbxi_compare_side *after, gbx_error *error)
{
    if (strcmp(before->run->program, after->run->program) == 0)
        return GBX_ERR_OK;
    return gbx_error_set(error, GBX_ERR_CONFLICT, NULL, "runs of different services: %s is of '%s', %s of '%s'",
                         before->run->id, before->run->program, after->run->id, after->run->program);
}

gbx_err gbxi_comparison_make(gbxi_comparison *comparison, const gbxi_compare_side *before,
                             const gbxi_compare_side *after, const gbxi_compare_options *options, gbx_error *error)
{
    gbxi_gathered gathered;
    gbx_err err;

    gbxi_gathered_init(&gathered);
    *comparison = (gbxi_comparison){.frames = NULL};
    if ((err = gbxi_gathered_read(&gathered, GBXI_BEFORE, before->stored, &before->query, error)) == GBX_ERR_OK &&
        (err = gbxi_gathered_read(&gathered, GBXI_AFTER, after->stored, &after->query, error)) == GBX_ERR_OK &&
        (err = make_check_side(&gathered, GBXI_BEFORE, before, error)) == GBX_ERR_OK &&
        (err = make_check_side(&gathered, GBXI_AFTER, after, error)) == GBX_ERR_OK &&
        (err = make_check_programs(before, after, error)) == GBX_ERR_OK &&
        (err = make_check_routes(&gathered, error)) == GBX_ERR_OK)
        err = gbxi_comparison_of(comparison, &gathered, options, error);
    gbxi_gathered_fini(&gathered);
    return err;
}
