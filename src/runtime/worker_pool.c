/* SPDX-License-Identifier: MIT */
/* Owns the workers' threads and their queue. */
#define _GNU_SOURCE
#include "runtime/worker_pool.h"
#include "base/thread.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

enum { NICE = 10 }; /* above a loop's: a worker gets about a tenth of a loop's share of the same CPU */

struct worker {
    gbxi_worker_pool *pool;
    size_t number;
    pthread_t thread;
    bool prepares; /* its current work */
};

struct gbxi_worker_pool {
    gbxi_worker_pool_settings settings;
    pthread_mutex_t lock; /* guards the members between it and `started` */
    pthread_cond_t change;
    gbxi_work_line preparing; /* comes first */
    gbxi_work_line main;
    size_t busy;     /* workers that have work */
    size_t prepare;  /* the part of `busy` whose work only prepares, and which are free soon */
    size_t paused;   /* busy workers whose work is paused */
    size_t resuming; /* paused workers that wait for a turn */
    size_t running;  /* threads that have not ended */
    uint64_t refused;
    bool stopping;
    size_t started; /* number of started threads, the first ones in `workers` */
    struct worker workers[];
};

static size_t worker_pool_queued(const gbxi_worker_pool *pool)
{
    return pool->preparing.length + pool->main.length;
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
static gbxi_work *worker_next_work(struct worker *worker)
{
    gbxi_worker_pool *pool = worker->pool;
    gbxi_work *work = NULL;
    gbxi_work_line *line;

    pthread_mutex_lock(&pool->lock);
    while (worker_pool_queued(pool) != 0 ? worker_pool_idle_count(pool) == 0 : !pool->stopping)
        pthread_cond_wait(&pool->change, &pool->lock);
    if (worker_pool_queued(pool) != 0) {
        worker->prepares = pool->preparing.first != NULL;
        line = worker->prepares ? &pool->preparing : &pool->main;
        work = gbxi_work_line_take(line);
        pool->busy++;
        pool->prepare += worker->prepares;
    }
    pthread_mutex_unlock(&pool->lock);
    return work;
}

static void worker_end_work(struct worker *worker)
{
    gbxi_worker_pool *pool = worker->pool;

    pthread_mutex_lock(&pool->lock);
    pool->busy--;
    pool->prepare -= worker->prepares;
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
    while ((work = worker_next_work(worker)) != NULL) {
        work->run(work);
        worker_end_work(worker);
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
    gbxi_work_line_init(&pool->preparing);
    gbxi_work_line_init(&pool->main);
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->change, NULL);
    return pool;
}

gbx_err gbxi_worker_pool_open(const gbxi_worker_pool_settings *settings, gbxi_worker_pool **pool)
{
    gbxi_worker_pool *made = worker_pool_allocate(settings);
    int reason;

    if (made == NULL)
        return GBX_ERR_NO_MEMORY;
    /* Set before the first thread can end. The extra one keeps on_end from being called before all have started. */
    made->running = worker_pool_thread_count(made) + 1;
    for (; made->started < worker_pool_thread_count(made); made->started++) {
        made->workers[made->started] = (struct worker){.pool = made, .number = made->started};
        if (!worker_start(&made->workers[made->started])) {
            reason = errno;
            gbxi_worker_pool_close(made);
            errno = reason;
            return GBX_ERR_NO_MEMORY;
        }
    }
    pthread_mutex_lock(&made->lock);
    made->running--;
    pthread_mutex_unlock(&made->lock);
    *pool = made;
    return GBX_ERR_OK;
}

/* Whether a line has room for one more. Work that a worker is about to take does not count as waiting. Neither does
 * work for which a worker is free soon: otherwise a request could lose its place to those behind it while it is
 * prepared. */
static bool worker_pool_has_room(const gbxi_worker_pool *pool, const gbxi_work_line *line)
{
    return line->length < pool->settings.queue_max + worker_pool_idle_count(pool) + pool->prepare;
}

static bool worker_pool_submit(gbxi_worker_pool *pool, gbxi_work_line *line, gbxi_work *work)
{
    bool taken;

    pthread_mutex_lock(&pool->lock);
    taken = !pool->stopping && worker_pool_has_room(pool, line) && worker_pool_has_room(pool, &pool->main);
    if (taken) {
        gbxi_work_line_append(line, work);
        pthread_cond_broadcast(&pool->change);
    } else {
        pool->refused++;
    }
    pthread_mutex_unlock(&pool->lock);
    return taken;
}

bool gbxi_worker_pool_submit(gbxi_worker_pool *pool, gbxi_work *work)
{
    return worker_pool_submit(pool, &pool->main, work);
}

bool gbxi_worker_pool_submit_first(gbxi_worker_pool *pool, gbxi_work *work)
{
    return worker_pool_submit(pool, &pool->preparing, work);
}

bool gbxi_worker_pool_withdraw(gbxi_worker_pool *pool, gbxi_work *work)
{
    bool found;

    pthread_mutex_lock(&pool->lock);
    found = gbxi_work_line_remove(&pool->preparing, work) || gbxi_work_line_remove(&pool->main, work);
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
    size_t idle, about_to_begin;

    pthread_mutex_lock(&pool->lock);
    idle = worker_pool_idle_count(pool);
    about_to_begin = worker_pool_queued(pool) < idle ? worker_pool_queued(pool) : idle;
    state = (gbxi_worker_pool_state){.worker_count = pool->settings.worker_count,
                                     .busy = pool->busy + about_to_begin,
                                     .paused = pool->paused,
                                     .queued = worker_pool_queued(pool) - about_to_begin,
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
