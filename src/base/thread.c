/* SPDX-License-Identifier: MIT */
/* Starts threads. */
#define _GNU_SOURCE
#include "base/thread.h"
#include <signal.h>

bool gbxi_thread_start(pthread_t *thread, const char *name, void *(*body)(void *), void *argument)
{
    sigset_t all, before;
    int failed;

    /* A new thread inherits the signal mask of its creator. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    failed = pthread_create(thread, NULL, body, argument);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed != 0)
        return false;
    pthread_setname_np(*thread, name);
    return true;
}
