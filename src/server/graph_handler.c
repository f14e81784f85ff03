/* SPDX-License-Identifier: MIT */
/* From request to pipeline and back. */
#define _GNU_SOURCE
#include "server/graph_handler.h"
#include "middleware/headers.h"
#include "middleware/problem.h"
#include "server/graph_job.h"
#include "server/graph_route.h"
#include "server/loop.h"
#include "server/respond.h"
#include <glassbox/span.h>

bool gbx__graph_has_path(const char *path, size_t length)
{
    gbx_graph_route route;

    return gbx__graph_route_parse(path, length, &route);
}

static bool is_for_workers(const h2o_req_t *req)
{
    size_t most = gbx__loop_of(req->conn->ctx)->settings->inline_body_bytes;

    return most == SIZE_MAX || req->entity.len > most;
}

/* The span ends before the answer leaves, so that a trace shows the work and not the socket. */
static gbx_err run(const gbx_graph_route *route, h2o_iovec_t body, gbx_json_buffer *buffer, gbx_error *error)
{
    gbx_json_writer writer;
    GBX_SPAN_NAMED("graph.request");

    gbx_note_int("body_bytes", (int64_t)body.len);
    gbx_json_writer_init_buffer(&writer, buffer);
    return gbx__graph_render(route, body.base, body.len, &writer, error);
}

static void answer_here(h2o_req_t *req, const gbx_graph_route *route)
{
    gbx_json_buffer buffer = {0};
    gbx_error error = {0};

    if (run(route, req->entity, &buffer, &error) == GBX_ERR_OK) {
        gbx__respond_json(req, &buffer);
        return;
    }
    gbx_json_buffer_fini(&buffer);
    gbx__respond_error(req, &error);
}

void gbx__graph_answer(h2o_req_t *req)
{
    gbx_graph_route route = {0};
    gbx_error error = {0};

    gbx__graph_route_parse(req->path_normalized.base, req->path_normalized.len, &route);
    if (gbx_graph_route_check(&route, &error) != GBX_ERR_OK) {
        gbx__respond_error(req, &error);
        return;
    }
    if (gbx__headers_request_media(req) != GBX__MEDIA_JSON) {
        gbx_error_set(&error, GBX_ERR_TYPE, NULL, "the body must be JSON, and Content-Type say so: application/json");
        gbx_problem_send(req, 415, &error);
        return;
    }
    if (is_for_workers(req))
        gbx__graph_job_hand_over(req);
    else
        answer_here(req, &route);
}

void gbx__graph_engines_answer(h2o_req_t *req)
{
    gbx__respond_written(req, gbx_graph_write_engines);
}

void gbx__graph_transformations_answer(h2o_req_t *req)
{
    gbx__respond_written(req, gbx_graph_write_transformations);
}
