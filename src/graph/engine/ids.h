/* SPDX-License-Identifier: MIT */
/* Ids for libraries that restrict them: generated ids for edges and clusters, and replacements for node ids that a
 * library cannot use.
 *
 * A node's id may contain any characters, so no form of id is free. Generated ids begin with a number and a colon. The
 * number is chosen so that no node's id begins the same way; it is 0 in nearly every graph. Thread: any. */
#ifndef GBX_GRAPH_ENGINE_IDS_H
#define GBX_GRAPH_ENGINE_IDS_H

#include "graph/graph.h"
#include "json/writer.h"

typedef struct gbxi_ids {
    const gbxi_graph *graph;
    uint64_t number; /* written before the colon */
    bool blank;      /* whether the library accepts ids that are empty or consist of whitespace */
} gbxi_ids;

/* Chooses the number. Cost: linear in the number of nodes; reads at most 20 bytes of each id. */
void gbxi_ids_init(gbxi_ids *ids, const gbxi_graph *graph, bool blank);

/* Writes a node's id as a value. It is written unchanged, except for blank ids that the library does not accept and for
 * names such as "constructor" and "length": every JavaScript object or array has such members, which breaks libraries
 * that keep nodes in an object or an array. These get the number and a colon as a prefix. */
void gbxi_ids_write_node(const gbxi_ids *ids, size_t node, gbxi_json_writer *out);

/* Writes a generated id such as "0:e7" as a value. `letter` distinguishes edges from clusters. */
void gbxi_ids_write_own(const gbxi_ids *ids, char letter, size_t number, gbxi_json_writer *out);

#endif
