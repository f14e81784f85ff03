/* SPDX-License-Identifier: MIT */
/* Owns the transformation `full-document`, which sorts the nodes of a page into clusters. */
#include "base/account.h"
#include "graph/registry.h"
#include "graph/transform/page_filter.h"
#include <glassbox/span.h>

static const char *const clusters[] = {"head", "body", "attributes", "scripts", "styles", NULL};

enum { NOWHERE, HEAD, BODY, ATTRIBUTES, SCRIPTS, STYLES }; /* positions in `clusters`, from 1 */

/* A script is in the cluster of scripts wherever it occurs, and so is its content. */
static uint8_t cluster_of(const gbxi_page_filter *filter, size_t node)
{
    const gbxi_graph *graph = filter->graph;
    uint32_t parent = filter->parents[node];

    if (graph->nodes[node].kind == GBXI_NODE_ATTRIBUTE)
        return ATTRIBUTES;
    if (gbxi_page_is_element(graph, node, "script"))
        return SCRIPTS;
    if (gbxi_page_is_style_sheet(graph, filter->parents, node))
        return STYLES;
    if (parent == GBXI_GRAPH_NONE)
        return NOWHERE;
    if (filter->parents[parent] != GBXI_GRAPH_NONE)
        return graph->nodes[parent].cluster;
    return gbxi_page_is_element(graph, node, "head")   ? HEAD
           : gbxi_page_is_element(graph, node, "body") ? BODY
                                                       : NOWHERE;
}

static void assign_clusters(gbxi_page_filter *filter)
{
    GBX_SPAN_NAMED("graph.transform.full-document.assign");

    for (size_t v = 0; v < filter->graph->node_count && gbxi_account_goes_on(v); v++)
        filter->graph->nodes[v].cluster = cluster_of(filter, v);
    filter->graph->clusters = clusters;
}

static gbx_err full_document_apply(gbxi_graph *graph, gbxi_json_value config, gbx_error *error)
{
    gbxi_page_filter filter;
    gbx_err err;
    GBX_SPAN_NAMED("graph.transform.full-document");

    (void)config;
    if ((err = gbxi_page_filter_begin(&filter, graph, error)) == GBX_ERR_OK)
        assign_clusters(&filter);
    gbxi_page_filter_end(&filter);
    return err;
}

const gbxi_transformation gbxi_transformation_full_document = {
    {"full-document", "Full document",
     "Keeps everything and sorts the nodes of a page into the clusters head, body, attributes, scripts (with their "
     "code) and styles (style elements and style sheet links). The element html, and elements beside head and body, "
     "are in no cluster.",
     NULL},
    full_document_apply,
};
