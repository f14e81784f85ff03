/* SPDX-License-Identifier: MIT */
/* The path of a graph request, taken apart. */
#ifndef GBX_SERVER_GRAPH_ROUTE_H
#define GBX_SERVER_GRAPH_ROUTE_H

#include "graph/pipeline.h"
#include <stdbool.h>

#define GBX_GRAPH_ROUTE_TEMPLATE "/graph/from/{source}/to/{engine}/{transformation}"

/* Splits a path of the form of GBX_GRAPH_ROUTE_TEMPLATE into its names, which are never empty and point into `path`;
 * false, and `route` is left alone, for any other path. Whether the names are known is not looked at. */
bool gbx__graph_route_parse(const char *path, size_t length, gbx_graph_route *route);

#endif
