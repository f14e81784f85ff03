/* SPDX-License-Identifier: MIT */
/* Owns the transformation `dedupe`: one edge where there are several. */
#include "graph/registry.h"
#include "graph/transform/edges.h"
#include <glassbox/span.h>
#include <stdlib.h>
#include <string.h>

static const gbx__option options[] = {
    GBX__OPTION_BOOL("directed", "true", "Whether an edge back is another one, and not the same once more."),
    GBX__OPTION_BOOL("drop_loops", "false", "Whether edges from a node to itself go as well."),
    GBX__OPTION_BOOL("by_label", "false", "Whether edges with different labels are different ones."),
    {0},
};

static void mark_edges(const gbx__graph *graph, bool drop_loops, unsigned char *edges)
{
    GBX_SPAN_NAMED("graph.transform.dedupe.mark");

    for (size_t i = 0; i < graph->edge_count; ++i)
        edges[i] = !drop_loops || graph->edges[i].source != graph->edges[i].target;
}

static gbx_err apply(gbx__graph *graph, gbx_json_value config, gbx_error *error)
{
    gbx__edges_sameness sameness = {.directed = gbx__option_bool(options, config, "directed"),
                                    .by_label = gbx__option_bool(options, config, "by_label")};
    unsigned char *nodes = malloc(graph->node_count + 1), *edges = malloc(graph->edge_count + 1);
    gbx_err err = nodes != NULL && edges != NULL ? GBX_ERR_OK : GBX_ERR_NO_MEMORY;
    GBX_SPAN_NAMED("graph.transform.dedupe");

    (void)error;
    if (err == GBX_ERR_OK) {
        mark_edges(graph, gbx__option_bool(options, config, "drop_loops"), edges);
        err = gbx__edges_merge(graph, sameness, edges);
    }
    if (err == GBX_ERR_OK) {
        memset(nodes, 1, graph->node_count);
        err = gbx__graph_keep(graph, nodes, edges);
    }
    free(nodes);
    free(edges);
    return err;
}

const gbx__transformation gbx__transformation_dedupe = {
    {"dedupe", "Without duplicates",
     "All nodes, and of parallel edges the first, which says how many it stands for besides.", options},
    apply,
};
