/* SPDX-License-Identifier: MIT */
/* Writes comparisons for speedscope. Source of the format: https://www.speedscope.app/file-format-schema.json */
#include "findings/compare/comparison_speedscope.h"
#include "findings/compare/merged.h"
#include <glassbox/version.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* X(constant, name): the profiles in their order. */
#define DIFF_PROFILES(X) X(BEFORE, "before") X(AFTER, "after") X(SLOWER, "slower") X(FASTER, "faster")

typedef enum diff_profile {
#define DIFF_PROFILE_ENUM(constant, name) DIFF_##constant,
    DIFF_PROFILES(DIFF_PROFILE_ENUM)
#undef DIFF_PROFILE_ENUM
        DIFF_PROFILE_COUNT
} diff_profile;

static const char *const diff_names[] = {
#define DIFF_PROFILE_NAME(constant, name) name,
    DIFF_PROFILES(DIFF_PROFILE_NAME)
#undef DIFF_PROFILE_NAME
};

typedef struct diff {
    gbxi_merged merged;
    double drift; /* factor */
    uint32_t path[GBXI_MERGED_DEPTH_MAX + 1];
} diff;

static const gbxi_gathered_route *diff_route_of(const diff *d, uint32_t node)
{
    while (d->merged.nodes[node].parent != GBXI_MERGED_NONE)
        node = d->merged.nodes[node].parent;
    return &d->merged.names.routes[d->merged.nodes[node].item];
}

static double diff_mean(const gbxi_merged_node *node, const gbxi_gathered_route *route, gbxi_compare_half half)
{
    size_t requests = route->halves[half].count;

    return requests > 0 ? (double)node->self_ns[half] / (double)requests : 0;
}

/* Whole nanoseconds; 0: the stack is not in the profile. */
static uint64_t diff_weight(const diff *d, uint32_t i, const gbxi_gathered_route *route, diff_profile profile)
{
    const gbxi_merged_node *node = &d->merged.nodes[i];
    double before = diff_mean(node, route, GBXI_BEFORE), after = diff_mean(node, route, GBXI_AFTER), weight;
    bool shared = route->halves[GBXI_BEFORE].count > 0 && route->halves[GBXI_AFTER].count > 0;

    if (profile == DIFF_BEFORE || profile == DIFF_AFTER)
        weight = profile == DIFF_BEFORE ? before : after;
    else if (!shared)
        weight = 0;
    else
        weight = profile == DIFF_SLOWER ? after / d->drift - before : before - after / d->drift;
    return weight >= 0.5 ? (uint64_t)llround(weight) : 0;
}

static void diff_write_frames(gbxi_json_writer *writer, const gbxi_gathered *names)
{
    gbxi_json_array_begin(writer);
    for (size_t i = 0; i < names->route_count; i++) {
        gbxi_json_text text;

        gbxi_json_object_begin(writer);
        gbxi_json_key(writer, "name");
        gbxi_json_text_begin(writer, &text);
        gbxi_json_text_add(writer, &text, names->routes[i].method, strlen(names->routes[i].method));
        gbxi_json_text_add(writer, &text, " ", 1);
        gbxi_json_text_add(writer, &text, names->routes[i].route, strlen(names->routes[i].route));
        gbxi_json_text_end(writer, &text);
        gbxi_json_object_end(writer);
    }
    for (size_t i = 0; i < names->frame_count; i++) {
        gbxi_json_object_begin(writer);
        gbxi_json_key(writer, "name");
        gbxi_json_string_z(writer, names->frames[i].name);
        gbxi_json_key(writer, "file");
        gbxi_json_string_z(writer, names->frames[i].file);
        gbxi_json_key(writer, "line");
        gbxi_json_uint(writer, names->frames[i].line);
        gbxi_json_object_end(writer);
    }
    gbxi_json_array_end(writer);
}

/* Writes the stack of a node, from the root. */
static void diff_write_stack(gbxi_json_writer *writer, diff *d, uint32_t i)
{
    const gbxi_merged_node *nodes = d->merged.nodes;
    uint32_t depth = nodes[i].depth;

    for (uint32_t at = depth, node = i; node != GBXI_MERGED_NONE; at--, node = nodes[node].parent)
        d->path[at] = node;
    gbxi_json_array_begin(writer);
    for (uint32_t at = 0; at <= depth; at++) {
        uint64_t offset = at > 0 ? d->merged.names.route_count : 0;

        gbxi_json_uint(writer, offset + nodes[d->path[at]].item);
    }
    gbxi_json_array_end(writer);
}

/* Writes the stacks or the weights of a profile. Returns the sum of the weights. The app refuses profiles without
 * samples, so one that has none gets a stack of no weight. */
