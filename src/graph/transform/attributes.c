/* SPDX-License-Identifier: MIT */
/* Owns the transformation `attributes`: what is said in a page's tags. */
#include "graph/registry.h"
#include "graph/transform/page_filter.h"
#include <glassbox/span.h>
#include <stdlib.h>

enum { NAMES_MAX = 256 };

static const gbx__option options[] = {
    GBX__OPTION_TEXTS("names", 1, NAMES_MAX, "Only the attributes of these names; upper and lower case are the same."),
    {0},
};

/* The names that are asked for. */
typedef struct asked {
    gbx__texts texts;
    gbx__names names;
    bool all;
} asked;

/* HTML's names are in lower case. */
static gbx_err add_name(asked *a, gbx_json_string name)
{
    char *lower = malloc(name.length + 1);
    uint32_t number;
    bool is_new;
    gbx_err err;

    if (lower == NULL)
        return GBX_ERR_NO_MEMORY;
    for (size_t i = 0; i < name.length; ++i)
        lower[i] = name.at[i] >= 'A' && name.at[i] <= 'Z' ? (char)(name.at[i] - 'A' + 'a') : name.at[i];
    err = gbx__names_intern(&a->names, &a->texts, lower, name.length, &number, &is_new);
    free(lower);
    return err;
}

static gbx_err read_names(asked *a, gbx_json_value config)
{
    gbx_json_value given = gbx_json_member(config, "names");
    gbx_json_iterator each = gbx_json_each(given);
    gbx_json_string name;
    gbx_err err = GBX_ERR_OK;

    a->all = gbx_json_typeof(given) == GBX_JSON_ABSENT;
    while (err == GBX_ERR_OK && gbx_json_next(&each))
        err = gbx_json_str(each.value, &name) ? add_name(a, name) : GBX_ERR_TYPE;
    return err;
}

static bool is_asked(const asked *a, const gbx__graph *graph, gbx__text name)
{
    uint32_t number;

    return a->all || gbx__names_find(&a->names, &a->texts, gbx__texts_at(&graph->texts, name), name.length, &number);
}

/* An attribute is the child of the element that bears it. */
static void mark(gbx__page_filter *filter, const asked *a)
{
    const gbx__graph *graph = filter->graph;
    GBX_SPAN_NAMED("graph.transform.attributes.mark");

    for (size_t v = 0; v < graph->node_count; ++v) {
        if (graph->nodes[v].kind != GBX__NODE_ATTRIBUTE || !is_asked(a, graph, graph->nodes[v].name))
            continue;
        filter->marks[v] = 1;
        if (filter->parents[v] != GBX__GRAPH_NONE)
            filter->marks[filter->parents[v]] = 1;
    }
}

static gbx_err apply(gbx__graph *graph, gbx_json_value config, gbx_error *error)
{
    gbx__page_filter filter;
    asked a = {0};
    gbx_err err;
    GBX_SPAN_NAMED("graph.transform.attributes");

    if ((err = gbx__page_filter_begin(&filter, graph, error)) == GBX_ERR_OK &&
        (err = read_names(&a, config)) == GBX_ERR_OK) {
        mark(&filter, &a);
        err = gbx__page_filter_keep(&filter);
    }
    gbx__page_filter_end(&filter);
    gbx__names_fini(&a.names);
    gbx__texts_fini(&a.texts);
    return err;
}

const gbx__transformation gbx__transformation_attributes = {
    {"attributes", "Attributes",
     "Of a page its attributes and the elements that bear them; an element hangs from the nearest of these above it.",
     options},
    apply,
};
