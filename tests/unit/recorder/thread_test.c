/* SPDX-License-Identifier: MIT */
/* The recorder's thread: what it does once a second, the tasks that it runs, and sinks that come while it runs. */
#define _GNU_SOURCE
#include "played_sink.h"
#include "recorder/recorder.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define OPTIONS(...) (&(gbx_recorder_options){.size = sizeof(gbx_recorder_options), __VA_ARGS__})

static played_sink sink;

static void pass_second(gbx_recorder *recorder)
{
    atomic_fetch_add(&played_now_ns, PLAYED_S);
    played_settle(recorder, &sink);
}

static void observe_lag(void *context, gbx_process_state *state)
{
    assert_ptr_equal(context, &sink);
    assert_int_equal(state->size, sizeof(*state));
    state->loop_lag_ns = 42;
    state->worker_queue = 7;
}

static void sinks_tick_once_a_second_with_what_is_observed(void **state)
{
    gbx_recorder *recorder = played_recorder(OPTIONS(.observe = observe_lag, .context = &sink), &sink);

    (void)state;
    played_settle(recorder, &sink);
    assert_int_equal(atomic_load(&sink.ticks), 0);
    for (int second = 1; second <= 5; second++) {
        pass_second(recorder);
        assert_int_equal(atomic_load(&sink.ticks), second);
        played_settle(recorder, &sink);
        assert_int_equal(atomic_load(&sink.ticks), second);
    }
    assert_int_equal(sink.state.size, sizeof(sink.state));
    assert_int_equal(sink.state.loop_lag_ns, 42);
    assert_int_equal(sink.state.worker_queue, 7);
    played_end(recorder, &sink);
}

static void ticks_keep_to_the_second_and_make_up_for_none(void **state)
{
    gbx_recorder *recorder = played_recorder(NULL, &sink);

    (void)state;
    played_settle(recorder, &sink); /* its first second has begun */
    atomic_fetch_add(&played_now_ns, 7 * PLAYED_S + PLAYED_S / 2);
    played_settle(recorder, &sink);
    assert_int_equal(atomic_load(&sink.ticks), 1);
    atomic_fetch_add(&played_now_ns, PLAYED_S / 2 - 1);
    played_settle(recorder, &sink);
    assert_int_equal(atomic_load(&sink.ticks), 1);
    atomic_fetch_add(&played_now_ns, 1);
    played_settle(recorder, &sink);
    assert_int_equal(atomic_load(&sink.ticks), 2);
    assert_int_equal(sink.state.loop_lag_ns, 0); /* nobody observes */
    assert_int_equal(sink.state.worker_queue, 0);
    played_end(recorder, &sink);
}

static void sinks_flush_once_a_second_and_at_the_end(void **state)
{
    gbx_recorder *recorder = played_recorder(NULL, &sink);

    (void)state;
    played_settle(recorder, &sink);
    assert_int_equal(atomic_load(&sink.flushes), 0);
    pass_second(recorder);
    assert_int_equal(atomic_load(&sink.flushes), 1);
    played_settle(recorder, &sink);
    assert_int_equal(atomic_load(&sink.flushes), 1);
    pass_second(recorder);
    assert_int_equal(atomic_load(&sink.flushes), 2);
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    assert_int_equal(atomic_load(&sink.flushes), 3);
    played_end(recorder, &sink);
}

static void nothing_is_flushed_if_nothing_was_taken(void **state)
{
    gbx_recorder *recorder = played_recorder(NULL, &sink);

    (void)state;
    played_end(recorder, &sink);
    assert_int_equal(atomic_load(&sink.flushes), 0);
    assert_int_equal(atomic_load(&sink.ticks), 0);
}

static char report_text[1024];
static atomic_int reports;

static void note_report_text(void *context, const char *text)
{
    assert_ptr_equal(context, &sink);
    snprintf(report_text, sizeof(report_text), "%s", text);
    atomic_fetch_add(&reports, 1);
}

static void failures_of_sinks_are_reported_and_change_nothing(void **state)
{
    gbx_recorder *recorder = played_recorder(OPTIONS(.report = note_report_text, .context = &sink), &sink);

    (void)state;
    atomic_store(&reports, 0);
    atomic_store(&sink.take_err, GBX_ERR_IO);
    atomic_store(&sink.flush_err, GBX_ERR_IO);
    atomic_store(&sink.tick_err, GBX_ERR_IO);
    played_settle(recorder, &sink);
    pass_second(recorder);
    assert_string_equal(report_text, "played: it is said to fail");
    assert_int_equal(atomic_load(&reports), 1);
    atomic_store(&sink.take_err, GBX_ERR_OK);
    atomic_store(&sink.flush_err, GBX_ERR_OK);
    atomic_store(&sink.tick_err, GBX_ERR_OK);
    atomic_fetch_add(&played_now_ns, 10 * PLAYED_S);
    played_settle(recorder, &sink);
    assert_string_equal(report_text, "played: works again; captures were lost meanwhile: at least 4");
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    CHECK_COUNTS(recorder, .seen = 6, .kept = 6, .taken = 6, .failed = 4);
    played_end(recorder, &sink);
}

