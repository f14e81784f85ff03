/* SPDX-License-Identifier: MIT */
/* Ids of nodes as a request states them: compared by their text, so that 1, 1.0 and "1" are one id. */
#ifndef GBX_GRAPH_NODE_ID_H
#define GBX_GRAPH_NODE_ID_H

#include "graph/graph.h"

/* An id as text; one that was a number stands in `room`, so that a copy of this must not outlive it. */
typedef struct gbx__id_text {
    gbx_json_string text;
    char room[64];
} gbx__id_text;

/* The text of an id: of a string its own, of a whole number its digits, of another what JSON writes. False: no id. */
bool gbx__id_read(gbx_json_value value, gbx__id_text *id);

/* How many bytes of an id an error message shows: for "%.*s". */
int gbx__id_shown(gbx_json_string id);

/* Finds the nodes that `ids`, a checked array at `at`, names; room for as many in `found`. Errors: UNKNOWN, with the
 * pointer of the id that no node has; NO_MEMORY; LIMIT. Cost: linear in nodes and ids. */
GBX_MUST_USE gbx_err gbx__ids_find(const gbx__graph *graph, gbx_json_value ids, const gbx_json_pointer *at,
                                   uint32_t *found, gbx_error *error);

#endif
