/* SPDX-License-Identifier: MIT */
/* The entry point of the graph service: it takes a request body and writes the answer as JSON. */
#ifndef GBX_GRAPH_PIPELINE_H
#define GBX_GRAPH_PIPELINE_H

#include "json/reader.h"
#include "json/writer.h"
#include <glassbox/error.h>

/* A route with its three names. The names point into the path and are not terminated. */
typedef struct gbxi_graph_route {
    const char *source;
    size_t source_length;
    const char *engine;
    size_t engine_length;
    const char *transformation;
    size_t transformation_length;
} gbxi_graph_route;

/* Checks the three names of a route. Errors: UNKNOWN, with a message that gives the wrong name and the known ones. */
GBX_MUST_USE gbx_err gbxi_graph_route_check(const gbxi_graph_route *route, gbx_error *error);

/* Runs a request: parse, build, transform, render. Appends the answer object to `out`. Spans: graph.parse, graph.build,
 * graph.transform and graph.render, with finer spans inside. Errors: SYNTAX if `body` is not a JSON object (HTTP 400);
 * UNKNOWN without a pointer for the route (404); any other code with a pointer for a wrong field (422); NO_MEMORY
 * (503); IO if the work is stopped. The memory is counted in the thread's account (base/account.h), if it is in one,
 * and the work looks there every few thousand nodes, edges or bytes whether to stop; reading the JSON does not. After
 * an error the contents of `out` are undefined. Thread: any. */
GBX_MUST_USE gbx_err gbxi_graph_run(const gbxi_graph_route *route, const char *body, size_t body_length,
                                    gbxi_json_writer *out, gbx_error *error);

#endif
