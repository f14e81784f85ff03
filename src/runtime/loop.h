/* SPDX-License-Identifier: MIT */
/* One event loop: a thread with its own libh2o context, listening socket and connections.
 *
 * Usage: gbxi_loop_start, gbxi_loop_stop, gbxi_loop_join. A loop ends by itself once it was stopped and its last
 * connection is gone. libh2o ties sockets to the thread that makes them, so the thread makes and frees its own; what
 * another thread has for a request, it posts. */
#ifndef GBX_RUNTIME_LOOP_H
#define GBX_RUNTIME_LOOP_H

#include <glassbox/error.h>
#include <h2o.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>

/* What a loop works with; borrowed until it is joined. */
typedef struct gbxi_loop_settings {
    h2o_globalconf_t *config;
    SSL_CTX *tls;                  /* NULL: plain */
    _Atomic(size_t) *connections;  /* how many there are, in all loops; writer: any thread */
    size_t connections_max;        /* at this many, a loop lets new ones wait */
    unsigned timeout_ms;           /* for a client that keeps the server waiting */
    const void *service;           /* whose requests they are; handlers ask for it, the loop never looks */
    void (*on_end)(void *context); /* the last call of the loop's thread */
    void *on_end_context;
} gbxi_loop_settings;

/* Something for the loop's thread to do. Caller's memory; zeroed but for `run` before its first use. */
typedef struct gbxi_loop_task {
    h2o_linklist_t link; /* linked while it waits; guarded by the loop's lock */
    void (*run)(struct gbxi_loop_task *task);
} gbxi_loop_task;

/* Caller's memory, at a fixed address. Writer: the loop's own thread, but for what `lock` guards. */
typedef struct gbxi_loop {
    const gbxi_loop_settings *settings;
    int listener_fd;
    pthread_t thread;
    sem_t ready;          /* posted once, when the loop accepts */
    pthread_mutex_t lock; /* guards what follows up to `stopping`, and the queue behind `wake` while others use it */
    bool stop_asked;
    h2o_linklist_t tasks;
    h2o_multithread_message_t tasks_message; /* brings the loop to look at `tasks` */
    bool tasks_message_sent;                 /* and not yet received */
    bool stopping;                           /* the loop has seen that it is to stop */
    h2o_context_t context;
    h2o_accept_ctx_t accept;
    h2o_socket_t *listener;           /* NULL once stopping */
    h2o_timeout_entry_t accept_again; /* linked while accepting pauses for lack of descriptors or memory */
    h2o_linklist_t connections;
    h2o_multithread_receiver_t wake;
} gbxi_loop;

/* Starts the thread and waits until it accepts connections from `listener_fd`, which it takes over. Errors: NO_MEMORY
 * when there can be no more threads; then the descriptor stays the caller's. */
GBX_MUST_USE gbx_err gbxi_loop_start(gbxi_loop *loop, const gbxi_loop_settings *settings, int listener_fd,
                                     const char *name);

/* Begins the graceful stop: what is in flight is finished, everything else closed. Idempotent. Thread: any. */
void gbxi_loop_stop(gbxi_loop *loop);

/* The loop that a libh2o context is part of. */
gbxi_loop *gbxi_loop_of(h2o_context_t *context);

/* Makes the loop's thread run `task` soon, unless that is to come already. Thread: any, while the loop has the
 * connection that the task is about. */
void gbxi_loop_post(gbxi_loop *loop, gbxi_loop_task *task);

/* Forgets a posted task; none is no harm. Thread: the loop's. */
void gbxi_loop_withdraw(gbxi_loop *loop, gbxi_loop_task *task);

/* Waits for a stopped loop to end, and frees what it held. */
void gbxi_loop_join(gbxi_loop *loop);

#endif
