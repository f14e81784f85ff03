/* SPDX-License-Identifier: MIT */
/* Answers graph requests on the event loop or passes them to a worker. */
#define _GNU_SOURCE
#include "service/graph_handler.h"
#include "graph/catalog.h"
#include "http/headers.h"
#include "http/problem.h"
#include "http/respond.h"
#include "service/graph_job.h"
#include "service/graph_route.h"
#include "service/service.h"
#include <glassbox/capture.h>
#include <glassbox/span.h>

bool gbxi_graph_handler_has_path(const char *path, size_t length)
{
    gbxi_graph_route route;

    return gbxi_graph_route_parse(path, length, &route);
}

/* A packed body may be large, whatever its length. */
static bool graph_is_for_workers(const h2o_req_t *req, gbxi_coding coding)
{
    size_t most = gbxi_service_of(req)->inline_body_bytes;

    return most == SIZE_MAX || req->entity.len > most || coding == GBXI_CODING_GZIP;
}

/* The span ends before the response is sent, so that a trace shows the work and not the socket. */
static gbx_err graph_run_here(const gbxi_graph_route *route, h2o_iovec_t body, const gbxi_account *account,
                              gbxi_json_buffer *buffer, gbxi_graph_failure *failure)
{
    gbxi_json_writer writer;
    GBX_SPAN_NAMED("graph.request");

    gbx_note_int("body_bytes", (int64_t)body.len);
    gbxi_json_writer_init_buffer(&writer, buffer);
    return gbxi_graph_job_render(route, (gbxi_view){body.base, body.len}, account, &writer, failure);
}

static void graph_give_back(void *bytes)
{
    gbxi_work_memory_give(*(size_t *)bytes);
}

/* The answer stays in memory until the client has it, so it stays counted until the request ends. */
static bool graph_keep_counted(h2o_req_t *req, const gbxi_json_buffer *buffer, gbxi_graph_failure *failure)
{
    size_t *bytes;

    if (!gbxi_graph_failure_take(failure, buffer->capacity, gbxi_work_size_of(req->entity.len)))
        return false;
    bytes = h2o_mem_alloc_shared(&req->pool, sizeof(*bytes), graph_give_back);
    *bytes = buffer->capacity;
    return true;
}

static bool graph_try_here(h2o_req_t *req, const gbxi_graph_route *route, gbxi_json_buffer *buffer,
                           gbxi_graph_failure *failure)
{
    gbxi_account account = {.size = gbxi_work_size_of(req->entity.len)};
    bool done;

    gbxi_account_enter(&account);
    done = graph_run_here(route, req->entity, &account, buffer, failure) == GBX_ERR_OK &&
           graph_keep_counted(req, buffer, failure);
    gbxi_account_leave(&account);
    return done;
}

static void graph_answer_here(h2o_req_t *req, const gbxi_graph_route *route)
{
    gbxi_json_buffer buffer = {0};
    gbxi_graph_failure failure = {0};

    if (graph_try_here(req, route, &buffer, &failure)) {
        gbxi_respond_json(req, &buffer);
        return;
    }
    gbxi_json_buffer_fini(&buffer);
    gbxi_graph_failure_send(req, &failure);
}

/* Whether the body can be JSON. If not, the request is answered. */
static bool graph_takes_body(h2o_req_t *req, gbxi_coding coding)
{
    gbx_error error;

    if (gbxi_request_media(req) != GBXI_MEDIA_JSON) {
        gbx_error_set(&error, GBX_ERR_TYPE, NULL, "the body must be JSON, with Content-Type: application/json");
    } else if (coding == GBXI_CODING_OTHER) {
        gbxi_coding_refuse(req, &error, "");
    } else {
        return true;
    }
    gbxi_problem_send(req, 415, &error);
    return false;
}

/* A recorder groups the requests of all sources, engines and transformations. */
static void tell_route(void)
{
    gbx_capture *capture = gbx_capture_current();

    if (capture != NULL)
        gbx_capture_tell_route(capture, GBXI_GRAPH_ROUTE_TEMPLATE);
}

void gbxi_graph_handler_answer(h2o_req_t *req)
{
    gbxi_graph_route route = {0};
    gbxi_coding coding = gbxi_request_coding(req);
    gbx_error error = {0};

    gbxi_graph_route_parse(req->path_normalized.base, req->path_normalized.len, &route);
    if (gbxi_graph_route_check(&route, &error) != GBX_ERR_OK) {
        gbxi_respond_error(req, &error);
        return;
    }
    if (!graph_takes_body(req, coding))
        return;
    tell_route();
    if (graph_is_for_workers(req, coding))
        gbxi_graph_job_hand_over(req, coding == GBXI_CODING_GZIP);
    else
        graph_answer_here(req, &route);
}

void gbxi_graph_handler_answer_engines(h2o_req_t *req)
{
    gbxi_respond_written(req, gbxi_graph_write_engines);
}

void gbxi_graph_handler_answer_transformations(h2o_req_t *req)
{
    gbxi_respond_written(req, gbxi_graph_write_transformations);
}
