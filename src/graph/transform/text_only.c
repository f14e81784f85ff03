/* SPDX-License-Identifier: MIT */
/* Owns the transformation `text_only`: what a page has to read. */
#include "graph/registry.h"
#include "graph/transform/page_filter.h"
#include <glassbox/span.h>

static bool is_code(const gbx__graph *graph, uint32_t element)
{
    return element != GBX__GRAPH_NONE &&
           (gbx__page_is_element(graph, element, "script") || gbx__page_is_element(graph, element, "style"));
}

/* HTML has nothing but text in scripts and styles, so a text of theirs is directly in them. */
static void mark(gbx__page_filter *filter)
{
    const gbx__graph *graph = filter->graph;
    GBX_SPAN_NAMED("graph.transform.text_only.mark");

    for (size_t v = 0; v < graph->node_count; ++v)
        filter->marks[v] = graph->nodes[v].kind == GBX__NODE_TEXT && !is_code(graph, filter->parents[v]);
}

static gbx_err apply(gbx__graph *graph, gbx_json_value config, gbx_error *error)
{
    gbx__page_filter filter;
    gbx_err err;
    GBX_SPAN_NAMED("graph.transform.text_only");

    (void)config;
    if ((err = gbx__page_filter_begin(&filter, graph, error)) == GBX_ERR_OK) {
        mark(&filter);
        gbx__page_filter_spread_up(&filter);
        err = gbx__page_filter_keep(&filter);
    }
    gbx__page_filter_end(&filter);
    return err;
}

const gbx__transformation gbx__transformation_text_only = {
    {"text_only", "Text only",
     "Of a page its texts, but for those of scripts and styles, and the elements that they are in.", NULL},
    apply,
};
