/* SPDX-License-Identifier: MIT */
/* Passes a job from the event loop to a worker, and does the worker's part. */
#define _GNU_SOURCE
#include "service/graph_job.h"
#include "http/gzip.h"
#include "http/respond.h"
#include "runtime/stream.h"
#include "service/graph_route.h"
#include "service/service.h"
#include <glassbox/capture.h>
#include <glassbox/span.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_PIECE_BYTES = 256 << 10 };

/* Belongs to the loop until it is submitted, then to the worker. */
struct job {
    gbxi_stream stream;
    gbxi_work work;
    gbxi_worker_pool *workers;
    gbx_capture *carried;
    uint64_t queued;           /* when the job was queued (gbx_span_moment) */
    const char *borrowed_body; /* in the connection's buffer, valid until the request ends; NULL: `body` is a copy */
    char *body;                /* counted in the memory for work */
    size_t body_length;
    size_t unpacked_max;        /* bytes that a body packed with gzip may have; 0: it is not packed */
    gbxi_account account;       /* of the worker */
    gbxi_graph_failure failure; /* written before the stream ends, read afterwards */
    size_t path_length;
    char path[];
};

gbx_err gbxi_graph_job_render(const gbxi_graph_route *route, gbxi_view body, const gbxi_account *account,
                              gbxi_json_writer *out, gbxi_graph_failure *failure)
{
    gbx_err err = gbxi_graph_run(route, body.at, body.length, out, &failure->error);

    if (err == GBX_ERR_OK && (err = gbxi_json_writer_finish(out)) != GBX_ERR_OK)
        gbx_error_set(&failure->error, err, NULL, "%s", gbx_err_text(err));
    if (err == GBX_ERR_OK)
        return GBX_ERR_OK;
    gbxi_graph_failure_settle(failure, account);
    gbx_span_fail(failure->error.text);
    return err;
}

static void graph_job_set_head(gbxi_stream *stream, h2o_req_t *req, size_t content_length)
{
    (void)stream;
    gbxi_respond_head(req, content_length);
}

static void graph_job_send_error(gbxi_stream *stream, h2o_req_t *req, const gbx_error *error)
{
    (void)error; /* the failure's */
    gbxi_graph_failure_send(req, &((struct job *)stream)->failure);
}

/* Removes the job of a request that has ended from the queue. */
static void graph_job_on_gone(gbxi_stream *stream)
{
    struct job *job = (struct job *)stream;

    if (gbxi_worker_pool_withdraw(job->workers, &job->work))
        gbxi_stream_release(stream);
}

/* While the worker waits for a slow client, it gives its turn to the next request. */
static void graph_job_on_wait(gbxi_stream *stream, bool waiting)
{
    struct job *job = (struct job *)stream;

    if (waiting)
        gbxi_worker_pool_pause(job->workers);
    else
        gbxi_worker_pool_resume(job->workers);
}

static void graph_job_free_body(struct job *job)
{
    if (job->body == NULL)
        return;
    free(job->body);
    job->body = NULL;
    gbxi_work_memory_give(job->body_length + 1);
}

static void graph_job_free(gbxi_stream *stream)
{
    struct job *job = (struct job *)stream;

    gbx_capture_unref(job->carried);
    graph_job_free_body(job);
    free(job);
}

static const gbxi_stream_owner graph_job_owner = {
    .set_head = graph_job_set_head,
    .send_error = graph_job_send_error,
    .on_gone = graph_job_on_gone,
    .on_wait = graph_job_on_wait,
    .free = graph_job_free,
};

static gbx_err graph_job_fail(struct job *job, gbx_err err, int status, const char *text)
{
    job->failure.status = status;
    return gbx_error_set(&job->failure.error, err, NULL, "%s", text);
}

