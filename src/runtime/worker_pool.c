/* SPDX-License-Identifier: MIT */
/* Owns the workers' threads and their queue. */
#define _GNU_SOURCE
#include "runtime/worker_pool.h"
#include "base/thread.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { NICE = 10 }; /* above a loop's: a worker gets about a tenth of a loop's share of the same CPU */

struct worker {
    gbxi_worker_pool *pool;
    size_t number;
    pthread_t thread;
};

struct gbxi_worker_pool {
    gbxi_worker_pool_settings settings;
    pthread_mutex_t lock; /* guards the members between it and `started` */
    pthread_cond_t change;
    gbxi_work *first;
    gbxi_work **end; /* the link for the next work */
    size_t queued;
    size_t busy;     /* workers that have work */
    size_t paused;   /* busy workers whose work is paused */
    size_t resuming; /* paused workers that wait for a turn */
    size_t running;  /* threads that have not ended */
    uint64_t refused;
    bool stopping;
    size_t started; /* number of started threads, the first ones in `workers` */
    struct worker workers[];
};

static void worker_pool_append(gbxi_worker_pool *pool, gbxi_work *work)
{
    work->next = NULL;
    *pool->end = work;
    pool->end = &work->next;
    pool->queued++;
}

/* Removes the work that `link` points to from the queue. */
static gbxi_work *worker_pool_unlink(gbxi_worker_pool *pool, gbxi_work **link)
{
    gbxi_work *work = *link;

    *link = work->next;
    if (*link == NULL)
        pool->end = link;
    pool->queued--;
    return work;
}

static size_t worker_pool_thread_count(const gbxi_worker_pool *pool)
{
    return pool->settings.worker_count + pool->settings.paused_max;
}

/* The number of further pieces of work that may run now. The lock is held. */
static size_t worker_pool_turns_left(const gbxi_worker_pool *pool)
{
    size_t working = pool->busy - pool->paused;

    return working < pool->settings.worker_count ? pool->settings.worker_count - working : 0;
}

/* The number of pieces of work that could begin now, including queued work whose workers have not woken yet. The lock
 * is held. */
static size_t worker_pool_idle_count(const gbxi_worker_pool *pool)
{
    size_t threads = worker_pool_thread_count(pool) - pool->busy, turns = worker_pool_turns_left(pool);

    turns = turns > pool->resuming ? turns - pool->resuming : 0;
    return threads < turns ? threads : turns;
}

/* Waits for work and for a turn to do it. Returns NULL if there will be no more work. */
static gbxi_work *worker_next_work(gbxi_worker_pool *pool)
{
    gbxi_work *work = NULL;

    pthread_mutex_lock(&pool->lock);
    while (pool->first != NULL ? worker_pool_idle_count(pool) == 0 : !pool->stopping)
        pthread_cond_wait(&pool->change, &pool->lock);
    if (pool->first != NULL) {
        work = worker_pool_unlink(pool, &pool->first);
        pool->busy++;
    }
    pthread_mutex_unlock(&pool->lock);
    return work;
}

static void worker_end_work(gbxi_worker_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->busy--;
    pthread_cond_broadcast(&pool->change);
    pthread_mutex_unlock(&pool->lock);
}

void gbxi_worker_pool_pause(gbxi_worker_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->paused++;
    pthread_cond_broadcast(&pool->change);
    pthread_mutex_unlock(&pool->lock);
}

void gbxi_worker_pool_resume(gbxi_worker_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->resuming++;
    while (worker_pool_turns_left(pool) == 0)
        pthread_cond_wait(&pool->change, &pool->lock);
    pool->resuming--;
    pool->paused--;
    pthread_mutex_unlock(&pool->lock);
}

static void worker_end(gbxi_worker_pool *pool)
{
    bool last;

    pthread_mutex_lock(&pool->lock);
    last = --pool->running == 0;
    pthread_mutex_unlock(&pool->lock);
    if (last && pool->settings.on_end != NULL)
        pool->settings.on_end(pool->settings.on_end_context);
}

