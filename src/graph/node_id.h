/* SPDX-License-Identifier: MIT */
/* Ids of nodes as given in a request. Ids are compared by their text, so 1, 1.0 and "1" are the same id. */
#ifndef GBX_GRAPH_NODE_ID_H
#define GBX_GRAPH_NODE_ID_H

#include "graph/graph.h"

/* An id as text. The text of a numeric id points into `room`, so do not use a copy after this struct is gone. */
typedef struct gbxi_id_text {
    gbxi_json_string text;
    char room[64];
} gbxi_id_text;

/* Reads the text of an id: a string's own text, an integer's digits as given, or any other number as JSON writes it,
 * with a whole one below 2^63 as digits. Returns false if the value cannot be an id. */
bool gbxi_id_read(gbxi_json_value value, gbxi_id_text *id);

/* Finds the nodes named by `ids`, a checked array whose JSON pointer is `at`. `found` has room for as many nodes.
 * Errors: UNKNOWN with the pointer of an id that no node has; NO_MEMORY; LIMIT. Cost: linear in nodes and ids. */
GBX_MUST_USE gbx_err gbxi_ids_find(const gbxi_graph *graph, gbxi_json_value ids, const gbxi_json_pointer *at,
                                   uint32_t *found, gbx_error *error);

#endif
