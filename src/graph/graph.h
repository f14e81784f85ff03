/* SPDX-License-Identifier: MIT */
/* The model: a directed graph in compact arrays, whatever it came from.
 *
 * Usage: zero it, add nodes and edges, let a transformation change it, let an engine write it, gbxi_graph_fini. Nodes
 * and edges are numbered from 0 in the order they were added. Thread: one at a time. */
#ifndef GBX_GRAPH_GRAPH_H
#define GBX_GRAPH_GRAPH_H

#include "graph/text.h"
#include "json/reader.h"
#include <stdbool.h>

#define GBXI_GRAPH_NONE UINT32_MAX

typedef enum gbxi_node_kind {
    GBXI_NODE_ITEM,      /* of a graph given as such: name is its id, value its label */
    GBXI_NODE_ELEMENT,   /* of a page: name is the tag */
    GBXI_NODE_ATTRIBUTE, /* of a page: name and value */
    GBXI_NODE_TEXT       /* of a page: value */
} gbxi_node_kind;
enum { GBXI_NODE_KIND_COUNT = GBXI_NODE_TEXT + 1 };

typedef struct gbxi_node {
    gbxi_text name; /* equal tags and equal attribute names of a page are the same text, so they compare by `at` */
    gbxi_text value;
    uint32_t origin; /* an item: where its fields are in node_values, or NONE; a page's node: its number in the page */
    uint32_t merged; /* further nodes that this one stands for */
    uint8_t kind;    /* a gbxi_node_kind */
    uint8_t cluster; /* 0: none; else its place in the graph's clusters, from 1 */
} gbxi_node;

typedef struct gbxi_edge {
    uint32_t source;
    uint32_t target;
    gbxi_text label;
    uint32_t origin; /* where its fields are in edge_values, or NONE */
    uint32_t merged; /* further edges that this one stands for */
} gbxi_edge;

/* Owns: its arrays; the JSON values in them belong to the document they came from, which must outlive the graph. */
typedef struct gbxi_graph {
    gbxi_node *nodes;
    size_t node_count;
    size_t node_capacity;
    gbxi_edge *edges;
    size_t edge_count;
    size_t edge_capacity;
    gbxi_texts texts;
    gbxi_json_value *node_values; /* the objects that the items came from */
    size_t node_value_count;
    size_t node_value_capacity;
    gbxi_json_value *edge_values;
    size_t edge_value_count;
    size_t edge_value_capacity;
    const char *const *clusters; /* names of parts to be drawn apart, at most 255, ending in NULL; NULL: none */
    bool
        is_page; /* a forest of a page's nodes: in document order, each with one edge at most coming in, from an element
                    above it; no transformation changes that, because it cannot add edges and finds no cycles */
} gbxi_graph;

/* Makes room for that many nodes and edges in all, to spare the growing. Errors: NO_MEMORY, LIMIT. */
GBX_MUST_USE gbx_err gbxi_graph_reserve(gbxi_graph *graph, size_t node_count, size_t edge_count);
/* Errors: NO_MEMORY, LIMIT. */
GBX_MUST_USE gbx_err gbxi_graph_add_node(gbxi_graph *graph, gbxi_node node);
GBX_MUST_USE gbx_err gbxi_graph_add_edge(gbxi_graph *graph, gbxi_edge edge);
/* Keeps the fields of an item or an edge, and sets `origin` to where. Errors: NO_MEMORY, LIMIT. */
GBX_MUST_USE gbx_err gbxi_graph_add_node_value(gbxi_graph *graph, gbxi_json_value value, uint32_t *origin);
GBX_MUST_USE gbx_err gbxi_graph_add_edge_value(gbxi_graph *graph, gbxi_json_value value, uint32_t *origin);
void gbxi_graph_fini(gbxi_graph *graph);

/* Leaves only the nodes with a mark in `nodes` (one byte each), and of the edges between those only the ones with a
 * mark in `edges` (NULL: all). Order is kept, numbers are not. Errors: NO_MEMORY, and then nothing changed. Cost:
 * linear. Span: graph.transform.keep. */
GBX_MUST_USE gbx_err gbxi_graph_keep(gbxi_graph *graph, const unsigned char *nodes, const unsigned char *edges);

/* How many nodes or edges make one span: small ones go in one, large graphs in at most 32. */
static inline size_t gbxi_graph_batch(size_t count)
{
    return count / 32 > 256 ? count / 32 + 1 : 256;
}

/* Where the batch that begins at `begin` ends, in a stretch that ends at `end` and belongs to `count` of them in all.
 */
static inline size_t gbxi_graph_batch_end(size_t count, size_t begin, size_t end)
{
    size_t batch = gbxi_graph_batch(count);

    return end - begin < batch ? end : begin + batch;
}

/* Room for the id of a page's node, which is made up from its number. */
typedef struct gbxi_id_room {
    char bytes[16];
} gbxi_id_room;

/* The id of a node, exactly; an item's own, or n0, n1, ... on a page. Points into the graph or into `room`. */
gbxi_json_string gbxi_graph_node_id(const gbxi_graph *graph, size_t node, gbxi_id_room *room);

#endif
