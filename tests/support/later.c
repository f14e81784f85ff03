/* SPDX-License-Identifier: MIT */
/* Owns the handler that answers later: a separate thread produces the response inside the request's capture, and the
 * event loop sends it. */
#define _GNU_SOURCE
#include "tests/support/pieces.h"
#include "tests/support/routes.h"
#include <glassbox/capture.h>
#include <glassbox/span.h>

enum { STEPS = 3 };

struct job;

/* Allocated in the request's pool, so that the end of the request is noticed. Used by the loop only. */
typedef struct job_link {
    h2o_req_t *req;
    struct job *work; /* NULL once the loop has the response */
} job_link;

/* The work of one request. It belongs to the worker until the worker has sent the message, except for `link`, which
 * belongs to the loop. */
typedef struct job {
    h2o_multithread_message_t message;
    h2o_multithread_receiver_t *receiver;
    job_link *link; /* NULL once the request has ended */
    gbx_capture *carried;
    gbxi_json_buffer answer;
} job;

static void on_request_gone(void *memory)
{
    job_link *link = memory;

    if (link->work != NULL)
        link->work->link = NULL;
}

static void free_job(job *work)
{
    gbxi_json_buffer_fini(&work->answer);
    free(work);
}

static void make_answer(job *work)
{
    gbxi_json_writer w;
    size_t step;

    GBX_RESUME(work->carried);
    GBX_SPAN_NAMED("later.work");
    gbxi_json_writer_init_buffer(&w, &work->answer);
    gbxi_json_array_begin(&w);
    for (step = 0; step < STEPS; step++) {
        GBX_SPAN_FMT("later.step %zu", step);
        gbxi_json_uint(&w, step);
    }
    gbxi_json_array_end(&w);
    if (gbxi_json_writer_finish(&w) != GBX_ERR_OK)
        abort();
}

static void *run_worker(void *argument)
{
    job *work = argument;

    make_answer(work);
    h2o_multithread_send_message(work->receiver, &work->message);
    return NULL;
}

static void send_answer(h2o_req_t *req, job *work)
{
    h2o_iovec_t body = h2o_strdup(&req->pool, work->answer.bytes, work->answer.length);

    work->link->work = NULL;
    set_response(req, 200, "application/json");
    send_pieces(req, body, 2);
}

static void on_messages(h2o_multithread_receiver_t *receiver, h2o_linklist_t *messages)
{
    (void)receiver;
    while (!h2o_linklist_is_empty(messages)) {
        job *work = H2O_STRUCT_FROM_MEMBER(job, message.link, messages->next);

        h2o_linklist_unlink(&work->message.link);
        if (work->link != NULL)
            send_answer(work->link->req, work);
        free_job(work);
    }
}

static int on_later(h2o_handler_t *self, h2o_req_t *req)
{
    job *work = calloc(1, sizeof(*work));
    job_link *link = h2o_mem_alloc_shared(&req->pool, sizeof(*link), on_request_gone);
    pthread_attr_t detached;
    pthread_t thread;

    GBX_SPAN_NAMED("later");
    if (work == NULL)
        abort();
    *link = (job_link){.req = req, .work = work};
    work->link = link;
    work->receiver = h2o_context_get_handler_context(req->conn->ctx, self);
    work->carried = gbx_capture_carry();
    pthread_attr_init(&detached);
    pthread_attr_setdetachstate(&detached, PTHREAD_CREATE_DETACHED);
    h2o_multithread_create_thread(&thread, &detached, run_worker, work);
    pthread_attr_destroy(&detached);
    return 0;
}

static void on_context_init(h2o_handler_t *self, h2o_context_t *ctx)
{
    h2o_multithread_receiver_t *receiver = h2o_mem_alloc(sizeof(*receiver));

    h2o_multithread_register_receiver(ctx->queue, receiver, on_messages);
    h2o_context_set_handler_context(ctx, self, receiver);
}

static void on_context_dispose(h2o_handler_t *self, h2o_context_t *ctx)
{
    h2o_multithread_receiver_t *receiver = h2o_context_get_handler_context(ctx, self);

    h2o_multithread_unregister_receiver(ctx->queue, receiver);
    free(receiver);
}

void register_later(h2o_pathconf_t *pathconf)
{
    h2o_handler_t *self = h2o_create_handler(pathconf, sizeof(*self));

    self->on_req = on_later;
    self->on_context_init = on_context_init;
    self->on_context_dispose = on_context_dispose;
}
