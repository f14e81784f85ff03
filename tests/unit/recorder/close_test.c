/* SPDX-License-Identifier: MIT */
/* The end of a recorder: with what waits, with a sink that is stuck, twice, from several threads, or by its last
 * reference. */
#include "played_sink.h"
#include "recorder/recorder.h"
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define OPTIONS(...) (&(gbx_recorder_options){.size = sizeof(gbx_recorder_options), .one_in = 1, __VA_ARGS__})

/* Times that make every patience end at once, or never: the limit of a wait is in the real monotonic time. */
#define LONG_AGO_NS UINT64_C(1)
#define FAR_AHEAD_NS (UINT64_MAX / 4)

static played_sink sink;

/* A recorder whose sink holds the first of four captures. */
static gbx_recorder *hold_one_of_four(void)
{
    gbx_recorder *recorder = played_recorder(OPTIONS(0), &sink);

    atomic_store(&sink.held, true);
    for (int i = 0; i < 4; i++)
        assert_int_equal(played_offer(recorder, NULL, NULL), GBX_KEEP_SAMPLED);
    played_await(&sink.begun);
    return recorder;
}

static void let_go(void)
{
    atomic_store(&sink.held, false);
    sem_post(&sink.may_end);
}

static void a_recorder_without_sinks_ends(void **state)
{
    gbx_recorder *recorder = played_recorder_alone(NULL);

    (void)state;
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    assert_int_equal(gbx_recorder_close(recorder, 5), GBX_ERR_OK);
    gbx_recorder_unref(recorder);
    gbx_recorder_unref(played_recorder_alone(NULL));
}

static void *close_without_limit(void *recorder)
{
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    return NULL;
}

static void everything_that_waits_is_taken_and_flushed(void **state)
{
    gbx_recorder *recorder = hold_one_of_four();
    pthread_t threads[3];

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, close_without_limit, recorder), 0);
    let_go();
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    assert_int_equal(atomic_load(&sink.takes), 4);
    assert_int_equal(atomic_load(&sink.flushes), 1);
    CHECK_COUNTS(recorder, .seen = 4, .kept = 4, .taken = 4);
    played_end(recorder, &sink);
}

static void patience_lasts_for_what_waits(void **state)
{
    gbx_recorder *recorder = hold_one_of_four();

    (void)state;
    atomic_store(&played_now_ns, FAR_AHEAD_NS);
    let_go();
    assert_int_equal(gbx_recorder_close(recorder, 1000), GBX_ERR_OK);
    CHECK_COUNTS(recorder, .seen = 4, .kept = 4, .taken = 4);
    played_end(recorder, &sink);
}

/* What is asserted while the sink is held would leave its thread to the next test. */
static void what_a_stuck_sink_does_not_take_is_counted_as_missed(void **state)
{
    gbx_recorder *recorder = hold_one_of_four();
    gbx_recorder_counts waiting, stuck;
    gbx_err first, second;
    uint32_t reasons;

    (void)state;
    gbx_recorder_counts_get(recorder, &waiting, sizeof(waiting));
    atomic_store(&played_now_ns, LONG_AGO_NS);
    first = gbx_recorder_close(recorder, 5);
    gbx_recorder_counts_get(recorder, &stuck, sizeof(stuck));
    reasons = played_offer(recorder, NULL, NULL);
    second = gbx_recorder_close(recorder, 5);
    let_go();
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK); /* it has come loose */
    assert_int_equal(first, GBX_ERR_LIMIT);
    assert_int_equal(second, GBX_ERR_LIMIT);
    assert_int_equal(reasons, 0);
    assert_int_equal(waiting.missed, 0);
    assert_int_equal(stuck.kept, 4);
    assert_int_equal(stuck.missed, 4);
    assert_int_equal(stuck.taken, 0);
    CHECK_COUNTS(recorder, .seen = 4, .kept = 4, .missed = 3, .taken = 1);
    assert_int_equal(atomic_load(&sink.takes), 1);
    assert_int_equal(atomic_load(&sink.flushes), 1);
    played_end(recorder, &sink);
}

