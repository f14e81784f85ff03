/* SPDX-License-Identifier: MIT */
/* A graph's nodes sorted by cluster, for engines that draw clusters as boxes. */
#ifndef GBX_GRAPH_ENGINE_CLUSTERS_H
#define GBX_GRAPH_ENGINE_CLUSTERS_H

#include "graph/graph.h"

enum { GBXI_CLUSTERS_MAX = 255 };

/* The nodes of cluster c are nodes[first[c]] to nodes[first[c + 1] - 1]; cluster 0 holds the nodes in no cluster.
 * Within a cluster, nodes keep the graph's order. Owns: the array. */
typedef struct gbxi_clusters {
    size_t first[GBXI_CLUSTERS_MAX + 2];
    size_t count;    /* number of cluster names; cluster numbers go from 0 to count */
    uint32_t *nodes; /* NULL in a graph without clusters, where the order is the graph's own */
} gbxi_clusters;

/* Call gbxi_clusters_fini even after an error. Errors: NO_MEMORY; IO if the work is stopped. Cost: linear; constant
 * for a graph without clusters. */
GBX_MUST_USE gbx_err gbxi_clusters_init(gbxi_clusters *clusters, const gbxi_graph *graph);
void gbxi_clusters_fini(gbxi_clusters *clusters);

/* The name of a node's cluster, or NULL if it is in none. */
const char *gbxi_clusters_name(const gbxi_graph *graph, const gbxi_node *node);

static inline size_t gbxi_clusters_node(const gbxi_clusters *clusters, size_t place)
{
    return clusters->nodes != NULL ? clusters->nodes[place] : place;
}

static inline bool gbxi_clusters_has(const gbxi_clusters *clusters, size_t cluster)
{
    return clusters->first[cluster] < clusters->first[cluster + 1];
}

#endif
