/* SPDX-License-Identifier: MIT */
/* A graph request on a worker: handed over with its capture, answered as a stream. */
#ifndef GBX_SERVICE_GRAPH_JOB_H
#define GBX_SERVICE_GRAPH_JOB_H

#include "graph/pipeline.h"
#include <h2o.h>

/* Runs the pipeline, finishes `out`, and marks the innermost span as failed when that was in vain; `error` then says
 * why, always with a text. Errors: those of gbxi_graph_run and of the writer. Thread: any. */
GBX_MUST_USE gbx_err gbxi_graph_job_render(const gbxi_graph_route *route, const char *body, size_t body_length,
                                           gbxi_json_writer *out, gbx_error *error);

/* Gives `req`, whose route has been checked, to the workers, or answers that they have too much to do. Thread: the
 * request's event loop. */
void gbxi_graph_job_hand_over(h2o_req_t *req);

#endif
