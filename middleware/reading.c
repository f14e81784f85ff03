/* SPDX-License-Identifier: MIT */
/* Owns a body's way to the executor and the way of its config back to the event loop. */
#define _GNU_SOURCE
#include "middleware/reading.h"
#include "base/account.h"
#include "base/atomic.h"
#include "http/hangup.h"
#include "http/problem.h"
#include "middleware/admission.h"
#include "middleware/body.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { PIECE_BYTES = 256 << 10, RETRY_AFTER_S = 1 };

/* What the executor has read for one event loop. */
typedef struct gbxi_inbox {
    h2o_multithread_receiver_t receiver;
    pthread_mutex_t lock; /* guards the next two, and the message while it is sent */
    h2o_linklist_t ended; /* readings whose tasks have ended */
    bool told;            /* the message is sent and not yet received */
    h2o_multithread_message_t message;
} inbox;

/* Two references: the request's, which ends with it, and the task's, which passes to the inbox. */
typedef struct reading {
    gbxi_mirrored mirrored; /* the loop's, except for the config, which belongs to the task while it runs */
    gbx_h2o_task task;
    h2o_linklist_t link; /* linked while it is in the inbox */
    inbox *inbox;        /* the loop's; not used once `gone` */
    gbxi_hangup_watch watch;
    bool waits; /* the task has ended, and its answer waits for `watch` */
    _Atomic(size_t) references;
    pthread_mutex_t lock; /* guards the next two; whoever holds it keeps the request alive */
    bool gone;            /* the request has ended; writer: the loop */
    bool done;            /* the task has ended, and the reading is in the inbox unless `gone` */
    const char *body;     /* over HTTP/1 in the connection's buffer until the request ends, otherwise NULL */
    char *copy;
    size_t length;
    gbx_format format;
    int status; /* result of the task, with `error` */
    gbx_error error;
} reading;

static void reading_release(reading *one)
{
    if (gbxi_sub_acq_rel(&one->references, 1) != 1)
        return;
    pthread_mutex_destroy(&one->lock);
    free(one->copy);
    free(one);
}

/* Copies the body in pieces, because a client that leaves makes the loop wait for the current piece. Returns false if
 * the client has left. */
static bool reading_copy_pieces(reading *one)
{
    bool gone = false;

    for (size_t at = 0; at < one->length && !gone; at += PIECE_BYTES) {
        size_t left = one->length - at;

        pthread_mutex_lock(&one->lock);
        gone = one->gone;
        if (!gone)
            memcpy(one->copy + at, one->body + at, left < PIECE_BYTES ? left : PIECE_BYTES);
        pthread_mutex_unlock(&one->lock);
    }
    return !gone;
}

static int reading_no_memory(gbx_error *error)
{
    gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "%s", gbx_err_text(GBX_ERR_NO_MEMORY));
    return 503;
}

/* Reads the config from a copy of the body. The result does not matter if the client has left. */
static int reading_decode(reading *one)
{
    int status = 0;

    if (one->copy == NULL) {
        if ((one->copy = gbxi_account_malloc(one->length)) == NULL)
            return reading_no_memory(&one->error);
        if (!reading_copy_pieces(one))
            goto Exit;
    }
    status = gbxi_body_decode(one->copy, one->length, one->format, &one->mirrored.config, &one->error);
Exit:
    gbxi_account_free(one->copy); /* not kept while the handler runs */
    one->copy = NULL;
    return status;
}

/* What the reading uses counts as memory for work. */
static int reading_decode_counted(reading *one)
{
    gbxi_account account = {.size = gbxi_work_size_of(one->length)};
    int status;

    gbxi_account_enter(&account);
    status = reading_decode(one);
    gbxi_account_leave(&account);
    if (status != 503 || !account.refused)
        return status;
    gbxi_work_memory_explain(account.never, &one->error);
    return account.never ? 413 : 503;
}

