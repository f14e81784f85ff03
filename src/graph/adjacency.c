/* SPDX-License-Identifier: MIT */
/* Owns the sorting of edges by source. */
#include "graph/adjacency.h"
#include <stdlib.h>

gbx_err gbx__adjacency_init(gbx__adjacency *adjacency, const gbx__graph *graph)
{
    size_t node_count = graph->node_count;

    adjacency->first = calloc(node_count + 2, sizeof(*adjacency->first));
    adjacency->edges = malloc((graph->edge_count + 1) * sizeof(*adjacency->edges));
    if (adjacency->first == NULL || adjacency->edges == NULL)
        return GBX_ERR_NO_MEMORY;
    /* A counting sort: counted two places on, summed to where a node's edges begin one place on, and moved by the
     * filling to where they end, which is where they begin for the next node. */
    for (size_t i = 0; i < graph->edge_count; ++i)
        ++adjacency->first[graph->edges[i].source + 2];
    for (size_t v = 1; v <= node_count; ++v)
        adjacency->first[v + 1] += adjacency->first[v];
    for (size_t i = 0; i < graph->edge_count; ++i)
        adjacency->edges[adjacency->first[graph->edges[i].source + 1]++] = (uint32_t)i;
    return GBX_ERR_OK;
}

void gbx__adjacency_fini(gbx__adjacency *adjacency)
{
    free(adjacency->first);
    free(adjacency->edges);
    *adjacency = (gbx__adjacency){0};
}
