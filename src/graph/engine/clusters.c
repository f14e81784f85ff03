/* SPDX-License-Identifier: MIT */
/* Owns sorting nodes by cluster. */
#include "graph/engine/clusters.h"
#include "graph/stop.h"
#include <assert.h>
#include <glassbox/span.h>

static void sort_into_clusters(gbxi_clusters *clusters, const gbxi_graph *graph)
{
    size_t next[GBXI_CLUSTERS_MAX + 1];
    GBX_SPAN_NAMED("graph.render.clusters");

    gbx_note_int("clusters", (int64_t)clusters->count);
    for (size_t i = 0; i < graph->node_count && gbxi_account_goes_on(i); i++)
        ++clusters->first[graph->nodes[i].cluster + 1];
    for (size_t c = 0; c <= clusters->count; c++) {
        next[c] = clusters->first[c];
        clusters->first[c + 1] += clusters->first[c];
    }
    for (size_t i = 0; i < graph->node_count && gbxi_account_goes_on(i); i++)
        clusters->nodes[next[graph->nodes[i].cluster]++] = (uint32_t)i;
}

gbx_err gbxi_clusters_init(gbxi_clusters *clusters, const gbxi_graph *graph)
{
    *clusters = (gbxi_clusters){0};
    if (graph->clusters == NULL) {
        clusters->first[1] = graph->node_count;
        return GBX_ERR_OK;
    }
    while (graph->clusters[clusters->count] != NULL)
        ++clusters->count;
    assert(clusters->count <= GBXI_CLUSTERS_MAX);
    clusters->nodes = gbxi_account_malloc((graph->node_count + 1) * sizeof(*clusters->nodes));
    if (clusters->nodes == NULL)
        return GBX_ERR_NO_MEMORY;
    sort_into_clusters(clusters, graph);
    if (gbxi_stop_check() == GBX_ERR_OK)
        return GBX_ERR_OK;
    gbxi_clusters_fini(clusters);
    return GBX_ERR_IO;
}

void gbxi_clusters_fini(gbxi_clusters *clusters)
{
    gbxi_account_free(clusters->nodes);
    clusters->nodes = NULL;
}

const char *gbxi_clusters_name(const gbxi_graph *graph, const gbxi_node *node)
{
    return graph->clusters != NULL && node->cluster > 0 ? graph->clusters[node->cluster - 1] : NULL;
}
