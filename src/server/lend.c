/* SPDX-License-Identifier: MIT */
/* Passes tasks of the middleware to the workers. */
#define _GNU_SOURCE
#include "server/lend.h"

static_assert(sizeof(gbxi_work) <= sizeof(((gbx_h2o_task *)0)->room), "a task has room for the pool's links");

static gbxi_work *lend_work_of(gbx_h2o_task *task)
{
    return (gbxi_work *)task->room;
}

static void lend_run(gbxi_work *work)
{
    gbx_h2o_task *task = H2O_STRUCT_FROM_MEMBER(gbx_h2o_task, room, work);

    task->run(task);
}

static bool lend_submit(void *context, gbx_h2o_task *task)
{
    gbxi_worker_pool **workers = context;
    gbxi_work *work = lend_work_of(task);

    work->run = lend_run;
    return gbxi_worker_pool_submit_first(*workers, work);
}

static bool lend_withdraw(void *context, gbx_h2o_task *task)
{
    gbxi_worker_pool **workers = context;

    return gbxi_worker_pool_withdraw(*workers, lend_work_of(task));
}

gbx_h2o_executor gbxi_lend_executor(gbxi_worker_pool **workers)
{
    return (gbx_h2o_executor){
        .size = sizeof(gbx_h2o_executor), .submit = lend_submit, .withdraw = lend_withdraw, .context = workers};
}

/* In the middleware 0 selects the default, so the least limit stands for none. */
size_t gbxi_lend_above(size_t inline_body_bytes)
{
    return inline_body_bytes != SIZE_MAX ? inline_body_bytes : 1;
}
