/* SPDX-License-Identifier: MIT */
/* One event loop: a thread with its own libh2o context, listening socket and connections.
 *
 * Usage: gbxi_loop_start, gbxi_loop_stop, gbxi_loop_join. A stopped loop ends when its last connection is closed.
 * libh2o binds a socket to the thread that creates it, so the loop's thread creates and frees its own sockets. Other
 * threads post tasks to the loop. */
#ifndef GBX_RUNTIME_LOOP_H
#define GBX_RUNTIME_LOOP_H

#include "http/hangup.h"
#include "runtime/connection.h"
#include <glassbox/error.h>
#include <h2o.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>

/* The settings of a loop; borrowed until the loop is joined. */
typedef struct gbxi_loop_settings {
    h2o_globalconf_t *config;
    SSL_CTX *tls; /* NULL: plain text */
    gbxi_connection_limits connections;
    bool http2;                    /* connections may speak HTTP/2 */
    const void *service;           /* for the handlers; the loop does not use it */
    void (*on_end)(void *context); /* the last call on the loop's thread */
    void *on_end_context;
} gbxi_loop_settings;

/* A task for the loop's thread. Caller's memory; all members but `run` are zero before the first use. */
typedef struct gbxi_loop_task {
    h2o_linklist_t link; /* linked while the task waits; guarded by the loop's lock */
    void (*run)(struct gbxi_loop_task *task);
} gbxi_loop_task;

/* Caller's memory, at a fixed address. Writer: the loop's own thread, except for what `lock` guards. */
typedef struct gbxi_loop {
    const gbxi_loop_settings *settings;
    int listener_fd;
    pthread_t thread;
    sem_t ready;          /* posted once, when the loop accepts or has failed to */
    bool open;            /* it accepts; written before `ready` is posted */
    pthread_mutex_t lock; /* guards the members between it and `stopping`, and the queue of `wake` while shared */
    bool stop_asked;
    h2o_linklist_t tasks;
    h2o_multithread_message_t tasks_message; /* makes the loop run `tasks` */
    bool tasks_message_sent;                 /* sent and not yet received */
    bool stopping;                           /* the loop has noticed the stop */
    h2o_context_t context;
    h2o_accept_ctx_t accept;
    h2o_socket_t *listener;           /* NULL once stopping */
    h2o_timeout_entry_t accept_again; /* linked while accepting is paused */
    h2o_timeout_entry_t watch;        /* linked while the loop closes connections that stand still */
    h2o_linklist_t connections;
    gbxi_turns turns;
    h2o_timeout_entry_t next_turn; /* linked while something waits for this turn */
    h2o_multithread_receiver_t wake;
    gbxi_hangup *hangup;     /* NULL until it is used */
    gbxi_loop_task lag_task; /* this and the next three: under the lock */
    bool lag_asked;          /* the task waits */
    uint64_t lag_asked_ns;
    uint64_t lag_ns; /* how long it waited when it ran last */
} gbxi_loop;

/* Starts the thread and waits until it accepts connections from `listener_fd`. Owns: takes over `listener_fd`, unless
 * it fails. Errors: NO_MEMORY with errno, also if no thread can be created. */
GBX_MUST_USE gbx_err gbxi_loop_start(gbxi_loop *loop, const gbxi_loop_settings *settings, int listener_fd,
                                     const char *name);

/* Begins the graceful stop: requests in flight are finished, and all other connections are closed. Idempotent. Thread:
 * any. */
void gbxi_loop_stop(gbxi_loop *loop);

/* The loop that a libh2o context belongs to. */
gbxi_loop *gbxi_loop_of(h2o_context_t *context);

/* What watches the clients of the loop's requests; NULL if there is no descriptor. Thread: the loop's. */
gbxi_hangup *gbxi_loop_hangup(gbxi_loop *loop);

/* Makes the loop's thread run `task` soon. A task that is already waiting is not added again. Thread: any, while the
 * loop has the connection that the task concerns. */
void gbxi_loop_post(gbxi_loop *loop, gbxi_loop_task *task);

/* Removes a posted task. Has no effect if the task is not waiting. Thread: the loop's. */
void gbxi_loop_withdraw(gbxi_loop *loop, gbxi_loop_task *task);

/* How long something that is ready waits for the loop: as long as a task waited that an earlier call posted or, if it
 * still waits, has waited so far. Posts the next one. Thread: any, until the loop is joined. */
uint64_t gbxi_loop_lag_ns(gbxi_loop *loop);

/* Waits until a stopped loop has ended and frees its resources. */
void gbxi_loop_join(gbxi_loop *loop);

#endif
