/* SPDX-License-Identifier: MIT */
/* What a node or an edge says of itself in JSON: common to the engines whose answers are objects. Thread: any. */
#ifndef GBX_GRAPH_ENGINE_MEMBERS_H
#define GBX_GRAPH_ENGINE_MEMBERS_H

#include "graph/engine/label.h"
#include "graph/graph.h"
#include "json/writer.h"

/* Which fields of a request's object do not stand beside the engine's own. Both end in NULL. */
typedef struct gbx__member_names {
    const char *const *said;     /* what the engine says already: left out; a label that is a string always is */
    const char *const *reserved; /* names that are the engine's or mean something to the library */
} gbx__member_names;

/* Writes `label` and, of a node of a page, `kind`; `merged` where it stands for others. */
void gbx__members_of_node(gbx_json_writer *out, const gbx__graph *graph, const gbx__node *node);
/* The same of an edge: `label` and `merged`, each where there is one. */
void gbx__members_of_edge(gbx_json_writer *out, const gbx__graph *graph, const gbx__edge *edge);

/* Writes the further fields of the request's object, which may be absent: beside the members that are written already,
 * and those with reserved names in an object `data` of their own, so that nothing is lost and nothing is taken for what
 * it is not. Cost: linear. */
void gbx__members_further(gbx_json_writer *out, gbx_json_value object, const gbx__member_names *names);

/* The object that a node or an edge came from; absent for those of a page. */
gbx_json_value gbx__members_node_value(const gbx__graph *graph, const gbx__node *node);
gbx_json_value gbx__members_edge_value(const gbx__graph *graph, const gbx__edge *edge);

/* "element", "attribute", "text"; NULL for an item, which is just a node. */
const char *gbx__members_kind(const gbx__node *node);

#endif
