/* SPDX-License-Identifier: MIT */
/* The job's way from the loop to a worker, and what the worker does. */
#define _GNU_SOURCE
#include "service/graph_job.h"
#include "http/problem.h"
#include "http/respond.h"
#include "runtime/stream.h"
#include "runtime/worker_pool.h"
#include "service/graph_route.h"
#include <glassbox/capture.h>
#include <glassbox/span.h>
#include <stdlib.h>

enum { RETRY_AFTER_S = 1 };

/* The loop's until it is submitted, then the worker's. */
struct job {
    gbxi_stream stream;
    gbxi_work work;
    gbxi_worker_pool *workers;
    gbx_capture *carried;
    uint64_t queued;           /* the moment */
    const char *borrowed_body; /* the connection's, while the request is there; NULL: there is a copy */
    char *body;
    size_t body_length;
    size_t path_length;
    char path[];
};

gbx_err gbxi_graph_render(const gbxi_graph_route *route, const char *body, size_t body_length, gbxi_json_writer *out,
                          gbx_error *error)
{
    gbx_err result = gbxi_graph_run(route, body, body_length, out, error);

    if (result == GBX_ERR_OK && (result = gbxi_json_writer_finish(out)) != GBX_ERR_OK)
        gbx_error_set(error, result, NULL, "%s", gbx_err_text(result));
    if (result != GBX_ERR_OK)
        gbx_span_fail(error->text);
    return result;
}

/* A request that is over before its turn has come gives its place in the queue back. */
static void on_gone(gbxi_stream *stream)
{
    struct job *job = (struct job *)stream;

    if (gbxi_worker_pool_withdraw(job->workers, &job->work))
        gbxi_stream_release(stream);
}

/* A client that takes its time does not keep the next request from its worker. */
static void on_wait(gbxi_stream *stream, bool waiting)
{
    struct job *job = (struct job *)stream;

    if (waiting)
        gbxi_worker_pool_pause(job->workers);
    else
        gbxi_worker_pool_resume(job->workers);
}

static void dispose(gbxi_stream *stream)
{
    struct job *job = (struct job *)stream;

    gbx_capture_unref(job->carried);
    free(job->body);
    free(job);
}

static gbx_err copy_body(struct job *job, const char *body, gbx_error *error)
{
    if ((job->body = malloc(job->body_length + 1)) == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "%s", gbx_err_text(GBX_ERR_NO_MEMORY));
    if (job->body_length != 0)
        memcpy(job->body, body, job->body_length);
    return GBX_ERR_OK;
}

/* Over HTTP/1 the body stays where it is until the request has ended, so the copy can be the worker's to make. */
static gbx_err take_body(struct job *job, gbx_error *error)
{
    gbx_err result;
    GBX_SPAN_NAMED("graph.body");

    if (job->borrowed_body == NULL)
        return GBX_ERR_OK;
    if (!gbxi_stream_hold(&job->stream))
        return gbx_error_set(error, GBX_ERR_IO, NULL, "the client is gone");
    result = copy_body(job, job->borrowed_body, error);
    gbxi_stream_let_go(&job->stream);
    return result;
}

static gbx_err work(struct job *job, gbxi_json_writer *out, gbx_error *error)
{
    gbx_capture *carried = job->carried;
    gbxi_graph_route route = {0};
    gbx_err result;

    job->carried = NULL;
    GBX_RESUME(carried);
    GBX_SPAN_SINCE("graph.queue", job->queued);
    GBX_SPAN_NAMED("graph.work");
    gbxi_graph_route_parse(job->path, job->path_length, &route);
    if ((result = take_body(job, error)) != GBX_ERR_OK)
        gbx_span_fail(error->text);
    else
        result = gbxi_graph_render(&route, job->body, job->body_length, out, error);
    return result;
}

static void run(gbxi_work *super)
{
    struct job *job = H2O_STRUCT_FROM_MEMBER(struct job, work, super);
    gbxi_json_writer writer;
    gbx_error error = {0};
    gbx_err result;

    gbxi_stream_write(&job->stream, &writer);
    result = work(job, &writer, &error);
    free(job->body); /* the client may take its time with the answer */
    job->body = NULL;
    gbxi_stream_end(&job->stream, &writer, result != GBX_ERR_OK ? &error : NULL);
    gbxi_stream_release(&job->stream);
}

/* A job for `req`, or NULL when memory is short. */
static struct job *new_job(h2o_req_t *req)
{
    const gbxi_loop_settings *settings = gbxi_loop_of(req->conn->ctx)->settings;
    struct job *job = calloc(1, sizeof(*job) + req->path_normalized.len);

    if (job == NULL)
        return NULL;
    job->stream.on_gone = on_gone;
    job->stream.dispose = dispose;
    job->stream.on_wait = on_wait;
    job->work.run = run;
    job->workers = settings->workers;
    job->body_length = req->entity.len;
    job->path_length = req->path_normalized.len;
    memcpy(job->path, req->path_normalized.base, job->path_length);
    gbxi_stream_init(&job->stream, req, settings->timeout_ms);
    return job;
}

/* libh2o frees the body of an HTTP/2 request before it says that the request has ended. */
static gbx_err prepare_body(struct job *job, const h2o_req_t *req, gbx_error *error)
{
    if (req->version >= 0x200)
        return copy_body(job, req->entity.base, error);
    job->borrowed_body = req->entity.base;
    return GBX_ERR_OK;
}

static gbx_err submit(struct job *job, gbx_error *error)
{
    gbxi_worker_pool_state state = gbxi_worker_pool_look(job->workers);

    gbx_note_int("queued", (int64_t)state.queued);
    job->queued = gbx_span_moment();
    job->carried = gbx_capture_carry();
    if (gbxi_worker_pool_submit(job->workers, &job->work))
        return GBX_ERR_OK;
    return gbx_error_set(error, GBX_ERR_LIMIT, NULL, "all workers are busy, and %zu requests wait for one already",
                         state.queue_max);
}

static gbx_err hand_over(h2o_req_t *req, gbx_error *error)
{
    struct job *job;
    gbx_err result;
    GBX_SPAN_NAMED("graph.request");

    gbx_note_int("body_bytes", (int64_t)req->entity.len);
    if ((job = new_job(req)) == NULL) {
        result = gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "%s", gbx_err_text(GBX_ERR_NO_MEMORY));
    } else if ((result = prepare_body(job, req, error)) != GBX_ERR_OK || (result = submit(job, error)) != GBX_ERR_OK) {
        gbxi_stream_release(&job->stream);
    }
    if (result != GBX_ERR_OK)
        gbx_span_fail(error->text);
    return result;
}

void gbxi_graph_job_hand_over(h2o_req_t *req)
{
    gbx_error error = {0};

    if (hand_over(req, &error) == GBX_ERR_OK)
        return;
    if (error.code == GBX_ERR_LIMIT)
        gbxi_problem_retry_after(req, RETRY_AFTER_S);
    gbxi_problem_send(req, 503, &error);
}
