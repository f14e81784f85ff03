/* SPDX-License-Identifier: MIT */
/* Parses the paths of graph requests. */
#ifndef GBX_SERVICE_GRAPH_ROUTE_H
#define GBX_SERVICE_GRAPH_ROUTE_H

#include "graph/pipeline.h"
#include <stdbool.h>

#define GBXI_GRAPH_ROUTE_TEMPLATE "/graph/from/{source}/to/{engine}/{transformation}"

/* Splits a path of the form GBXI_GRAPH_ROUTE_TEMPLATE into its names, which are never empty and point into `path`.
 * Returns false and leaves `route` unchanged for any other path. Does not check whether the names are known. */
bool gbxi_graph_route_parse(const char *path, size_t length, gbxi_graph_route *route);

#endif
