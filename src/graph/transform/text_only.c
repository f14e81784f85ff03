/* SPDX-License-Identifier: MIT */
/* Owns the transformation `text_only`, which keeps the texts of a page except code. */
#include "base/account.h"
#include "graph/registry.h"
#include "graph/transform/page_filter.h"
#include <glassbox/span.h>

static bool is_code(const gbxi_graph *graph, uint32_t element)
{
    return element != GBXI_GRAPH_NONE &&
           (gbxi_page_is_element(graph, element, "script") || gbxi_page_is_element(graph, element, "style"));
}

/* Marks all texts except code. In HTML, scripts and styles contain only text, so checking a text's parent is enough. */
static void mark_texts(gbxi_page_filter *filter)
{
    const gbxi_graph *graph = filter->graph;
    GBX_SPAN_NAMED("graph.transform.text_only.mark");

    for (size_t v = 0; v < graph->node_count && gbxi_account_goes_on(v); v++)
        filter->marks[v] = graph->nodes[v].kind == GBXI_NODE_TEXT && !is_code(graph, filter->parents[v]);
}

static void mark_texts_and_above(gbxi_page_filter *filter, const void *wanted)
{
    (void)wanted;
    mark_texts(filter);
    gbxi_page_filter_spread_up(filter);
}

static gbx_err text_only_apply(gbxi_graph *graph, gbxi_json_value config, gbx_error *error)
{
    GBX_SPAN_NAMED("graph.transform.text_only");

    (void)config;
    return gbxi_page_keep_marked(graph, mark_texts_and_above, NULL, error);
}

const gbxi_transformation gbxi_transformation_text_only = {
    {"text_only", "Text only", "Keeps the texts of a page except those of scripts and styles, and all their ancestors.",
     NULL},
    text_only_apply,
};
