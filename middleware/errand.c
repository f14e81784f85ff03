/* SPDX-License-Identifier: MIT */
/* Owns the way of work to the executor and the way of its result back to the event loop. */
#define _GNU_SOURCE
#include "middleware/errand.h"
#include "base/atomic.h"
#include <stdlib.h>

/* What the executor has done for one event loop. */
typedef struct gbxi_inbox {
    h2o_multithread_receiver_t receiver;
    pthread_mutex_t lock; /* guards the next two, and the message while it is sent */
    h2o_linklist_t ended; /* errands whose work has ended */
    bool told;            /* the message is sent and not yet received */
    h2o_multithread_message_t message;
} inbox;

/* Thread: the executor's. */
static void inbox_put(inbox *box, gbxi_errand *errand)
{
    pthread_mutex_lock(&box->lock);
    h2o_linklist_insert(&box->ended, &errand->link);
    if (!box->told) {
        box->told = true;
        h2o_multithread_send_message(&box->receiver, &box->message);
    }
    pthread_mutex_unlock(&box->lock);
}

/* Takes the first errand out; NULL if there is none. */
static gbxi_errand *inbox_take(inbox *box)
{
    gbxi_errand *errand = NULL;

    pthread_mutex_lock(&box->lock);
    if (!h2o_linklist_is_empty(&box->ended)) {
        errand = H2O_STRUCT_FROM_MEMBER(gbxi_errand, link, box->ended.next);
        h2o_linklist_unlink(&errand->link);
    }
    pthread_mutex_unlock(&box->lock);
    return errand;
}

static void inbox_empty(inbox *box)
{
    gbxi_errand *errand;

    while ((errand = inbox_take(box)) != NULL) {
        if (errand->gone)
            gbxi_errand_release(errand);
        else
            errand->callbacks->back(errand);
    }
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

/* The loop's inbox, which is created for its first errand; NULL without memory. */
static inbox *inbox_of(gbxi_mirror *mirror, h2o_context_t *context)
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

/* Nobody sends any more. What the loop has not received is from requests that have ended since. */
void gbxi_errand_close(inbox *box, h2o_context_t *context)
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

/* Thread: the executor's. */
static void errand_run(gbx_h2o_task *task)
{
    gbxi_errand *errand = H2O_STRUCT_FROM_MEMBER(gbxi_errand, task, task);
    bool gone;

    errand->callbacks->work(errand);
    pthread_mutex_lock(&errand->lock);
    gone = errand->gone;
    errand->done = true;
    /* The request cannot end meanwhile, so its loop has not ended either. */
    if (!gone)
        inbox_put(errand->inbox, errand);
    pthread_mutex_unlock(&errand->lock);
    if (gone)
        gbxi_errand_release(errand);
}

bool gbxi_errand_init(gbxi_errand *errand, const gbxi_errand_callbacks *callbacks, gbxi_mirror *mirror,
                      h2o_context_t *context, const gbx_h2o_executor *executor)
{
    inbox *box = inbox_of(mirror, context);

    if (box == NULL)
        return false;
    *errand = (gbxi_errand){.callbacks = callbacks, .executor = executor, .inbox = box, .references = 1};
    pthread_mutex_init(&errand->lock, NULL);
    return true;
}

bool gbxi_errand_submit(gbxi_errand *errand)
{
    errand->task = (gbx_h2o_task){.run = errand_run};
    gbxi_add_relaxed(&errand->references, 1);
    errand->submitted = errand->executor->submit(errand->executor->context, &errand->task);
    if (!errand->submitted)
        gbxi_errand_release(errand);
    return errand->submitted;
}

static bool errand_withdraw(gbxi_errand *errand)
{
    const gbx_h2o_executor *executor = errand->executor;

    return errand->submitted && executor->withdraw != NULL && executor->withdraw(executor->context, &errand->task);
}

bool gbxi_errand_leave(gbxi_errand *errand)
{
    bool gone, done;

    pthread_mutex_lock(&errand->lock);
    gone = errand->gone;
    errand->gone = true;
    done = errand->done;
    pthread_mutex_unlock(&errand->lock);
    if (!gone && !done && errand_withdraw(errand))
        gbxi_errand_release(errand);
    return !gone;
}

bool gbxi_errand_hold_request(gbxi_errand *errand)
{
    pthread_mutex_lock(&errand->lock);
    if (!errand->gone)
        return true;
    pthread_mutex_unlock(&errand->lock);
    return false;
}

void gbxi_errand_let_request_go(gbxi_errand *errand)
{
    pthread_mutex_unlock(&errand->lock);
}

void gbxi_errand_release(gbxi_errand *errand)
{
    if (gbxi_sub_acq_rel(&errand->references, 1) != 1)
        return;
    pthread_mutex_destroy(&errand->lock);
    errand->callbacks->free(errand);
}
