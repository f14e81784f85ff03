/* SPDX-License-Identifier: MIT */
/* Owns the transformation `elements_only`, which keeps the elements of a page. */
#include "base/account.h"
#include "graph/registry.h"
#include "graph/transform/page_filter.h"
#include <glassbox/span.h>

static void mark_elements(gbxi_page_filter *filter, const void *wanted)
{
    GBX_SPAN_NAMED("graph.transform.elements_only.mark");

    (void)wanted;
    for (size_t v = 0; v < filter->graph->node_count && gbxi_account_goes_on(v); v++)
        filter->marks[v] = filter->graph->nodes[v].kind == GBXI_NODE_ELEMENT;
}

static gbx_err elements_only_apply(gbxi_graph *graph, gbxi_json_value config, gbx_error *error)
{
    GBX_SPAN_NAMED("graph.transform.elements_only");

    (void)config;
    return gbxi_page_keep_marked(graph, mark_elements, NULL, error);
}

const gbxi_transformation gbxi_transformation_elements_only = {
    {"elements_only", "Elements only", "Keeps the elements of a page and removes attributes and texts.", NULL},
    elements_only_apply,
};
