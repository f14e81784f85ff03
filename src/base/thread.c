/* SPDX-License-Identifier: MIT */
/* Starts threads and waits for conditions. */
#define _GNU_SOURCE
#include "base/thread.h"
#include "base/time.h"
#include <errno.h>
#include <signal.h>
#include <time.h>

bool gbxi_thread_start(pthread_t *thread, const char *name, void *(*body)(void *), void *argument)
{
    sigset_t all, before;
    int failed;

    /* A new thread inherits the signal mask of its creator. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    failed = pthread_create(thread, NULL, body, argument);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed != 0) {
        errno = failed;
        return false;
    }
    pthread_setname_np(*thread, name);
    return true;
}

void gbxi_condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t monotonic;

    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

bool gbxi_condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, uint64_t until_ns)
{
    const struct timespec deadline = {.tv_sec = (time_t)(until_ns / GBXI_NS_PER_S),
                                      .tv_nsec = (long)(until_ns % GBXI_NS_PER_S)};

    return pthread_cond_timedwait(condition, lock, &deadline) != ETIMEDOUT;
}
