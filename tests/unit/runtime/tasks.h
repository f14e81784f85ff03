/* SPDX-License-Identifier: MIT */
/* Work for the tests of worker pools. */
#ifndef GBX_TESTS_UNIT_RUNTIME_TASKS_H
#define GBX_TESTS_UNIT_RUNTIME_TASKS_H

#include "runtime/worker_pool.h"
#include <semaphore.h>
#include <stdatomic.h>

enum { TASKS_MAX = 8 };

/* Work that says when it has begun and goes on until it is let. */
typedef struct task {
    gbxi_work work;
    int number;
    sem_t begun, may_end;
} task;

/* The numbers of the tasks that have begun since tasks_init, in that order. */
extern struct tasks_order {
    int numbers[TASKS_MAX];
    atomic_int count;
} tasks_order;

/* Numbers the tasks from 0. */
void tasks_init(task *tasks, size_t count);
void tasks_let_all_end(task *tasks, size_t count);

#endif
