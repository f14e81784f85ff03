/* SPDX-License-Identifier: MIT */
/* Threads that leave signals to those who made them. */
#ifndef GBX_BASE_THREAD_H
#define GBX_BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* Starts a thread that runs `body(argument)`, blocks every signal from its first instruction on and is called `name`
 * (15 bytes at most) once this returns. The caller's own signal mask stays. False when there can be no more threads.
 * Thread: any. */
__attribute__((warn_unused_result)) bool gbxi_thread_start(pthread_t *thread, const char *name, void *(*body)(void *),
                                                           void *argument);

#endif
