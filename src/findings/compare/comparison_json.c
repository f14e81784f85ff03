/* SPDX-License-Identifier: MIT */
/* Writes comparisons as JSON. */
#include "findings/compare/comparison_json.h"
#include "export/identity.h"
#include "findings/compare/verdict.h"
#include <math.h>

static void compared_uint(gbxi_json_writer *writer, const char *name, uint64_t number)
{
    gbxi_json_key(writer, name);
    gbxi_json_uint(writer, number);
}

static void compared_text(gbxi_json_writer *writer, const char *name, const char *text)
{
    gbxi_json_key(writer, name);
    gbxi_json_string_z(writer, text);
}

/* A logarithm as a ratio with five decimals; null if it is NAN. */
static void compared_ratio(gbxi_json_writer *writer, const char *name, double logarithm)
{
    gbxi_json_key(writer, name);
    gbxi_json_real(writer, round(exp(logarithm) * 1e5) / 1e5);
}

static void write_side(gbxi_json_writer *writer, const char *key, const gbxi_compare_side *side,
                       const gbxi_gathered_side *gathered)
{
    char started[GBXI_INSTANT_SIZE];

    gbxi_json_key(writer, key);
    gbxi_json_object_begin(writer);
    compared_text(writer, "name", side->name != NULL ? side->name : side->run->id);
    compared_text(writer, "run", side->run->id);
    compared_text(writer, "program", side->run->program);
    gbxi_json_key(writer, "started_at");
    gbxi_json_string_n(writer, started, gbxi_instant_format(side->run->started_unix_ns, started));
    compared_uint(writer, "requests", gathered->requests);
    compared_uint(writer, "incomplete", gathered->incomplete);
    compared_uint(writer, "spans", gathered->spans);
    compared_uint(writer, "overhead_ns", gathered->price_ns);
    gbxi_json_object_end(writer);
}

static void write_drift(gbxi_json_writer *writer, const gbxi_comparison *comparison)
{
    gbxi_json_key(writer, "drift");
    gbxi_json_object_begin(writer);
    compared_ratio(writer, "ratio", comparison->drift.known ? comparison->drift.drift : NAN);
    compared_ratio(writer, "spread", comparison->drift.known ? comparison->drift.spread : NAN);
    gbxi_json_object_end(writer);
}

static void write_half(gbxi_json_writer *writer, const char *key, const gbxi_compared_half *half, bool has_calls)
{
    gbxi_json_key(writer, key);
    if (half->requests == 0) {
        gbxi_json_null(writer);
        return;
    }
    gbxi_json_object_begin(writer);
    compared_uint(writer, "requests", half->requests);
    if (has_calls)
        compared_uint(writer, "calls", half->calls);
    compared_uint(writer, "total_ns", (uint64_t)half->sum_ns);
    compared_uint(writer, "median_ns", (uint64_t)llround(half->median_ns));
    gbxi_json_object_end(writer);
}

static void write_found(gbxi_json_writer *writer, const gbxi_compared *found, bool has_calls)
{
    write_half(writer, "before", &found->halves[GBXI_BEFORE], has_calls);
    write_half(writer, "after", &found->halves[GBXI_AFTER], has_calls);
    compared_ratio(writer, "ratio", found->shift);
    compared_ratio(writer, "ratio_without_drift", found->effect);
    compared_ratio(writer, "least_ratio", found->least);
    gbxi_json_key(writer, "p");
    gbxi_json_real(writer, found->p);
    compared_text(writer, "mark", gbxi_compare_mark_text(found->mark));
}

static void write_routes(gbxi_json_writer *writer, const gbxi_comparison *comparison)
{
    gbxi_json_key(writer, "routes");
    gbxi_json_array_begin(writer);
    for (size_t i = 0; i < comparison->route_count; i++) {
        const gbxi_compared_route *route = &comparison->routes[i];

        gbxi_json_object_begin(writer);
        compared_text(writer, "method", route->method);
        compared_text(writer, "route", route->route);
        write_found(writer, &route->found, false);
        gbxi_json_object_end(writer);
    }
    gbxi_json_array_end(writer);
}

void gbxi_compared_frame_write(gbxi_json_writer *writer, const gbxi_compared_frame *frame)
{
    gbxi_json_object_begin(writer);
    compared_text(writer, "name", frame->name);
    compared_text(writer, "file", frame->file);
    compared_uint(writer, "line", frame->line);
    compared_text(writer, "method", frame->method);
    compared_text(writer, "route", frame->route);
    write_found(writer, &frame->found, true);
    gbxi_json_key(writer, "change_ns");
    gbxi_json_int(writer, (int64_t)llround(frame->change_ns));
    gbxi_json_object_end(writer);
}

static void write_frames(gbxi_json_writer *writer, const gbxi_comparison *comparison, size_t top)
{
    gbxi_json_key(writer, "frames");
    gbxi_json_array_begin(writer);
    for (size_t i = 0; i < comparison->frame_count && (top == 0 || i < top); i++)
        gbxi_compared_frame_write(writer, &comparison->frames[i]);
    gbxi_json_array_end(writer);
    gbxi_json_key(writer, "more");
    gbxi_json_boolean(writer, top != 0 && comparison->frame_count > top);
}

void gbxi_comparison_write(gbxi_json_writer *writer, const gbxi_comparison *comparison, const gbxi_compare_side *before,
                           const gbxi_compare_side *after, size_t top)
{
    gbxi_compare_verdict verdict;

    gbxi_compare_verdict_make(&verdict, comparison);
    gbxi_json_object_begin(writer);
    compared_text(writer, "by", comparison->by == GBXI_COMPARE_SELF ? "self" : "total");
    write_side(writer, "before", before, &comparison->gathered.sides[GBXI_BEFORE]);
    write_side(writer, "after", after, &comparison->gathered.sides[GBXI_AFTER]);
    write_drift(writer, comparison);
    compared_ratio(writer, "least_ratio", comparison->least);
    compared_uint(writer, "tested", comparison->tested);
    compared_uint(writer, "slower", comparison->marked[0]);
    compared_uint(writer, "faster", comparison->marked[1]);
    compared_text(writer, "verdict", verdict.text);
    write_routes(writer, comparison);
    write_frames(writer, comparison, top);
    gbxi_json_object_end(writer);
}
