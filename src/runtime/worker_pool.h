/* SPDX-License-Identifier: MIT */
/* A pool of worker threads with a bounded number of concurrent pieces of work and a bounded queue.
 *
 *     1. gbxi_worker_pool_open(&settings, &pool);
 *     2. if (!gbxi_worker_pool_submit(pool, &job->work)) ...   // the queue is full: refuse the request
 *        if (!gbxi_worker_pool_submit_first(pool, &job->work)) ... // work that only prepares a request for the other
 *     3. if (gbxi_worker_pool_withdraw(pool, &job->work)) ...  // the work had not begun and belongs to the caller
 * again
 *     4. in the work: gbxi_worker_pool_pause(pool); ... wait ...; gbxi_worker_pool_resume(pool);
 *     5. gbxi_worker_pool_stop(pool);                          // queued work is still done
 *     6. gbxi_worker_pool_close(pool);
 *
 * The threads are named worker-0, worker-1 and so on. They block every signal, and they run at a lower priority than
 * the event loops if the system permits it. */
#ifndef GBX_RUNTIME_WORKER_POOL_H
#define GBX_RUNTIME_WORKER_POOL_H

#include "runtime/work_line.h"
#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct gbxi_worker_pool gbxi_worker_pool;

typedef struct gbxi_worker_pool_settings {
    size_t worker_count;           /* work that runs at the same time; at least 1 */
    size_t paused_max;             /* additional work that may be paused; each has a thread of its own */
    size_t queue_max;              /* work of each kind that may wait while all workers are busy */
    void (*on_end)(void *context); /* the last call of the last worker after a stop; NULL: none */
    void *on_end_context;
} gbxi_worker_pool_settings;

/* The current state of the pool, and the number of refusals since it was opened. */
typedef struct gbxi_worker_pool_state {
    size_t worker_count;
    size_t busy;   /* work that has begun, paused or not */
    size_t paused; /* the part of `busy` that is paused */
    size_t queued; /* work of both kinds that waits */
    size_t queue_max;
    uint64_t refused;
} gbxi_worker_pool_state;

/* Starts the threads. Owns: the caller, until gbxi_worker_pool_close. Errors: NO_MEMORY with errno, also if a thread
 * cannot be created; then no thread runs, and `on_end` is not called. */
GBX_MUST_USE gbx_err gbxi_worker_pool_open(const gbxi_worker_pool_settings *settings, gbxi_worker_pool **pool);

/* Appends `work` to the queue; false if the queue is full or the pool is stopped. Thread: any. */
GBX_MUST_USE bool gbxi_worker_pool_submit(gbxi_worker_pool *pool, gbxi_work *work);

/* Like gbxi_worker_pool_submit, for short work that prepares a request whose main work will be submitted later. It has
 * a queue of its own, which comes first, so that the main work finds its place. False also if the queue of the main
 * work is full: then the preparation would be in vain. */
GBX_MUST_USE bool gbxi_worker_pool_submit_first(gbxi_worker_pool *pool, gbxi_work *work);

/* Called by work before and after it waits for something other than a CPU. Pausing gives the turn to other work if a
 * thread is free. Resuming waits for a turn and takes precedence over work that has not begun. Thread: the work's. */
void gbxi_worker_pool_pause(gbxi_worker_pool *pool);
void gbxi_worker_pool_resume(gbxi_worker_pool *pool);

/* Removes `work` from its queue; false if it is in none. Thread: any. Cost: a linear search of the queues. */
bool gbxi_worker_pool_withdraw(gbxi_worker_pool *pool, gbxi_work *work);

/* Ends the workers when the queue is empty. Idempotent. Thread: any. */
void gbxi_worker_pool_stop(gbxi_worker_pool *pool);

gbxi_worker_pool_state gbxi_worker_pool_look(gbxi_worker_pool *pool);

/* Stops the pool, waits for the workers and frees the pool. NULL is allowed. */
void gbxi_worker_pool_close(gbxi_worker_pool *pool);

#endif
