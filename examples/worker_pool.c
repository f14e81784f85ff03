/* SPDX-License-Identifier: MIT */
/* Owns the threads and the queue of a worker pool. */
#define _GNU_SOURCE
#include "worker_pool.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct worker {
    pthread_t thread;
    worker_pool *pool;
    char name[16]; /* the longest that Linux takes, with its terminator */
} worker;

struct worker_pool {
    pthread_mutex_t lock; /* of all below but `workers` */
    pthread_cond_t change;
    work *first, **last; /* the queue */
    size_t queued, queue_max;
    bool closing;
    size_t started;
    worker workers[];
};

/* The next piece of work; NULL when the pool closes and there is none left. */
static work *take(worker_pool *pool)
{
    work *taken;

    pthread_mutex_lock(&pool->lock);
    while (pool->first == NULL && !pool->closing)
        pthread_cond_wait(&pool->change, &pool->lock);
    if ((taken = pool->first) != NULL) {
        pool->first = taken->next;
        pool->queued--;
        if (pool->first == NULL)
            pool->last = &pool->first;
    }
    pthread_mutex_unlock(&pool->lock);
    return taken;
}

/* The thread names itself before it does any work: a capture reads the name when the thread enters it first. */
static void *run(void *argument)
{
    worker *self = argument;
    work *next;

    pthread_setname_np(pthread_self(), self->name);
    while ((next = take(self->pool)) != NULL)
        next->run(next);
    return NULL;
}

static bool start(worker_pool *pool, const char *name)
{
    worker *self = &pool->workers[pool->started];

    self->pool = pool;
    snprintf(self->name, sizeof(self->name), "%.9s-%u", name, (unsigned)pool->started % 1000);
    if (pthread_create(&self->thread, NULL, run, self) != 0)
        return false;
    pool->started++;
    return true;
}

worker_pool *worker_pool_open(const char *name, size_t threads, size_t queue_max)
{
    worker_pool *pool = calloc(1, sizeof(*pool) + threads * sizeof(pool->workers[0]));

    if (pool == NULL)
        return NULL;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->change, NULL);
    pool->last = &pool->first;
    pool->queue_max = queue_max;
    while (pool->started < threads)
        if (!start(pool, name)) {
            worker_pool_close(pool);
            return NULL;
        }
    return pool;
}

bool worker_pool_submit(worker_pool *pool, work *item)
{
    bool taken;

    pthread_mutex_lock(&pool->lock);
    taken = !pool->closing && pool->queued < pool->queue_max;
    if (taken) {
        item->next = NULL;
        *pool->last = item;
        pool->last = &item->next;
        pool->queued++;
        pthread_cond_signal(&pool->change);
    }
    pthread_mutex_unlock(&pool->lock);
    return taken;
}

void worker_pool_close(worker_pool *pool)
{
    if (pool == NULL)
        return;
    pthread_mutex_lock(&pool->lock);
    pool->closing = true;
    pthread_cond_broadcast(&pool->change);
    pthread_mutex_unlock(&pool->lock);
    for (size_t i = 0; i != pool->started; i++)
        pthread_join(pool->workers[i].thread, NULL);
    pthread_cond_destroy(&pool->change);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}