static gbx_err graph_job_allocate_body(struct job *job)
{
    size_t bytes = job->body_length + 1;

    if (!gbxi_graph_failure_take(&job->failure, bytes, gbxi_work_size_of(job->body_length)))
        return job->failure.error.code;
    if ((job->body = malloc(bytes)) != NULL)
        return GBX_ERR_OK;
    gbxi_work_memory_give(bytes);
    return graph_job_fail(job, GBX_ERR_NO_MEMORY, 503, gbx_err_text(GBX_ERR_NO_MEMORY));
}

/* Over HTTP/1 the body stays in place until the request has ended, so the worker can copy it. It holds the request for
 * one piece at a time, because a client that leaves makes the event loop wait for the piece. */
static gbx_err graph_job_take_body(struct job *job)
{
    gbx_err err;
    GBX_SPAN_NAMED("graph.body");

    if (job->borrowed_body == NULL)
        return GBX_ERR_OK;
    err = graph_job_allocate_body(job);
    for (size_t at = 0; at < job->body_length && err == GBX_ERR_OK; at += BODY_PIECE_BYTES) {
        size_t left = job->body_length - at;

        if (!gbxi_stream_hold(&job->stream))
            return graph_job_fail(job, GBX_ERR_IO, 500, "the client has left");
        memcpy(job->body + at, job->borrowed_body + at, left < BODY_PIECE_BYTES ? left : BODY_PIECE_BYTES);
        gbxi_stream_let_go(&job->stream);
    }
    return err;
}

static gbx_err graph_job_unpack(struct job *job, char **text, size_t *length)
{
    gbx_err err;
    GBX_SPAN_NAMED("graph.unpack");

    err = gbxi_gzip_unpack((gbxi_view){job->body, job->body_length}, job->unpacked_max, text, length,
                           &job->failure.error);
    if (err == GBX_ERR_OK) {
        gbx_note_int("bytes", (int64_t)*length);
        return GBX_ERR_OK;
    }
    gbxi_graph_failure_settle(&job->failure, &job->account);
    if (err == GBX_ERR_LIMIT)
        job->failure.status = 413;
    gbx_span_fail(job->failure.error.text);
    return err;
}

static gbx_err graph_job_render_body(struct job *job, const gbxi_graph_route *route, gbxi_json_writer *out)
{
    gbxi_view body = {job->body, job->body_length};
    char *text = NULL;
    size_t length;
    gbx_err err;

    if (job->unpacked_max != 0) {
        if ((err = graph_job_unpack(job, &text, &length)) != GBX_ERR_OK)
            return err;
        graph_job_free_body(job);
        body = (gbxi_view){text, length};
    }
    err = gbxi_graph_job_render(route, body, &job->account, out, &job->failure);
    gbxi_account_free(text);
    return err;
}

static gbx_err graph_job_work(struct job *job, gbxi_json_writer *out)
{
    gbx_capture *carried = job->carried;
    gbxi_graph_route route = {0};
    gbx_err err;

    job->carried = NULL;
    GBX_RESUME(carried);
    GBX_SPAN_SINCE("graph.queue", job->queued);
    GBX_SPAN_NAMED("graph.work");
    gbxi_graph_route_parse(job->path, job->path_length, &route);
    if ((err = graph_job_take_body(job)) != GBX_ERR_OK)
        gbx_span_fail(job->failure.error.text);
    else
        err = graph_job_render_body(job, &route, out);
    return err;
}

/* The writer's sink, which writes into the stream's memory. */
static gbx_err graph_job_next_piece(gbxi_json_writer *writer, size_t need)
{
    size_t size;
    struct job *job = writer->sink;
    gbx_err err = gbxi_stream_next(&job->stream, (size_t)(writer->at - writer->begin), &writer->begin, &size);

    (void)need;
    job->account.refused = job->account.refused || job->stream.without_memory;
    if (err != GBX_ERR_OK)
        return err;
    writer->at = writer->begin;
    writer->end = writer->begin + size;
    return GBX_ERR_OK;
}

