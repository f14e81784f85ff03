/* SPDX-License-Identifier: MIT */
/* Bounded work at the same time, done by threads of its own, and a bounded queue before it.
 *
 *     1. gbxi_worker_pool_open(&settings, &pool);
 *     2. if (!gbxi_worker_pool_submit(pool, &job->work)) ...   // full: now the caller has to say no
 *     3. if (gbxi_worker_pool_withdraw(pool, &job->work)) ...  // it had not begun, and is the caller's again
 *     4. in the work: gbxi_worker_pool_pause(pool); ... wait ...; gbxi_worker_pool_resume(pool);
 *     5. gbxi_worker_pool_stop(pool);                          // what is in the queue is still done
 *     6. gbxi_worker_pool_close(pool);
 *
 * The threads are named worker-0, worker-1 and so on, block every signal, and give way to the loops: they run at a
 * lower priority, where the system lets them. */
#ifndef GBX_RUNTIME_WORKER_POOL_H
#define GBX_RUNTIME_WORKER_POOL_H

#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One piece of work. Caller's memory, which must stay until `run` has begun, or the work is withdrawn. */
typedef struct gbxi_work {
    struct gbxi_work *next;              /* the pool's, while it waits */
    void (*run)(struct gbxi_work *work); /* Thread: one of the workers */
} gbxi_work;

typedef struct gbxi_worker_pool gbxi_worker_pool;

typedef struct gbxi_worker_pool_settings {
    size_t worker_count;           /* work that is done at the same time; at least 1 */
    size_t paused_max;             /* further work that may be paused meanwhile; each has a thread too */
    size_t queue_max;              /* work that may wait while all workers are busy */
    void (*on_end)(void *context); /* the last call of the last worker, after a stop; NULL: none */
    void *on_end_context;
} gbxi_worker_pool_settings;

/* How the pool is at one moment, and what it refused since it was opened. */
typedef struct gbxi_worker_pool_state {
    size_t worker_count;
    size_t busy;   /* work that was begun, paused or not */
    size_t paused; /* of it */
    size_t queued;
    size_t queue_max;
    uint64_t refused;
} gbxi_worker_pool_state;

/* Starts the threads. Owns: the caller, until gbxi_worker_pool_close. Errors: NO_MEMORY, also when there can be no more
 * threads; then none runs, and `on_end` is not called. */
GBX_MUST_USE gbx_err gbxi_worker_pool_open(const gbxi_worker_pool_settings *settings, gbxi_worker_pool **pool);

/* Puts `work` behind what waits already; false when the queue is full, or the pool stopped. Thread: any. */
GBX_MUST_USE bool gbxi_worker_pool_submit(gbxi_worker_pool *pool, gbxi_work *work);

/* Work that waits for something else than a CPU says so, and gives its turn to other work, if there is a thread for
 * that. Resuming waits for a turn, before all work that has not begun. Thread: the work's. */
void gbxi_worker_pool_pause(gbxi_worker_pool *pool);
void gbxi_worker_pool_resume(gbxi_worker_pool *pool);

/* Takes `work` out of the queue; false when it is not there (any more). Thread: any. Cost: looks along the queue. */
bool gbxi_worker_pool_withdraw(gbxi_worker_pool *pool, gbxi_work *work);

/* Lets the workers end once the queue is empty; idempotent. Thread: any. */
void gbxi_worker_pool_stop(gbxi_worker_pool *pool);

gbxi_worker_pool_state gbxi_worker_pool_look(gbxi_worker_pool *pool);

/* Stops, waits for the workers, and frees. NULL is allowed. */
void gbxi_worker_pool_close(gbxi_worker_pool *pool);

#endif
