/* SPDX-License-Identifier: MIT */
/* Owns the sorting of edges by their ends. */
#include "graph/adjacency.h"
#include <stdlib.h>

/* A counting sort: counted two places on, summed to where a node's edges begin one place on, and moved by the filling
 * to where they end, which is where they begin for the next node. */
static void count(gbx__adjacency *adjacency, const gbx__graph *graph, gbx__adjacency_kind kind)
{
    for (size_t i = 0; i < graph->edge_count; ++i) {
        if ((kind & GBX__ADJACENCY_OUT) != 0)
            ++adjacency->first[graph->edges[i].source + 2];
        if ((kind & GBX__ADJACENCY_IN) != 0)
            ++adjacency->first[graph->edges[i].target + 2];
    }
    for (size_t v = 1; v <= graph->node_count; ++v)
        adjacency->first[v + 1] += adjacency->first[v];
}

static void fill(gbx__adjacency *adjacency, const gbx__graph *graph, gbx__adjacency_kind kind)
{
    for (uint32_t i = 0; i < graph->edge_count; ++i) {
        uint32_t source = graph->edges[i].source, target = graph->edges[i].target;

        if ((kind & GBX__ADJACENCY_OUT) != 0)
            adjacency->edges[adjacency->first[source + 1]++] = (gbx__adjacent){i, target};
        if ((kind & GBX__ADJACENCY_IN) != 0)
            adjacency->edges[adjacency->first[target + 1]++] = (gbx__adjacent){i, source};
    }
}

gbx_err gbx__adjacency_init(gbx__adjacency *adjacency, const gbx__graph *graph, gbx__adjacency_kind kind)
{
    size_t room = kind == GBX__ADJACENCY_BOTH ? 2 * graph->edge_count : graph->edge_count;

    *adjacency = (gbx__adjacency){0};
    if (room >= UINT32_MAX)
        return GBX_ERR_LIMIT;
    adjacency->first = calloc(graph->node_count + 2, sizeof(*adjacency->first));
    adjacency->edges = malloc((room + 1) * sizeof(*adjacency->edges));
    if (adjacency->first == NULL || adjacency->edges == NULL)
        return GBX_ERR_NO_MEMORY;
    count(adjacency, graph, kind);
    fill(adjacency, graph, kind);
    return GBX_ERR_OK;
}

void gbx__adjacency_fini(gbx__adjacency *adjacency)
{
    free(adjacency->first);
    free(adjacency->edges);
    *adjacency = (gbx__adjacency){0};
}
