/* SPDX-License-Identifier: MIT */
/* The graph service's one entry: a request body in, the answer's JSON out. */
#ifndef GBX_GRAPH_PIPELINE_H
#define GBX_GRAPH_PIPELINE_H

#include "json/reader.h"
#include "json/writer.h"
#include <glassbox/error.h>

/* One of the three parts of a route. Names are not terminated: they point into the path. */
typedef struct gbxi_graph_route {
    const char *source;
    size_t source_length;
    const char *engine;
    size_t engine_length;
    const char *transformation;
    size_t transformation_length;
} gbxi_graph_route;

/* Checks a route's three names. Errors: UNKNOWN, with a sentence that names the part and lists the known names. */
GBX_MUST_USE gbx_err gbxi_graph_route_check(const gbxi_graph_route *route, gbx_error *error);

/* Runs a request: parse, build, transform, render; the answer object is appended to `out`. Spans: graph.parse,
 * graph.build, graph.transform, graph.render, with finer ones inside. Errors: SYNTAX when `body` is not JSON or not an
 * object (HTTP 400); UNKNOWN without a pointer for the route (404); every other code with a pointer is a field (422);
 * NO_MEMORY (503). On an error `out` holds nothing of use. Thread: any. */
GBX_MUST_USE gbx_err gbxi_graph_run(const gbxi_graph_route *route, const char *body, size_t body_length,
                                    gbxi_json_writer *out, gbx_error *error);

#endif
