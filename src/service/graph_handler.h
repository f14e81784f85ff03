/* SPDX-License-Identifier: MIT */
/* The endpoints of the graph service. src/graph does the work. */
#ifndef GBX_SERVICE_GRAPH_HANDLER_H
#define GBX_SERVICE_GRAPH_HANDLER_H

#include <h2o.h>
#include <stdbool.h>

/* Whether a path has the form of a graph request. */
bool gbxi_graph_handler_has_path(const char *path, size_t length);

/* Answers a graph request whose path has that form. */
void gbxi_graph_handler_answer(h2o_req_t *req);

/* Answer GET /graph/engines and GET /graph/transformations. */
void gbxi_graph_handler_answer_engines(h2o_req_t *req);
void gbxi_graph_handler_answer_transformations(h2o_req_t *req);

#endif
