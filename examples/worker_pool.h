/* SPDX-License-Identifier: MIT */
/* A worker pool as a service may have one already: threads, a queue with a bound, and no knowledge of Glassbox. */
#ifndef EXAMPLES_WORKER_POOL_H
#define EXAMPLES_WORKER_POOL_H

#include <stdbool.h>
#include <stddef.h>

/* One piece of work. The caller's memory; the pool does not touch it any more once `run` has been called. */
typedef struct work {
    struct work *next;
    void (*run)(struct work *work);
} work;

typedef struct worker_pool worker_pool;

/* Starts `threads` threads with the names NAME-0, NAME-1 and so on; NULL when that failed. */
worker_pool *worker_pool_open(const char *name, size_t threads, size_t queue_max);

/* Queues `item`; false when the queue is full or the pool closes. Thread: any. */
bool worker_pool_submit(worker_pool *pool, work *item);

/* Does what is in the queue, then ends the threads. NULL is allowed. */
void worker_pool_close(worker_pool *pool);

#endif
