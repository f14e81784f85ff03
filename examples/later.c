/* SPDX-License-Identifier: MIT */
/* Owns the jobs: how one leaves the loop, goes from worker to worker, comes back, and outlives a client that left. */
#define _GNU_SOURCE
#include "later.h"
#include <glassbox/capture.h>
#include <glassbox/span.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS_MAX = 100000, ROUNDS_EACH = 1000 };

typedef struct later_handler {
    h2o_handler_t super;
    worker_pool *first, *second;
    _Atomic(size_t) abandoned;
} later_handler;

/* What each loop has of its own. Thread: the loop's, but for the receiver's queue. */
typedef struct later_loop {
    h2o_multithread_receiver_t receiver;
    size_t pending;
} later_loop;

struct job;

/* Lives in the request's pool, so that libh2o says when the request is gone. Thread: the loop's. */
typedef struct request_link {
    h2o_req_t *req;
    struct job *job; /* NULL once it is answered */
} request_link;

/* One request's work. Its memory is its own and not the request's pool, which may go first. Whoever holds the job, the
 * loop or one worker, may use it; `link` is the loop's at all times, and `gone` everyone's. */
typedef struct job {
    work work;
    h2o_multithread_message_t message;
    later_handler *handler;
    later_loop *loop;
    request_link *link;   /* NULL once the request is gone */
    _Atomic(bool) gone;   /* the same for workers, who can stop early */
    gbx_capture *carried; /* NULL when the request is not captured, which all of this needs no test for */
    uint64_t queued;      /* when it was handed over */
    unsigned rounds;
    uint32_t checksum;
    char answer[64];
    size_t answer_length;
} job;

/* Called before each way from thread to thread, inside the capture. */
static void pack(job *self)
{
    self->carried = gbx_capture_carry();
    self->queued = gbx_span_moment();
}

/* The last step off the loop. From here on the job is the loop's. */
static void send_home(job *self)
{
    h2o_multithread_send_message(&self->loop->receiver, &self->message);
}

static void write_answer(work *step)
{
    job *self = H2O_STRUCT_FROM_MEMBER(job, work, step);

    {
        GBX_RESUME(self->carried); /* the reference goes with the scope: nothing to free here */
        GBX_SPAN_SINCE("later.queued", self->queued);
        GBX_SPAN_FMT("later.write(%u)", self->rounds);
        self->answer_length = (size_t)snprintf(self->answer, sizeof(self->answer), "%08" PRIx32 "\n", self->checksum);
        pack(self);
    }
    send_home(self);
}

/* A client that has left makes its result worthless. A capture that has ended with it drops all spans by itself. */
static void compute_rounds(job *self)
{
    for (unsigned round = 0; round < self->rounds && !atomic_load_explicit(&self->gone, memory_order_relaxed); round++)
        for (unsigned i = 0; i < ROUNDS_EACH; i++)
            self->checksum = (self->checksum ^ (round + i)) * UINT32_C(16777619);
}

static void compute(work *step)
{
    job *self = H2O_STRUCT_FROM_MEMBER(job, work, step);

    {
        GBX_RESUME(self->carried);
        GBX_SPAN_SINCE("later.queued", self->queued);
        GBX_SPAN_FMT("later.compute(%u)", self->rounds);
        compute_rounds(self);
        self->work.run = write_answer;
        pack(self); /* the second hop: carry again, from inside the scope that was resumed */
    }
    /* All spans of this thread are closed: the other pool may send the answer before this line has returned. */
    if (!worker_pool_submit(self->handler->second, &self->work))
        write_answer(&self->work);
}

static int answer(h2o_req_t *req, int status, const char *reason, const char *text, size_t length)
{
    req->res.status = status;
    req->res.reason = reason;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("text/plain"));
    h2o_send_inline(req, text, length); /* copies */
    return 0;
}

/* On the loop again. Without GBX_RESUME the answer would be sent as well, and the capture end as well; resuming is for
 * the span. h2o_send_inline sends the last chunk, with which the capture ends, and the span with it. */
static void come_home(job *self)
{
    GBX_RESUME(self->carried);
    GBX_SPAN_SINCE("later.queued", self->queued);
    GBX_SPAN_NAMED("later.answer");
    if (self->link == NULL)
        return;
    self->link->job = NULL;
    answer(self->link->req, 200, "OK", self->answer, self->answer_length);
}

