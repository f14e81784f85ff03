/* SPDX-License-Identifier: MIT */
/* Work for a request that the host's executor does while the event loop serves other requests.
 *
 *     1. gbxi_errand_init(&errand, &callbacks, mirror, context)   // `errand` is part of the caller's allocation
 *     2. gbxi_errand_submit(&errand)                              // work() runs on a thread of the executor
 *     3. back() runs on the event loop                            // and gbxi_errand_release when it is done with it
 *     4. gbxi_errand_leave(&errand)                               // when the request ends, or earlier; idempotent
 *     5. gbxi_errand_release(&errand)                             // the owner's reference
 *
 *     on_context_dispose: gbxi_errand_close
 *
 * After gbxi_errand_leave, back() is not called any more, and what the work has made is of no use. Thread: the event
 * loop, unless something else is said. */
#ifndef GBX_MIDDLEWARE_ERRAND_H
#define GBX_MIDDLEWARE_ERRAND_H

#include "middleware/mirror.h"
#include <glassbox/h2o.h>
#include <pthread.h>

struct gbxi_errand;

typedef struct gbxi_errand_callbacks {
    void (*work)(struct gbxi_errand *errand); /* Thread: the executor's */
    void (*back)(struct gbxi_errand *errand); /* the work has ended. Owns: takes over a reference */
    void (*free)(struct gbxi_errand *errand); /* the last reference is gone. Thread: any */
} gbxi_errand_callbacks;

/* All members are private. */
typedef struct gbxi_errand {
    const gbxi_errand_callbacks *callbacks;
    const gbx_h2o_executor *executor;
    struct gbxi_inbox *inbox; /* the loop's; not used once `gone` */
    gbx_h2o_task task;
    bool submitted;      /* the executor has taken the task; the loop's */
    h2o_linklist_t link; /* linked while it is in the inbox */
    _Atomic(size_t) references;
    pthread_mutex_t lock; /* guards the next two; whoever holds it keeps the request alive */
    bool gone;            /* nobody waits any more; writer: the loop */
    bool done;            /* the work has ended, and the errand is in the inbox unless `gone` */
} gbxi_errand;

/* Prepares an errand for the event loop of `context` and that executor, and has one reference. False if memory is
 * short; then it has none. */
GBX_MUST_USE bool gbxi_errand_init(gbxi_errand *errand, const gbxi_errand_callbacks *callbacks, gbxi_mirror *mirror,
                                   h2o_context_t *context, const gbx_h2o_executor *executor);

/* Passes the work to the executor, with a reference of its own. False if the executor takes no more; it may be tried
 * again. */
GBX_MUST_USE bool gbxi_errand_submit(gbxi_errand *errand);

/* Nobody waits any more. Work that has not begun need not. Returns false if that was so already. */
bool gbxi_errand_leave(gbxi_errand *errand);

/* Inside of these the request exists and its memory may be used, if the first returns true. Otherwise nobody waits any
 * more, and the second must not be called. The loop waits meanwhile. Thread: the executor's. */
GBX_MUST_USE bool gbxi_errand_hold_request(gbxi_errand *errand);
void gbxi_errand_let_request_go(gbxi_errand *errand);

/* Drops a reference. Thread: any. */
void gbxi_errand_release(gbxi_errand *errand);

/* Ends what the first errand of the event loop began. No request of the loop is left. NULL is allowed. */
void gbxi_errand_close(struct gbxi_inbox *inbox, h2o_context_t *context);

#endif