static uint64_t diff_write_samples(gbxi_json_writer *writer, diff *d, diff_profile profile, bool stacks)
{
    uint64_t sum = 0, count = 0;

    gbxi_json_array_begin(writer);
    for (uint32_t i = d->merged.first_root; i != GBXI_MERGED_NONE; i = gbxi_merged_next(&d->merged, i)) {
        uint64_t weight = diff_weight(d, i, diff_route_of(d, i), profile);

        if (weight == 0)
            continue;
        if (stacks)
            diff_write_stack(writer, d, i);
        else
            gbxi_json_uint(writer, weight);
        sum += weight;
        count++;
    }
    if (count == 0 && stacks)
        diff_write_stack(writer, d, d->merged.first_root);
    else if (count == 0)
        gbxi_json_uint(writer, 0);
    gbxi_json_array_end(writer);
    return sum;
}

static void diff_write_name(gbxi_json_writer *writer, const diff *d, diff_profile profile)
{
    char name[128];

    if (profile == DIFF_BEFORE || profile == DIFF_AFTER)
        snprintf(name, sizeof(name), "%s: mean time a request", diff_names[profile]);
    else
        snprintf(name, sizeof(name), "%s: mean time a request, without the common drift of %+.1f %%",
                 diff_names[profile], 100 * (d->drift - 1));
    gbxi_json_string_z(writer, name);
}

static void diff_write_profile(gbxi_json_writer *writer, diff *d, diff_profile profile)
{
    uint64_t sum;

    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "type");
    gbxi_json_string_z(writer, "sampled");
    gbxi_json_key(writer, "name");
    diff_write_name(writer, d, profile);
    gbxi_json_key(writer, "unit");
    gbxi_json_string_z(writer, "nanoseconds");
    gbxi_json_key(writer, "samples");
    (void)diff_write_samples(writer, d, profile, true);
    gbxi_json_key(writer, "weights");
    sum = diff_write_samples(writer, d, profile, false);
    gbxi_json_key(writer, "startValue");
    gbxi_json_uint(writer, 0);
    gbxi_json_key(writer, "endValue");
    gbxi_json_uint(writer, sum);
    gbxi_json_object_end(writer);
}

static void diff_write_title(gbxi_json_writer *writer, const gbxi_compare_side *before, const gbxi_compare_side *after)
{
    const gbxi_compare_side *const sides[] = {before, after};
    gbxi_json_text text;

    gbxi_json_text_begin(writer, &text);
    for (size_t i = 0; i < 2; i++) {
        const char *name = sides[i]->name != NULL ? sides[i]->name : sides[i]->run->id;

        if (i > 0)
            gbxi_json_text_add(writer, &text, " to ", 4);
        gbxi_json_text_add(writer, &text, name, strlen(name));
    }
    gbxi_json_text_end(writer, &text);
}

static void diff_write(gbxi_json_writer *writer, diff *d, const gbxi_compare_side *before,
                       const gbxi_compare_side *after)
{
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "$schema");
    gbxi_json_string_z(writer, "https://www.speedscope.app/file-format-schema.json");
    gbxi_json_key(writer, "name");
    diff_write_title(writer, before, after);
    gbxi_json_key(writer, "exporter");
    gbxi_json_string_z(writer, "glassbox@" GBX_VERSION);
    gbxi_json_key(writer, "activeProfileIndex");
    gbxi_json_uint(writer, 0);
    gbxi_json_key(writer, "shared");
    gbxi_json_object_begin(writer);
    gbxi_json_key(writer, "frames");
    diff_write_frames(writer, &d->merged.names);
    gbxi_json_object_end(writer);
    gbxi_json_key(writer, "profiles");
    gbxi_json_array_begin(writer);
    for (size_t i = 0; i < DIFF_PROFILE_COUNT; i++)
        diff_write_profile(writer, d, (diff_profile)i);
    gbxi_json_array_end(writer);
    gbxi_json_object_end(writer);
}

gbx_err gbxi_comparison_write_speedscope(gbxi_json_writer *writer, const gbxi_comparison *comparison,
                                         const gbxi_compare_side *before, const gbxi_compare_side *after,
                                         gbx_error *error)
{
    diff *d = malloc(sizeof(*d));
    gbx_err err;

    if (d == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    d->drift = exp(comparison->drift.drift);
    gbxi_merged_init(&d->merged);
    if ((err = gbxi_merged_read(&d->merged, GBXI_BEFORE, before, error)) == GBX_ERR_OK &&
        (err = gbxi_merged_read(&d->merged, GBXI_AFTER, after, error)) == GBX_ERR_OK && !gbxi_merged_order(&d->merged))
        err = gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "out of memory");
    if (err == GBX_ERR_OK)
        diff_write(writer, d, before, after);
    gbxi_merged_fini(&d->merged);
    free(d);
    return err;
}
