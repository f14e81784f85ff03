/* SPDX-License-Identifier: MIT */
/* Threads that block all signals, and conditions with a time limit. */
#ifndef GBX_BASE_THREAD_H
#define GBX_BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Starts a thread that runs `body(argument)` with every signal blocked from its first instruction on. The thread has
 * the name `name` (at most 15 bytes) when this function returns. The caller's signal mask is unchanged. Returns false
 * with errno if no thread can be started. Thread: any. */
__attribute__((warn_unused_result)) bool gbxi_thread_start(pthread_t *thread, const char *name, void *(*body)(void *),
                                                           void *argument);

/* Initializes a condition whose time limits are in CLOCK_MONOTONIC. Thread: any. */
void gbxi_condition_init(pthread_cond_t *condition);

/* Waits for the condition, at the longest until `until_ns` (gbxi_monotonic_ns). Returns false when the time is over.
 * Thread: one that holds `lock`. */
bool gbxi_condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock, uint64_t until_ns);

#endif