static gbx_recorder *closed_when_offered;

static void close_when_offered(void *context)
{
    assert_ptr_equal(context, &sink);
    atomic_fetch_add(&sink.offered, 1);
    assert_int_equal(gbx_recorder_close(closed_when_offered, 0), GBX_ERR_OK);
}

/* The sinks are told of a capture just before it is put into the queue. */
static void a_capture_that_comes_just_when_the_queue_is_shut_is_counted_as_missed(void **state)
{
    gbx_recorder *recorder = played_recorder_alone(OPTIONS(0));
    gbx_sink calls;

    (void)state;
    played_sink_init(&sink);
    calls = played_sink_calls(&sink);
    calls.offered = close_when_offered;
    closed_when_offered = recorder;
    assert_int_equal(gbx_recorder_add(recorder, &calls), GBX_ERR_OK);
    assert_int_equal(played_offer(recorder, NULL, NULL), GBX_KEEP_SAMPLED);
    CHECK_COUNTS(recorder, .seen = 1, .kept = 1, .missed = 1);
    played_end(recorder, &sink);
}

static void the_last_reference_leaves_a_stuck_sink_behind(void **state)
{
    gbx_recorder *recorder = hold_one_of_four();

    (void)state;
    atomic_store(&played_now_ns, LONG_AGO_NS);
    assert_int_equal(gbx_recorder_close(recorder, 5), GBX_ERR_LIMIT);
    gbx_recorder_unref(recorder);
    assert_int_equal(atomic_load(&sink.disposals), 0);
    let_go();
    /* A program cannot clean this up. The test can: the memory is still there. */
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    assert_int_equal(atomic_load(&sink.takes), 1);
    assert_int_equal(atomic_load(&sink.disposals), 0);
    assert_int_equal(gbx_capture_live_count(), 0);
    gbx_recorder_unref(gbx_recorder_ref(recorder));
    assert_int_equal(atomic_load(&sink.disposals), 1);
}

static void the_last_reference_closes_it(void **state)
{
    gbx_recorder *recorder = hold_one_of_four();

    (void)state;
    let_go();
    gbx_recorder_unref(recorder);
    assert_int_equal(atomic_load(&sink.takes), 4);
    assert_int_equal(atomic_load(&sink.flushes), 1);
    assert_int_equal(atomic_load(&sink.disposals), 1);
    assert_int_equal(gbx_capture_live_count(), 0);
}

static atomic_int tasks_run;

static void count_task(gbxi_recorder_task *task)
{
    (void)task;
    atomic_fetch_add(&tasks_run, 1);
}

/* Somebody waits for each task, so even a close that gives up the captures runs them. */
static void every_task_runs_that_came_before_the_close(void **state)
{
    gbx_recorder *recorder = hold_one_of_four();
    gbxi_recorder_task tasks[5];

    (void)state;
    atomic_store(&tasks_run, 0);
    for (int i = 0; i < 5; i++) {
        tasks[i].run = count_task;
        assert_true(gbxi_recorder_submit(recorder, &tasks[i]));
    }
    atomic_store(&played_now_ns, LONG_AGO_NS);
    assert_int_equal(gbx_recorder_close(recorder, 5), GBX_ERR_LIMIT);
    assert_false(gbxi_recorder_submit(recorder, &tasks[0]));
    let_go();
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    assert_int_equal(atomic_load(&tasks_run), 5);
    played_end(recorder, &sink);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recorder_without_sinks_ends),
        cmocka_unit_test(everything_that_waits_is_taken_and_flushed),
        cmocka_unit_test(patience_lasts_for_what_waits),
        cmocka_unit_test(what_a_stuck_sink_does_not_take_is_counted_as_missed),
        cmocka_unit_test(a_capture_that_comes_just_when_the_queue_is_shut_is_counted_as_missed),
        cmocka_unit_test(the_last_reference_leaves_a_stuck_sink_behind),
        cmocka_unit_test(the_last_reference_closes_it),
        cmocka_unit_test(every_task_runs_that_came_before_the_close),
    };

    return cmocka_run_group_tests_name("close", tests, NULL, NULL);
}
