/* SPDX-License-Identifier: MIT */
/* Ids of nodes as a request states them: compared by their text, so that 1, 1.0 and "1" are one id. */
#ifndef GBX_GRAPH_NODE_ID_H
#define GBX_GRAPH_NODE_ID_H

#include "graph/graph.h"

/* An id as text; one that was a number stands in `room`, so that a copy of this must not outlive it. */
typedef struct gbxi_id_text {
    gbxi_json_string text;
    char room[64];
} gbxi_id_text;

/* The text of an id: of a string its own, of a whole number its digits, of another what JSON writes. False: no id. */
bool gbxi_id_read(gbxi_json_value value, gbxi_id_text *id);

/* How many bytes of an id an error message shows: for "%.*s". */
int gbxi_id_shown(gbxi_json_string id);

/* Finds the nodes that `ids`, a checked array at `at`, names; room for as many in `found`. Errors: UNKNOWN, with the
 * pointer of the id that no node has; NO_MEMORY; LIMIT. Cost: linear in nodes and ids. */
GBX_MUST_USE gbx_err gbxi_ids_find(const gbxi_graph *graph, gbxi_json_value ids, const gbxi_json_pointer *at,
                                   uint32_t *found, gbx_error *error);

#endif
