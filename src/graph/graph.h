/* SPDX-License-Identifier: MIT */
/* The model: a graph in compact arrays, independent of its source. Its edges have a direction unless it is undirected.
 *
 * Usage: zero the struct, add nodes and edges, apply a transformation, let an engine write the graph, call
 * gbxi_graph_fini. Nodes and edges are numbered from 0 in the order in which they were added. Thread: one at a time. */
#ifndef GBX_GRAPH_GRAPH_H
#define GBX_GRAPH_GRAPH_H

#include "graph/text.h"
#include "json/reader.h"
#include <stdbool.h>

#define GBXI_GRAPH_NONE UINT32_MAX

typedef enum gbxi_node_kind {
    GBXI_NODE_ITEM,      /* of a graph given as nodes and edges: name is the id, value is the label */
    GBXI_NODE_ELEMENT,   /* of a page: name is the tag */
    GBXI_NODE_ATTRIBUTE, /* of a page: name and value */
    GBXI_NODE_TEXT       /* of a page: value */
} gbxi_node_kind;
enum { GBXI_NODE_KIND_COUNT = GBXI_NODE_TEXT + 1 };

typedef struct gbxi_node {
    gbxi_text name; /* on a page, equal tags and equal attribute names share one text, so comparing `at` is enough */
    gbxi_text value;
    uint32_t
        origin; /* of an item: index of its fields in node_values, or NONE; of a page's node: its number in the page */
    uint32_t merged; /* number of further nodes that were merged into this one */
    uint8_t kind;    /* a gbxi_node_kind */
    uint8_t cluster; /* 0: none; otherwise its position in the graph's clusters, from 1 */
} gbxi_node;

typedef struct gbxi_edge {
    uint32_t source;
    uint32_t target;
    gbxi_text label;
    uint32_t origin; /* index of its fields in edge_values, or NONE */
    uint32_t merged; /* number of further edges that were merged into this one */
} gbxi_edge;

/* What a request says about the whole graph, as networkx writes it. Each may be absent. */
typedef struct gbxi_graph_about {
    gbxi_json_value directed;   /* a boolean */
    gbxi_json_value multigraph; /* a boolean */
    gbxi_json_value graph;      /* an object: the graph's own fields */
} gbxi_graph_about;

/* Owns: its arrays. The JSON values in them belong to their document, which must outlive the graph. */
typedef struct gbxi_graph {
    gbxi_node *nodes;
    size_t node_count;
    size_t node_capacity;
    gbxi_edge *edges;
    size_t edge_count;
    size_t edge_capacity;
    gbxi_texts texts;
    gbxi_json_value *node_values; /* the JSON objects of the items */
    size_t node_value_count;
    size_t node_value_capacity;
    gbxi_json_value *edge_values;
    size_t edge_value_count;
    size_t edge_value_capacity;
    gbxi_graph_about about;
    bool undirected;             /* edges lead both ways; which end is the source is only the order of writing */
    const char *const *clusters; /* names of the clusters, at most 255, ending with NULL; NULL: no clusters */
    bool is_page; /* the graph is a forest of a page's nodes in document order: each node has at most one incoming edge,
                     from an element before it; no transformation can break this, because none adds edges and a forest
                     has no cycles */
} gbxi_graph;

/* Reserves room for the given totals of nodes and edges, so that adding them does not reallocate. Errors: NO_MEMORY,
 * LIMIT. */
GBX_MUST_USE gbx_err gbxi_graph_reserve(gbxi_graph *graph, size_t node_count, size_t edge_count);
/* Errors: NO_MEMORY, LIMIT. */
GBX_MUST_USE gbx_err gbxi_graph_add_node(gbxi_graph *graph, gbxi_node node);
GBX_MUST_USE gbx_err gbxi_graph_add_edge(gbxi_graph *graph, gbxi_edge edge);
/* Stores the fields of an item or an edge and sets `origin` to their index. Errors: NO_MEMORY, LIMIT. */
GBX_MUST_USE gbx_err gbxi_graph_add_node_value(gbxi_graph *graph, gbxi_json_value value, uint32_t *origin);
GBX_MUST_USE gbx_err gbxi_graph_add_edge_value(gbxi_graph *graph, gbxi_json_value value, uint32_t *origin);
void gbxi_graph_fini(gbxi_graph *graph);

/* Keeps only the nodes marked in `nodes` (one byte each), and of the edges between them only those marked in `edges`
 * (NULL: all). The order is kept, the numbers change. Errors: NO_MEMORY; the graph is then unchanged. IO if the
 * work is stopped. Cost: linear.
 * Span: graph.transform.keep. */
GBX_MUST_USE gbx_err gbxi_graph_keep(gbxi_graph *graph, const unsigned char *nodes, const unsigned char *edges);

/* Number of nodes or edges per span: 256 in small graphs; large graphs get at most 32 spans. */
static inline size_t gbxi_graph_batch(size_t count)
{
    return count / 32 > 256 ? count / 32 + 1 : 256;
}

/* The end of the batch that begins at `begin`, within a range that ends at `end`. `count` is the total of nodes or
 * edges. */
static inline size_t gbxi_graph_batch_end(size_t count, size_t begin, size_t end)
{
    size_t batch = gbxi_graph_batch(count);

    return end - begin < batch ? end : begin + batch;
}

/* Buffer for the id of a page's node, which is made from its number. */
typedef struct gbxi_id_room {
    char bytes[16];
} gbxi_id_room;

/* The exact id of a node: an item's own id, or n0, n1, ... on a page. Points into the graph or into `room`. */
gbxi_json_string gbxi_graph_node_id(const gbxi_graph *graph, size_t node, gbxi_id_room *room);

#endif
