/* SPDX-License-Identifier: MIT */
/* Ids for libraries that are less free with them than a graph is: what else needs an id in the same space, and node ids
 * that they cannot take.
 *
 * An id is of any characters, so nothing is free by its look. Made-up ids begin with a number and a colon, and the
 * number is one that no node's id begins with in that way: 0 in nearly every graph. Thread: any. */
#ifndef GBX_GRAPH_ENGINE_IDS_H
#define GBX_GRAPH_ENGINE_IDS_H

#include "graph/graph.h"
#include "json/writer.h"

typedef struct gbxi_ids {
    const gbxi_graph *graph;
    uint64_t number; /* before the colon */
    bool blank;      /* whether ids that are empty or all blanks are taken as they are */
} gbxi_ids;

/* Cost: linear in the bytes of the ids that begin with a digit, at most 20 of each. */
void gbxi_ids_init(gbxi_ids *ids, const gbxi_graph *graph, bool blank);

/* Writes a node's id, as a value: its own, exactly, but for blank ones and for names such as "constructor", which every
 * JavaScript object has and on which libraries that keep nodes in one stumble; those get "0:" before them. */
void gbxi_ids_write_node(const gbxi_ids *ids, size_t node, gbxi_json_writer *out);

/* Writes a made-up id, such as "0:e7", as a value. `letter` keeps kinds apart. */
void gbxi_ids_write_own(const gbxi_ids *ids, char letter, size_t number, gbxi_json_writer *out);

#endif