static void *worker_run(void *data)
{
    struct worker *worker = data;
    gbxi_work *work;

    /* On Linux the priority is that of the thread. If this fails, large requests slow down small ones, but nothing
     * breaks. */
    setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + NICE);
    while ((work = worker_next_work(worker->pool)) != NULL) {
        work->run(work);
        worker_end_work(worker->pool);
    }
    worker_end(worker->pool);
    return NULL;
}

static bool worker_start(struct worker *worker)
{
    char name[32];

    snprintf(name, sizeof(name), "worker-%zu", worker->number);
    return gbxi_thread_start(&worker->thread, name, worker_run, worker);
}

/* Allocates a pool without threads; NULL if memory is short. */
static gbxi_worker_pool *worker_pool_allocate(const gbxi_worker_pool_settings *settings)
{
    gbxi_worker_pool *pool =
        calloc(1, sizeof(*pool) + (settings->worker_count + settings->paused_max) * sizeof(pool->workers[0]));

    if (pool == NULL)
        return NULL;
    pool->settings = *settings;
    pool->end = &pool->first;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->change, NULL);
    return pool;
}

gbx_err gbxi_worker_pool_open(const gbxi_worker_pool_settings *settings, gbxi_worker_pool **pool)
{
    gbxi_worker_pool *made = worker_pool_allocate(settings);

    if (made == NULL)
        return GBX_ERR_NO_MEMORY;
    /* Set before the first thread can end. The extra one keeps on_end from being called before all have started. */
    made->running = worker_pool_thread_count(made) + 1;
    for (; made->started < worker_pool_thread_count(made); made->started++) {
        made->workers[made->started] = (struct worker){.pool = made, .number = made->started};
        if (!worker_start(&made->workers[made->started])) {
            gbxi_worker_pool_close(made);
            return GBX_ERR_NO_MEMORY;
        }
    }
    pthread_mutex_lock(&made->lock);
    made->running--;
    pthread_mutex_unlock(&made->lock);
    *pool = made;
    return GBX_ERR_OK;
}

bool gbxi_worker_pool_submit(gbxi_worker_pool *pool, gbxi_work *work)
{
    bool taken;

    pthread_mutex_lock(&pool->lock);
    /* Work that a worker is about to take does not count as waiting. */
    taken = !pool->stopping && pool->queued < pool->settings.queue_max + worker_pool_idle_count(pool);
    if (taken) {
        worker_pool_append(pool, work);
        pthread_cond_broadcast(&pool->change);
    } else {
        pool->refused++;
    }
    pthread_mutex_unlock(&pool->lock);
    return taken;
}

bool gbxi_worker_pool_withdraw(gbxi_worker_pool *pool, gbxi_work *work)
{
    gbxi_work **link = &pool->first;
    bool found;

    pthread_mutex_lock(&pool->lock);
    while (*link != NULL && *link != work)
        link = &(*link)->next;
    if ((found = *link != NULL))
        worker_pool_unlink(pool, link);
    pthread_mutex_unlock(&pool->lock);
    return found;
}

void gbxi_worker_pool_stop(gbxi_worker_pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->stopping = true;
    pthread_cond_broadcast(&pool->change);
    pthread_mutex_unlock(&pool->lock);
}

gbxi_worker_pool_state gbxi_worker_pool_look(gbxi_worker_pool *pool)
{
    gbxi_worker_pool_state state;
    size_t about_to_begin;

    pthread_mutex_lock(&pool->lock);
    about_to_begin = pool->queued < worker_pool_idle_count(pool) ? pool->queued : worker_pool_idle_count(pool);
    state = (gbxi_worker_pool_state){.worker_count = pool->settings.worker_count,
                                     .busy = pool->busy + about_to_begin,
                                     .paused = pool->paused,
                                     .queued = pool->queued - about_to_begin,
                                     .queue_max = pool->settings.queue_max,
                                     .refused = pool->refused};
    pthread_mutex_unlock(&pool->lock);
    return state;
}

void gbxi_worker_pool_close(gbxi_worker_pool *pool)
{
    if (pool == NULL)
        return;
    gbxi_worker_pool_stop(pool);
    for (size_t i = 0; i < pool->started; i++)
        pthread_join(pool->workers[i].thread, NULL);
    pthread_cond_destroy(&pool->change);
    pthread_mutex_destroy(&pool->lock);
    free(pool);
}
