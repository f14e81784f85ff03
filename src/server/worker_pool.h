/* SPDX-License-Identifier: MIT */
/* Bounded work at the same time, done by threads of its own, and a bounded queue before it.
 *
 *     1. gbx__worker_pool_open(&settings, &pool);
 *     2. if (!gbx__worker_pool_submit(pool, &job->work)) ...   // full: now the caller has to say no
 *     3. if (gbx__worker_pool_withdraw(pool, &job->work)) ...  // it had not begun, and is the caller's again
 *     4. in the work: gbx__worker_pool_pause(pool); ... wait ...; gbx__worker_pool_resume(pool);
 *     5. gbx__worker_pool_stop(pool);                          // what is in the queue is still done
 *     6. gbx__worker_pool_close(pool);
 *
 * The threads are named worker-0, worker-1 and so on, block every signal, and give way to the loops: they run at a
 * lower priority, where the system lets them. */
#ifndef GBX_SERVER_WORKER_POOL_H
#define GBX_SERVER_WORKER_POOL_H

#include <glassbox/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One piece of work. Caller's memory, which must stay until `run` has begun, or the work is withdrawn. */
typedef struct gbx__work {
    struct gbx__work *next;              /* the pool's, while it waits */
    void (*run)(struct gbx__work *work); /* Thread: one of the workers */
} gbx__work;

typedef struct gbx__worker_pool gbx__worker_pool;

typedef struct gbx__worker_pool_settings {
    size_t worker_count;           /* work that is done at the same time; at least 1 */
    size_t paused_max;             /* further work that may be paused meanwhile; each has a thread too */
    size_t queue_max;              /* work that may wait while all workers are busy */
    void (*on_end)(void *context); /* the last call of the last worker, after a stop; NULL: none */
    void *on_end_context;
} gbx__worker_pool_settings;

/* How the pool is at one moment, and what it refused since it was opened. */
typedef struct gbx__worker_pool_state {
    size_t worker_count;
    size_t busy;   /* work that was begun, paused or not */
    size_t paused; /* of it */
    size_t queued;
    size_t queue_max;
    uint64_t refused;
} gbx__worker_pool_state;

/* Starts the threads. Owns: the caller, until gbx__worker_pool_close. Errors: NO_MEMORY, also when there can be no more
 * threads; then none runs, and `on_end` is not called. */
GBX_MUST_USE gbx_err gbx__worker_pool_open(const gbx__worker_pool_settings *settings, gbx__worker_pool **pool);

/* Puts `work` behind what waits already; false when the queue is full, or the pool stopped. Thread: any. */
GBX_MUST_USE bool gbx__worker_pool_submit(gbx__worker_pool *pool, gbx__work *work);

/* Work that waits for something else than a CPU says so, and gives its turn to other work, if there is a thread for
 * that. Resuming waits for a turn, before all work that has not begun. Thread: the work's. */
void gbx__worker_pool_pause(gbx__worker_pool *pool);
void gbx__worker_pool_resume(gbx__worker_pool *pool);

/* Takes `work` out of the queue; false when it is not there (any more). Thread: any. Cost: looks along the queue. */
bool gbx__worker_pool_withdraw(gbx__worker_pool *pool, gbx__work *work);

/* Lets the workers end once the queue is empty; idempotent. Thread: any. */
void gbx__worker_pool_stop(gbx__worker_pool *pool);

gbx__worker_pool_state gbx__worker_pool_look(gbx__worker_pool *pool);

/* Stops, waits for the workers, and frees. NULL is allowed. */
void gbx__worker_pool_close(gbx__worker_pool *pool);

#endif