/* What is packed may be large. */
static gbxi_work_size graph_job_size(const struct job *job)
{
    return job->unpacked_max != 0 ? GBXI_WORK_LARGE : gbxi_work_size_of(job->body_length);
}

static void graph_job_run(gbxi_work *super)
{
    struct job *job = H2O_STRUCT_FROM_MEMBER(struct job, work, super);
    gbxi_json_writer writer;
    gbx_err err;

    gbxi_json_writer_init(&writer, graph_job_next_piece, job);
    job->account = (gbxi_account){.size = graph_job_size(job), .stopped = gbxi_stream_gone(&job->stream)};
    gbxi_account_enter(&job->account);
    err = graph_job_work(job, &writer);
    gbxi_account_leave(&job->account);
    graph_job_free_body(job); /* not kept while a slow client reads the response */
    gbxi_stream_end(&job->stream, (size_t)(writer.at - writer.begin), err != GBX_ERR_OK ? &job->failure.error : NULL);
    gbxi_stream_release(&job->stream);
}

/* Creates a job for `req`; NULL if memory is short. */
static struct job *graph_job_new(h2o_req_t *req, bool packed)
{
    const gbxi_service *service = gbxi_service_of(req);
    struct job *job = calloc(1, sizeof(*job) + req->path_normalized.len);

    if (job == NULL)
        return NULL;
    job->work.run = graph_job_run;
    job->workers = service->workers;
    job->body_length = req->entity.len;
    if (packed)
        job->unpacked_max = req->conn->ctx->globalconf->max_request_entity_size;
    job->path_length = req->path_normalized.len;
    memcpy(job->path, req->path_normalized.base, job->path_length);
    gbxi_stream_init(&job->stream, &graph_job_owner, req, service->patience_ms);
    return job;
}

/* libh2o frees the body of an HTTP/2 request before it reports the end of the request, so the body is copied here. */
static gbx_err graph_job_prepare_body(struct job *job, const h2o_req_t *req)
{
    gbx_err err = GBX_ERR_OK;

    if (req->version < 0x200)
        job->borrowed_body = req->entity.base;
    else if ((err = graph_job_allocate_body(job)) == GBX_ERR_OK && job->body_length != 0)
        memcpy(job->body, req->entity.base, job->body_length);
    return err;
}

static gbx_err graph_job_submit(struct job *job)
{
    gbxi_worker_pool_state state = gbxi_worker_pool_look(job->workers);

    gbx_note_int("queued", (int64_t)state.queued);
    job->queued = gbx_span_moment();
    job->carried = gbx_capture_carry();
    if (gbxi_worker_pool_submit(job->workers, &job->work))
        return GBX_ERR_OK;
    job->failure.status = 503;
    return gbx_error_set(&job->failure.error, GBX_ERR_LIMIT, NULL,
                         "all workers are busy, and %zu requests are already waiting", state.queue_max);
}

static gbx_err graph_job_try(h2o_req_t *req, bool packed, gbxi_graph_failure *failure)
{
    struct job *job;
    gbx_err err;
    GBX_SPAN_NAMED("graph.request");

    gbx_note_int("body_bytes", (int64_t)req->entity.len);
    if ((job = graph_job_new(req, packed)) == NULL) {
        failure->status = 503;
        err = gbx_error_set(&failure->error, GBX_ERR_NO_MEMORY, NULL, "%s", gbx_err_text(GBX_ERR_NO_MEMORY));
    } else if ((err = graph_job_prepare_body(job, req)) != GBX_ERR_OK || (err = graph_job_submit(job)) != GBX_ERR_OK) {
        *failure = job->failure;
        gbxi_stream_release(&job->stream);
    }
    if (err != GBX_ERR_OK)
        gbx_span_fail(failure->error.text);
    return err;
}

void gbxi_graph_job_hand_over(h2o_req_t *req, bool packed)
{
    gbxi_graph_failure failure = {0};

    if (graph_job_try(req, packed, &failure) != GBX_ERR_OK)
        gbxi_graph_failure_send(req, &failure);
}
