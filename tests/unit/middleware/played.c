/* SPDX-License-Identifier: MIT */
/* Owns the played executor. */
#define _GNU_SOURCE
#include "played.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

played_executor played;

static bool played_submit(void *context, gbx_h2o_task *task)
{
    (void)context;
    played.submitted++;
    assert_null(played.queued);
    for (size_t i = 0; i < sizeof(task->room) / sizeof(task->room[0]); i++) {
        assert_null(task->room[i]);
        task->room[i] = task; /* as a queue would */
    }
    if (played.takes)
        played.queued = task;
    return played.takes;
}

static bool played_withdraw(void *context, gbx_h2o_task *task)
{
    (void)context;
    played.withdrawn++;
    assert_ptr_equal(task, played.queued);
    if (played.lets_go)
        played.queued = NULL;
    return played.lets_go;
}

void played_reset(void)
{
    played = (played_executor){.takes = true, .lets_go = true};
    exchange_executor = (gbx_h2o_executor){.submit = played_submit, .withdraw = played_withdraw};
}

int played_end(exchange *x)
{
    exchange_end(x);
    return played.queued == NULL && gbx_capture_live_count() == 0 ? 0 : -1;
}

static void *played_run(void *task)
{
    ((gbx_h2o_task *)task)->run(task);
    return NULL;
}

void played_work(void)
{
    gbx_h2o_task *task = played.queued;
    pthread_t thread;

    assert_non_null(task);
    played.queued = NULL;
    assert_int_equal(pthread_create(&thread, NULL, played_run, task), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
}
