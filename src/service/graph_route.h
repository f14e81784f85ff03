/* SPDX-License-Identifier: MIT */
/* The path of a graph request, taken apart. */
#ifndef GBX_SERVICE_GRAPH_ROUTE_H
#define GBX_SERVICE_GRAPH_ROUTE_H

#include "graph/pipeline.h"
#include <stdbool.h>

#define GBXI_GRAPH_ROUTE_TEMPLATE "/graph/from/{source}/to/{engine}/{transformation}"

/* Splits a path of the form of GBXI_GRAPH_ROUTE_TEMPLATE into its names, which are never empty and point into `path`;
 * false, and `route` is left alone, for any other path. Whether the names are known is not looked at. */
bool gbxi_graph_route_parse(const char *path, size_t length, gbxi_graph_route *route);

#endif
