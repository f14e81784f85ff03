/* SPDX-License-Identifier: MIT */
/* Owns the transformation `dedupe`, which merges parallel edges. */
#include "base/account.h"
#include "graph/registry.h"
#include "graph/transform/edges.h"
#include <glassbox/span.h>
#include <string.h>

static const gbxi_option options[] = {
    GBXI_OPTION_BOOL("directed", "true",
                     "Whether edges in opposite directions are distinct. In an undirected graph they never are."),
    GBXI_OPTION_BOOL("drop_loops", "false", "Whether to remove edges from a node to itself as well."),
    GBXI_OPTION_BOOL("by_label", "false", "Whether edges with different labels are distinct."),
    {0},
};

static void mark_edges(const gbxi_graph *graph, bool drop_loops, unsigned char *edges)
{
    GBX_SPAN_NAMED("graph.transform.dedupe.mark");

    for (size_t i = 0; i < graph->edge_count; i++)
        edges[i] = !drop_loops || graph->edges[i].source != graph->edges[i].target;
}

static gbx_err dedupe_apply(gbxi_graph *graph, gbxi_json_value config, gbx_error *error)
{
    gbxi_edges_sameness sameness = {.directed = !graph->undirected && gbxi_option_bool(options, config, "directed"),
                                    .by_label = gbxi_option_bool(options, config, "by_label")};
    unsigned char *nodes = gbxi_account_malloc(graph->node_count + 1),
                  *edges = gbxi_account_malloc(graph->edge_count + 1);
    gbx_err err = nodes != NULL && edges != NULL ? GBX_ERR_OK : GBX_ERR_NO_MEMORY;
    GBX_SPAN_NAMED("graph.transform.dedupe");

    (void)error;
    if (err == GBX_ERR_OK) {
        mark_edges(graph, gbxi_option_bool(options, config, "drop_loops"), edges);
        err = gbxi_edges_merge(graph, sameness, edges);
    }
    if (err == GBX_ERR_OK) {
        memset(nodes, 1, graph->node_count);
        err = gbxi_graph_keep(graph, nodes, edges);
    }
    gbxi_account_free(nodes);
    gbxi_account_free(edges);
    return err;
}

const gbxi_transformation gbxi_transformation_dedupe = {
    {"dedupe", "Without duplicates",
     "Keeps all nodes and the first of each group of parallel edges, which states how many others it represents.",
     options},
    dedupe_apply,
};
