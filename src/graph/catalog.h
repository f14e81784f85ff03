/* SPDX-License-Identifier: MIT */
/* What the graph service can do, as documents. */
#ifndef GBX_GRAPH_CATALOG_H
#define GBX_GRAPH_CATALOG_H

#include "json/writer.h"

/* The answers of GET /graph/engines and GET /graph/transformations. */
void gbxi_graph_write_engines(gbxi_json_writer *out);
void gbxi_graph_write_transformations(gbxi_json_writer *out);

#endif
