/* SPDX-License-Identifier: MIT */
/* What the graph service can do, as documents. */
#ifndef GBX_GRAPH_CATALOG_H
#define GBX_GRAPH_CATALOG_H

#include "json/reader.h"
#include "json/writer.h"

/* The answers of GET /graph/engines and GET /graph/transformations. */
void gbxi_graph_write_engines(gbxi_json_writer *out);
void gbxi_graph_write_transformations(gbxi_json_writer *out);

/* Writes the names that may stand in one place of a route, "source", "engine" or "transformation", as an array. False,
 * and nothing is written, for any other place. */
bool gbxi_graph_write_names(gbxi_json_string place, gbxi_json_writer *out);

#endif
