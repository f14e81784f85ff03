/* SPDX-License-Identifier: MIT */
/* Runs and ends the tasks. */
#include "tasks.h"

struct tasks_order tasks_order;

static void run_task(gbxi_work *work)
{
    task *self = (task *)work;

    tasks_order.numbers[atomic_fetch_add(&tasks_order.count, 1)] = self->number;
    sem_post(&self->begun);
    sem_wait(&self->may_end);
}

void tasks_init(task *tasks, size_t count)
{
    atomic_store(&tasks_order.count, 0);
    for (size_t i = 0; i < count; i++) {
        tasks[i] = (task){.work = {.run = run_task}, .number = (int)i};
        sem_init(&tasks[i].begun, 0, 0);
        sem_init(&tasks[i].may_end, 0, 0);
    }
}

void tasks_let_all_end(task *tasks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        sem_post(&tasks[i].may_end);
}
