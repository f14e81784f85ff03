/* SPDX-License-Identifier: MIT */
/* Quoted ids in the DOT language. */
#ifndef GBX_GRAPH_ENGINE_DOT_QUOTE_H
#define GBX_GRAPH_ENGINE_DOT_QUOTE_H

#include "graph/engine/output.h"
#include "json/reader.h"

/* Writes an id, or the value of an attribute that has no escapes, in quotes. Different ids stay different ones for
 * Graphviz. A long id is written in pieces, "a" + "b", because Graphviz reads at most 16 KiB between two quotes. Cost:
 * linear. */
void gbxi_dot_add_quoted(gbxi_engine_output *output, gbxi_json_string id);

#endif
