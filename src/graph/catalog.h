/* SPDX-License-Identifier: MIT */
/* Lists of the graph service's parts, as JSON documents. */
#ifndef GBX_GRAPH_CATALOG_H
#define GBX_GRAPH_CATALOG_H

#include "json/reader.h"
#include "json/writer.h"

/* Write the answers of GET /graph/engines and GET /graph/transformations. */
void gbxi_graph_write_engines(gbxi_json_writer *out);
void gbxi_graph_write_transformations(gbxi_json_writer *out);

/* Writes the names allowed in one segment of a route ("source", "engine" or "transformation") as an array. Returns
 * false and writes nothing for any other segment. */
bool gbxi_graph_write_names(gbxi_json_string place, gbxi_json_writer *out);

#endif