static void on_messages(h2o_multithread_receiver_t *receiver, h2o_linklist_t *messages)
{
    later_loop *loop = H2O_STRUCT_FROM_MEMBER(later_loop, receiver, receiver);

    while (!h2o_linklist_is_empty(messages)) {
        job *self = H2O_STRUCT_FROM_MEMBER(job, message.link, messages->next);

        h2o_linklist_unlink(&self->message.link);
        come_home(self);
        loop->pending--;
        free(self);
    }
}

/* The request's pool is being freed: answered, or the client left. Thread: the loop's. */
static void on_request_gone(void *memory)
{
    request_link *link = memory;

    if (link->job == NULL)
        return;
    link->job->link = NULL;
    atomic_store_explicit(&link->job->gone, true, memory_order_relaxed);
    atomic_fetch_add_explicit(&link->job->handler->abandoned, 1, memory_order_relaxed);
}

static unsigned rounds_of(const h2o_req_t *req)
{
    unsigned rounds = 0;

    if (req->query_at != SIZE_MAX)
        for (size_t i = req->query_at + 1; i < req->path.len && rounds <= ROUNDS_MAX; i++)
            if (req->path.base[i] >= '0' && req->path.base[i] <= '9')
                rounds = rounds * 10 + (unsigned)(req->path.base[i] - '0');
    return rounds < ROUNDS_MAX ? rounds : ROUNDS_MAX;
}

static job *new_job(later_handler *handler, h2o_req_t *req)
{
    job *self = calloc(1, sizeof(*self));

    if (self == NULL)
        return NULL;
    self->work.run = compute;
    self->handler = handler;
    self->loop = h2o_context_get_handler_context(req->conn->ctx, &handler->super);
    self->rounds = rounds_of(req);
    return self;
}

/* Ties the job to the request, so that each notices the other's end. */
static void link_to(job *self, h2o_req_t *req)
{
    self->link = h2o_mem_alloc_shared(&req->pool, sizeof(*self->link), on_request_gone);
    *self->link = (request_link){.req = req, .job = self};
    self->loop->pending++;
}

static void unlink_again(job *self)
{
    self->link->job = NULL;
    self->loop->pending--;
    gbx_capture_unref(self->carried); /* a job that never runs gives its reference back */
    free(self);
}

static int on_later(h2o_handler_t *super, h2o_req_t *req)
{
    later_handler *handler = (later_handler *)super;
    job *self = new_job(handler, req);

    GBX_SPAN_NAMED("later");
    if (self == NULL)
        return answer(req, 503, "Service Unavailable", H2O_STRLIT("out of memory\n"));
    link_to(self, req);
    pack(self);
    if (worker_pool_submit(handler->first, &self->work))
        return 0; /* the answer is to come; the job is the worker's now */
    unlink_again(self);
    return answer(req, 503, "Service Unavailable", H2O_STRLIT("too much to do\n"));
}

static void on_context_init(h2o_handler_t *super, h2o_context_t *context)
{
    later_loop *loop = h2o_mem_alloc(sizeof(*loop));

    *loop = (later_loop){.pending = 0};
    h2o_multithread_register_receiver(context->queue, &loop->receiver, on_messages);
    h2o_context_set_handler_context(context, super, loop);
}

static void on_context_dispose(h2o_handler_t *super, h2o_context_t *context)
{
    later_loop *loop = h2o_context_get_handler_context(context, super);

    h2o_multithread_unregister_receiver(context->queue, &loop->receiver);
    free(loop);
}

h2o_handler_t *later_register(h2o_pathconf_t *path, worker_pool *first, worker_pool *second)
{
    later_handler *handler = (later_handler *)h2o_create_handler(path, sizeof(*handler));

    handler->super.on_req = on_later;
    handler->super.on_context_init = on_context_init;
    handler->super.on_context_dispose = on_context_dispose;
    handler->first = first;
    handler->second = second;
    return &handler->super;
}

size_t later_pending(h2o_handler_t *handler, h2o_context_t *context)
{
    const later_loop *loop = h2o_context_get_handler_context(context, handler);

    return loop->pending;
}

size_t later_abandoned(h2o_handler_t *handler)
{
    return atomic_load_explicit(&((later_handler *)handler)->abandoned, memory_order_relaxed);
}