/* Thread: the executor's. */
static void inbox_put(inbox *box, reading *one)
{
    pthread_mutex_lock(&box->lock);
    h2o_linklist_insert(&box->ended, &one->link);
    if (!box->told) {
        box->told = true;
        h2o_multithread_send_message(&box->receiver, &box->message);
    }
    pthread_mutex_unlock(&box->lock);
}

/* Takes the first reading out; NULL if there is none. */
static reading *inbox_take(inbox *box)
{
    reading *one = NULL;

    pthread_mutex_lock(&box->lock);
    if (!h2o_linklist_is_empty(&box->ended)) {
        one = H2O_STRUCT_FROM_MEMBER(reading, link, box->ended.next);
        h2o_linklist_unlink(&one->link);
    }
    pthread_mutex_unlock(&box->lock);
    return one;
}

/* Thread: the executor's. */
static void reading_run(gbx_h2o_task *task)
{
    reading *one = H2O_STRUCT_FROM_MEMBER(reading, task, task);
    bool gone;

    one->status = reading_decode_counted(one);
    pthread_mutex_lock(&one->lock);
    gone = one->gone;
    one->done = true;
    /* The request cannot end meanwhile, so its loop has not ended either. */
    if (!gone)
        inbox_put(one->inbox, one);
    pthread_mutex_unlock(&one->lock);
    if (gone)
        reading_release(one);
}

/* Answers the request and releases the task's reference. */
static void reading_answer(reading *one)
{
    gbxi_mirrored mirrored = one->mirrored;
    gbx_error error = one->error;
    int status = one->status;

    one->mirrored.granted = false;
    gbxi_hangup_end(&one->watch);
    reading_release(one);
    if (status == 503)
        gbxi_problem_retry_after(mirrored.req, RETRY_AFTER_S);
    gbxi_mirrored_answer(&mirrored, status, &error);
}

/* The task has ended. */
static void reading_finish(reading *one)
{
    if (one->gone)
        reading_release(one);
    else if (gbxi_hangup_may_answer(&one->watch))
        reading_answer(one);
    else
        one->waits = true;
}

static void reading_on_ready(gbxi_hangup_watch *watch)
{
    reading *one = H2O_STRUCT_FROM_MEMBER(reading, watch, watch);

    if (one->waits)
        reading_answer(one);
}

static void inbox_empty(inbox *box)
{
    reading *one;

    while ((one = inbox_take(box)) != NULL)
        reading_finish(one);
}

static void inbox_on_messages(h2o_multithread_receiver_t *receiver, h2o_linklist_t *messages)
{
    inbox *box = H2O_STRUCT_FROM_MEMBER(inbox, receiver, receiver);

    pthread_mutex_lock(&box->lock);
    while (!h2o_linklist_is_empty(messages))
        h2o_linklist_unlink(messages->next);
    box->told = false;
    pthread_mutex_unlock(&box->lock);
    inbox_empty(box);
}

/* All requests have ended, so nobody sends any more. What the loop has not received is from requests that have ended
 * since. */
void gbxi_reading_close(inbox *box, h2o_context_t *context)
{
    if (box == NULL)
        return;
    if (box->told)
        h2o_linklist_unlink(&box->message.link);
    inbox_empty(box);
    h2o_multithread_unregister_receiver(context->queue, &box->receiver);
    pthread_mutex_destroy(&box->lock);
    free(box);
}

/* The loop's inbox, which is created for its first large body; NULL without memory. */
static inbox *reading_inbox(gbxi_mirror *mirror, h2o_context_t *context)
{
    gbxi_mirror_local *local = gbxi_mirror_local_of(mirror, context);
    inbox *box = local != NULL ? local->inbox : NULL;

    if (local == NULL || box != NULL || (box = calloc(1, sizeof(*box))) == NULL)
        return box;
    pthread_mutex_init(&box->lock, NULL);
    h2o_linklist_init_anchor(&box->ended);
    h2o_multithread_register_receiver(context->queue, &box->receiver, inbox_on_messages);
    local->inbox = box;
    return box;
}

