/* SPDX-License-Identifier: MIT */
/* Owns the choice of the analyst, and the way of a task to the recorder. */
#define _GNU_SOURCE
#include "middleware/analyst.h"
#include "recorder/recorder.h"

/* The recorder's task is in the room that a task has for its executor. */
static_assert(sizeof(gbxi_recorder_task) <= sizeof(((gbx_h2o_task *)0)->room), "a task has room for the recorder's");

static void run_for_recorder(gbxi_recorder_task *inner)
{
    gbx_h2o_task *task = (gbx_h2o_task *)(void *)((char *)inner - offsetof(gbx_h2o_task, room));

    task->run(task);
}

static bool submit_to_recorder(void *context, gbx_h2o_task *task)
{
    gbxi_recorder_task *inner = (gbxi_recorder_task *)(void *)task->room;

    inner->run = run_for_recorder;
    return gbxi_recorder_submit(context, inner);
}

gbx_h2o_executor gbxi_analyst_of_recorder(gbx_recorder *recorder)
{
    return (gbx_h2o_executor){
        .size = sizeof(gbx_h2o_executor), .submit = recorder != NULL ? submit_to_recorder : NULL, .context = recorder};
}

const gbx_h2o_executor *gbxi_analyst_of(const gbxi_mirror *mirror)
{
    return mirror->executor.submit != NULL ? &mirror->executor : &mirror->analyst;
}

bool gbxi_analyst_is_there(const gbxi_mirror *mirror)
{
    return mirror->executor.submit != NULL ||
           (mirror->config.recorder != NULL && gbxi_recorder_is_running(mirror->config.recorder));
}
