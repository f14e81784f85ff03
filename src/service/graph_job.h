/* SPDX-License-Identifier: MIT */
/* Graph requests on workers: the capture is carried to the worker, and the response is streamed. */
#ifndef GBX_SERVICE_GRAPH_JOB_H
#define GBX_SERVICE_GRAPH_JOB_H

#include "base/view.h"
#include "graph/pipeline.h"
#include "service/graph_failure.h"
#include <h2o.h>

/* Runs the pipeline in the account that the calling thread is in, and finishes `out`. On an error, marks the innermost
 * span as failed and fills `failure`, always with a text. Errors: those of gbxi_graph_run and of the writer. Thread:
 * any. */
GBX_MUST_USE gbx_err gbxi_graph_job_render(const gbxi_graph_route *route, gbxi_view body, const gbxi_account *account,
                                           gbxi_json_writer *out, gbxi_graph_failure *failure);

/* Passes `req`, whose route must have been checked, to the workers, or refuses it if they are overloaded. `packed`: its
 * body is packed with gzip. Thread: the request's event loop. */
void gbxi_graph_job_hand_over(h2o_req_t *req, bool packed);

#endif