static bool reading_withdraw(reading *one)
{
    const gbx_h2o_executor *executor = &one->mirrored.mirror->executor;

    return executor->withdraw != NULL && executor->withdraw(executor->context, &one->task);
}

/* Nobody waits for the reading any more. A task that has not begun need not, and what it would have released is
 * released here. */
static void reading_leave(reading *one)
{
    bool gone, done;

    pthread_mutex_lock(&one->lock);
    gone = one->gone;
    one->gone = true;
    done = one->done;
    pthread_mutex_unlock(&one->lock);
    if (gone)
        return;
    gbxi_admission_give_back(&one->mirrored);
    if (done ? one->waits : reading_withdraw(one))
        reading_release(one);
}

/* The client has left. What it is answered makes libh2o notice that. */
static void reading_on_left(gbxi_hangup_watch *watch)
{
    reading *one = H2O_STRUCT_FROM_MEMBER(reading, watch, watch);
    h2o_req_t *req = one->mirrored.req;
    gbx_error error;

    reading_leave(one);
    gbx_error_set(&error, GBX_ERR_IO, NULL, "the client has left");
    req->http1_is_persistent = 0;
    gbxi_problem_send(req, 400, &error);
}

/* Called when the request's pool is disposed. */
static void reading_on_gone(void *memory)
{
    reading *one = *(reading **)memory;

    if (one == NULL)
        return;
    gbxi_hangup_end(&one->watch);
    reading_leave(one);
    reading_release(one);
}

/* libh2o frees the body of an HTTP/2 request before it reports the end of the request, so the body is copied here. */
static bool reading_take_body(reading *one, const h2o_req_t *req)
{
    one->length = req->entity.len;
    if (req->version < 0x200) {
        one->body = req->entity.base;
        return true;
    }
    if ((one->copy = malloc(one->length)) == NULL)
        return false;
    memcpy(one->copy, req->entity.base, one->length);
    return true;
}

/* Returns NULL if memory is short. */
static reading *reading_new(const gbxi_mirrored *mirrored)
{
    reading *one = calloc(1, sizeof(*one));

    if (one == NULL)
        return NULL;
    one->inbox = reading_inbox(mirrored->mirror, mirrored->req->conn->ctx);
    if (one->inbox == NULL || !reading_take_body(one, mirrored->req)) {
        free(one);
        return NULL;
    }
    one->mirrored = *mirrored;
    one->task.run = reading_run;
    one->watch = (gbxi_hangup_watch){.on_left = reading_on_left, .on_ready = reading_on_ready};
    one->format = mirrored->format;
    gbxi_store_relaxed(&one->references, 2);
    pthread_mutex_init(&one->lock, NULL);
    return one;
}

gbx_err gbxi_reading_begin(gbxi_mirrored *mirrored, gbx_error *error)
{
    const gbx_h2o_executor *executor = &mirrored->mirror->executor;
    reading *one = reading_new(mirrored), **link;

    if (one == NULL)
        return gbx_error_set(error, GBX_ERR_NO_MEMORY, NULL, "%s", gbx_err_text(GBX_ERR_NO_MEMORY));
    link = h2o_mem_alloc_shared(&mirrored->req->pool, sizeof(*link), reading_on_gone);
    *link = one;
    if (executor->submit(executor->context, &one->task)) {
        gbxi_hangup_begin(&one->watch, gbxi_mirror_hangup(mirrored->mirror, mirrored->req), mirrored->req);
        mirrored->granted = false;
        return GBX_ERR_OK;
    }
    *link = NULL;
    reading_release(one);
    reading_release(one);
    return gbx_error_set(error, GBX_ERR_LIMIT, NULL, "all workers are busy, and the body cannot be read now");
}
