/* SPDX-License-Identifier: MIT */
/* What a node or an edge says of itself in JSON: common to the engines whose answers are objects. Thread: any. */
#ifndef GBX_GRAPH_ENGINE_MEMBERS_H
#define GBX_GRAPH_ENGINE_MEMBERS_H

#include "graph/engine/label.h"
#include "graph/graph.h"
#include "json/writer.h"

/* Which fields of a request's object do not stand beside the engine's own. Both end in NULL. */
typedef struct gbxi_member_names {
    const char *const *said;     /* what the engine says already: left out; a label that is a string always is */
    const char *const *reserved; /* names that are the engine's or mean something to the library */
} gbxi_member_names;

/* Writes `label` and, of a node of a page, `kind`; `merged` where it stands for others. */
void gbxi_members_of_node(gbxi_json_writer *out, const gbxi_graph *graph, const gbxi_node *node);
/* The same of an edge: `label` and `merged`, each where there is one. */
void gbxi_members_of_edge(gbxi_json_writer *out, const gbxi_graph *graph, const gbxi_edge *edge);

/* Writes the further fields of the request's object, which may be absent: beside the members that are written already,
 * and those with reserved names in an object `data` of their own, so that nothing is lost and nothing is taken for what
 * it is not. Cost: linear. */
void gbxi_members_further(gbxi_json_writer *out, gbxi_json_value object, const gbxi_member_names *names);

/* The object that a node or an edge came from; absent for those of a page. */
gbxi_json_value gbxi_members_node_value(const gbxi_graph *graph, const gbxi_node *node);
gbxi_json_value gbxi_members_edge_value(const gbxi_graph *graph, const gbxi_edge *edge);

/* "element", "attribute", "text"; NULL for an item, which is just a node. */
const char *gbxi_members_kind(const gbxi_node *node);

#endif
