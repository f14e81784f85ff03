/* SPDX-License-Identifier: MIT */
/* Threads that block all signals. */
#ifndef GBX_BASE_THREAD_H
#define GBX_BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* Starts a thread that runs `body(argument)` with every signal blocked from its first instruction on. The thread has
 * the name `name` (at most 15 bytes) when this function returns. The caller's signal mask is unchanged. Returns false
 * if no thread can be started. Thread: any. */
__attribute__((warn_unused_result)) bool gbxi_thread_start(pthread_t *thread, const char *name, void *(*body)(void *),
                                                           void *argument);

#endif
