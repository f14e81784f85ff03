/* SPDX-License-Identifier: MIT */
/* Owns the transformation `condense`, which merges each strongly connected component into one node. */
#include "base/account.h"
#include "graph/registry.h"
#include "graph/transform/components.h"
#include "graph/transform/edges.h"
#include <glassbox/span.h>

/* The first node represents its component: only it is marked, and it gets the edges of all. Earlier merges are added
 * up. */
static void contract_components(gbxi_graph *graph, const uint32_t *first, unsigned char *nodes, unsigned char *edges)
{
    GBX_SPAN_NAMED("graph.transform.condense.contract");

    for (size_t v = 0; v < graph->node_count && gbxi_account_goes_on(v); v++) {
        nodes[v] = first[v] == v;
        if (!nodes[v])
            graph->nodes[first[v]].merged += 1 + graph->nodes[v].merged;
    }
    for (size_t i = 0; i < graph->edge_count && gbxi_account_goes_on(i); i++) {
        gbxi_edge *edge = &graph->edges[i];

        edge->source = first[edge->source];
        edge->target = first[edge->target];
        edges[i] = edge->source != edge->target;
    }
}

static gbx_err condense_apply(gbxi_graph *graph, gbxi_json_value config, gbx_error *error)
{
    uint32_t *first = gbxi_account_malloc((graph->node_count + 1) * sizeof(*first));
    unsigned char *nodes = gbxi_account_malloc(graph->node_count + 1),
                  *edges = gbxi_account_malloc(graph->edge_count + 1);
    gbx_err err = first != NULL && nodes != NULL && edges != NULL ? GBX_ERR_OK : GBX_ERR_NO_MEMORY;
    GBX_SPAN_NAMED("graph.transform.condense");

    (void)config;
    (void)error;
    if (err == GBX_ERR_OK)
        err = gbxi_components_strong(graph, first);
    if (err == GBX_ERR_OK) {
        contract_components(graph, first, nodes, edges);
        err = gbxi_edges_merge(graph, (gbxi_edges_sameness){.directed = true}, edges);
    }
    if (err == GBX_ERR_OK)
        err = gbxi_graph_keep(graph, nodes, edges);
    gbxi_account_free(first);
    gbxi_account_free(nodes);
    gbxi_account_free(edges);
    return err;
}

const gbxi_transformation gbxi_transformation_condense = {
    {"condense", "Condense",
     "Merges each strongly connected component into its first node and all edges between two components into the "
     "first edge. Merged nodes and edges state how many others they represent. The result has no loops or cycles.",
     NULL},
    condense_apply,
};
