/* SPDX-License-Identifier: MIT */
/* A graph's nodes by their cluster, for engines that draw clusters as boxes around their nodes. */
#ifndef GBX_GRAPH_ENGINE_CLUSTERS_H
#define GBX_GRAPH_ENGINE_CLUSTERS_H

#include "graph/graph.h"

enum { GBXI_CLUSTERS_MAX = 255 };

/* The nodes of cluster c, 0 for those in none, are the ones at first[c] to first[c + 1] - 1 of this order; within a
 * cluster it is the graph's. Owns: the array. */
typedef struct gbxi_clusters {
    size_t first[GBXI_CLUSTERS_MAX + 2];
    size_t count;    /* of the names; cluster numbers go from 0 to this */
    uint32_t *nodes; /* NULL in a graph without clusters, which needs no order */
} gbxi_clusters;

/* Errors: NO_MEMORY. Cost: linear; nothing in a graph without clusters. To be freed in any case. */
GBX_MUST_USE gbx_err gbxi_clusters_init(gbxi_clusters *clusters, const gbxi_graph *graph);
void gbxi_clusters_fini(gbxi_clusters *clusters);

/* The cluster's name; NULL for a node in none. */
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
