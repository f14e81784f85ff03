/* SPDX-License-Identifier: MIT */
/* Owns grouping edges by node. */
#include "graph/adjacency.h"
#include "graph/stop.h"

/* A counting sort. Edges of node v are counted in first[v + 2]. After summing, first[v + 1] is where the edges of v
 * begin. Filling moves first[v + 1] to where they end, which is where the edges of v + 1 begin. */
static void count_ends(gbxi_adjacency *adjacency, const gbxi_graph *graph, gbxi_adjacency_kind kind)
{
    for (size_t i = 0; i < graph->edge_count && gbxi_account_goes_on(i); i++) {
        if ((kind & GBXI_ADJACENCY_OUT) != 0)
            ++adjacency->first[graph->edges[i].source + 2];
        if ((kind & GBXI_ADJACENCY_IN) != 0)
            ++adjacency->first[graph->edges[i].target + 2];
    }
    for (size_t v = 1; v <= graph->node_count && gbxi_account_goes_on(v); v++)
        adjacency->first[v + 1] += adjacency->first[v];
}

static void fill_ends(gbxi_adjacency *adjacency, const gbxi_graph *graph, gbxi_adjacency_kind kind)
{
    for (uint32_t i = 0; i < graph->edge_count && gbxi_account_goes_on(i); i++) {
        uint32_t source = graph->edges[i].source, target = graph->edges[i].target;

        if ((kind & GBXI_ADJACENCY_OUT) != 0)
            adjacency->edges[adjacency->first[source + 1]++] = (gbxi_adjacent){i, target};
        if ((kind & GBXI_ADJACENCY_IN) != 0)
            adjacency->edges[adjacency->first[target + 1]++] = (gbxi_adjacent){i, source};
    }
}

gbx_err gbxi_adjacency_init(gbxi_adjacency *adjacency, const gbxi_graph *graph, gbxi_adjacency_kind kind)
{
    size_t room = kind == GBXI_ADJACENCY_BOTH ? 2 * graph->edge_count : graph->edge_count;

    *adjacency = (gbxi_adjacency){0};
    if (room >= UINT32_MAX)
        return GBX_ERR_LIMIT;
    adjacency->first = gbxi_account_calloc(graph->node_count + 2, sizeof(*adjacency->first));
    adjacency->edges = gbxi_account_malloc((room + 1) * sizeof(*adjacency->edges));
    if (adjacency->first == NULL || adjacency->edges == NULL)
        return GBX_ERR_NO_MEMORY;
    count_ends(adjacency, graph, kind);
    if (gbxi_stop_check() == GBX_ERR_OK)
        fill_ends(adjacency, graph, kind);
    return gbxi_stop_check();
}

void gbxi_adjacency_fini(gbxi_adjacency *adjacency)
{
    gbxi_account_free(adjacency->first);
    gbxi_account_free(adjacency->edges);
    *adjacency = (gbxi_adjacency){0};
}