/* A task that tells where and when it ran. */
typedef struct played_task {
    gbxi_recorder_task task; /* first: the task is the struct */
    sem_t done;
    char thread[16];
    int takes_before;
} played_task;

static void run_played(gbxi_recorder_task *task)
{
    played_task *played = (played_task *)task;

    pthread_getname_np(pthread_self(), played->thread, sizeof(played->thread));
    played->takes_before = atomic_load(&sink.takes);
    sem_post(&played->done);
}

static void played_task_init(played_task *played)
{
    *played = (played_task){.task = {run_played}};
    sem_init(&played->done, 0, 0);
}

static void a_task_runs_on_the_thread(void **state)
{
    gbx_recorder *recorder = played_recorder(NULL, &sink);
    played_task played;

    (void)state;
    for (int i = 0; i < 100; i++) {
        played_task_init(&played);
        assert_true(gbxi_recorder_submit(recorder, &played.task));
        played_await(&played.done);
        assert_string_equal(played.thread, "recorder");
    }
    played_end(recorder, &sink);
}

static void tasks_come_before_captures_that_wait(void **state)
{
    enum { TASKS = 64 };
    static played_task played[TASKS + 1];
    gbx_recorder *recorder = played_recorder(NULL, &sink);

    (void)state;
    atomic_store(&sink.held, true);
    for (int i = 0; i < 3; i++)
        played_offer_asked(recorder);
    played_await(&sink.begun);
    for (int i = 0; i <= TASKS; i++) {
        played_task_init(&played[i]);
        assert_int_equal(gbxi_recorder_submit(recorder, &played[i].task), i < TASKS); /* the last one is too much */
    }
    atomic_store(&sink.held, false);
    sem_post(&sink.may_end);
    for (int i = 0; i < TASKS; i++) {
        played_await(&played[i].done);
        assert_int_equal(played[i].takes_before, 1);
    }
    assert_true(gbxi_recorder_submit(recorder, &played[TASKS].task));
    played_await(&played[TASKS].done);
    played_end(recorder, &sink);
}

static void no_thread_runs_no_task(void **state)
{
    gbx_recorder *recorder = played_recorder_alone(NULL);
    played_task played;

    (void)state;
    played_task_init(&played);
    assert_false(gbxi_recorder_submit(recorder, &played.task));
    gbx_recorder_unref(recorder);
    recorder = played_recorder(NULL, &sink);
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    assert_false(gbxi_recorder_submit(recorder, &played.task));
    played_end(recorder, &sink);
}

/* The thread looks at its sinks every second, also while the host adds more. */
static void sinks_may_come_while_the_thread_runs(void **state)
{
    static played_sink second;
    gbx_recorder *recorder = played_recorder(NULL, &sink);
    played_task played;
    gbx_sink calls;

    (void)state;
    played_sink_init(&second);
    calls = played_sink_calls(&second);
    atomic_fetch_add(&played_now_ns, PLAYED_S);
    played_task_init(&played);
    assert_true(gbxi_recorder_submit(recorder, &played.task));
    assert_int_equal(gbx_recorder_add(recorder, &calls), GBX_ERR_OK);
    played_await(&played.done);
    pass_second(recorder);
    played_end(recorder, &sink);
    assert_int_equal(atomic_load(&second.takes), 2);
    assert_in_range(atomic_load(&second.ticks), 1, 2);
    assert_int_equal(atomic_load(&second.disposals), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sinks_tick_once_a_second_with_what_is_observed),
        cmocka_unit_test(ticks_keep_to_the_second_and_make_up_for_none),
        cmocka_unit_test(sinks_flush_once_a_second_and_at_the_end),
        cmocka_unit_test(nothing_is_flushed_if_nothing_was_taken),
        cmocka_unit_test(failures_of_sinks_are_reported_and_change_nothing),
        cmocka_unit_test(a_task_runs_on_the_thread),
        cmocka_unit_test(tasks_come_before_captures_that_wait),
        cmocka_unit_test(no_thread_runs_no_task),
        cmocka_unit_test(sinks_may_come_while_the_thread_runs),
    };

    return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
