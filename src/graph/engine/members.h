/* SPDX-License-Identifier: MIT */
/* Members that describe a node or an edge in JSON, for all engines whose answers are objects. Thread: any. */
#ifndef GBX_GRAPH_ENGINE_MEMBERS_H
#define GBX_GRAPH_ENGINE_MEMBERS_H

#include "graph/engine/label.h"
#include "graph/graph.h"
#include "json/writer.h"

/* Fields of a request's object that are not copied next to the engine's own members. Both lists end with NULL. */
typedef struct gbxi_member_names {
    const char *const
        *said; /* already written by the engine, so left out; a label that is a string is always left out */
    const char *const *reserved; /* names that the engine uses or that have a meaning in the library */
} gbxi_member_names;

/* Writes `label`, `kind` for a node of a page, and `merged` if other nodes were merged into this one. */
void gbxi_members_of_node(gbxi_json_writer *out, const gbxi_graph *graph, const gbxi_node *node);
/* Writes `label` and `merged` of an edge if it has them. */
void gbxi_members_of_edge(gbxi_json_writer *out, const gbxi_graph *graph, const gbxi_edge *edge);

/* Writes what the request says about the whole graph, as members of the answer: `directed`, `multigraph` and `graph`,
 * each only if it is given. */
void gbxi_members_of_graph(gbxi_json_writer *out, const gbxi_graph *graph);

/* Writes the remaining fields of the request's object, which may be absent, next to the members already written. Fields
 * with reserved names go into an object `data`, so that nothing is lost and nothing is misread. Cost: linear. */
void gbxi_members_further(gbxi_json_writer *out, gbxi_json_value object, const gbxi_member_names *names);

/* The request's object of a node or an edge; absent for those of a page. */
gbxi_json_value gbxi_members_node_value(const gbxi_graph *graph, const gbxi_node *node);
gbxi_json_value gbxi_members_edge_value(const gbxi_graph *graph, const gbxi_edge *edge);

/* "element", "attribute" or "text"; NULL for an item. */
const char *gbxi_members_kind(const gbxi_node *node);

#endif
