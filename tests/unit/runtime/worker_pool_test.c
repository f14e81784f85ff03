/* SPDX-License-Identifier: MIT */
/* The worker pool: bounded, in order, drained after a stop, and with clear refusals. */
#define _GNU_SOURCE
#include "runtime/worker_pool.h"
#include "tasks.h"
#include "tests/support/failing.h"
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

int __real_setpriority(__priority_which_t which, id_t who, int priority);
int __wrap_setpriority(__priority_which_t which, id_t who, int priority);

FAILING_CALLOC
FAILING_PTHREAD_CREATE

static atomic_bool priority_is_fixed;

int __wrap_setpriority(__priority_which_t which, id_t who, int priority)
{
    errno = EPERM;
    return atomic_load(&priority_is_fixed) ? -1 : __real_setpriority(which, who, priority);
}

enum { TASKS = 8 };

static atomic_int ends;

static void count_end(void *context)
{
    assert_ptr_equal(context, &ends);
    atomic_fetch_add(&ends, 1);
}

static gbxi_worker_pool *open_pool(size_t worker_count, size_t queue_max)
{
    const gbxi_worker_pool_settings settings = {
        .worker_count = worker_count, .queue_max = queue_max, .on_end = count_end, .on_end_context = &ends};
    gbxi_worker_pool *pool = NULL;

    atomic_store(&ends, 0);
    assert_int_equal(gbxi_worker_pool_open(&settings, &pool), GBX_ERR_OK);
    return pool;
}

static void check_state(gbxi_worker_pool *pool, size_t busy, size_t queued, uint64_t refused)
{
    gbxi_worker_pool_state state = gbxi_worker_pool_look(pool);

    assert_int_equal(state.busy, busy);
    assert_int_equal(state.queued, queued);
    assert_int_equal(state.refused, refused);
}

static void refuses_when_full_and_has_room_again(void **state)
{
    gbxi_worker_pool *pool = open_pool(2, 3);
    task tasks[TASKS];

    (void)state;
    tasks_init(tasks, TASKS);
    check_state(pool, 0, 0, 0);
    for (int i = 0; i < 5; i++)
        assert_true(gbxi_worker_pool_submit(pool, &tasks[i].work));
    check_state(pool, 2, 3, 0);
    assert_false(gbxi_worker_pool_submit(pool, &tasks[5].work));
    assert_false(gbxi_worker_pool_submit(pool, &tasks[5].work));
    check_state(pool, 2, 3, 2);
    sem_post(&tasks[0].may_end);
    sem_wait(&tasks[2].begun); /* its place in the queue is free */
    assert_true(gbxi_worker_pool_submit(pool, &tasks[5].work));
    assert_false(gbxi_worker_pool_submit(pool, &tasks[6].work));
    tasks_let_all_end(tasks, TASKS);
    gbxi_worker_pool_close(pool);
    assert_int_equal(atomic_load(&tasks_order.count), 6);
}

static void begins_work_in_the_order_in_which_it_came(void **state)
{
    gbxi_worker_pool *pool = open_pool(1, TASKS);
    task tasks[TASKS];

    (void)state;
    tasks_init(tasks, TASKS);
    for (int i = 0; i < TASKS; i++)
        assert_true(gbxi_worker_pool_submit(pool, &tasks[i].work));
    tasks_let_all_end(tasks, TASKS);
    gbxi_worker_pool_close(pool);
    for (int i = 0; i < TASKS; i++)
        assert_int_equal(tasks_order.numbers[i], i);
}

static void gives_back_what_has_not_begun(void **state)
{
    gbxi_worker_pool *pool = open_pool(1, 3);
    task tasks[6];

    (void)state;
    tasks_init(tasks, 6);
    for (int i = 0; i < 4; i++)
        assert_true(gbxi_worker_pool_submit(pool, &tasks[i].work));
    sem_wait(&tasks[0].begun);
    assert_false(gbxi_worker_pool_withdraw(pool, &tasks[0].work)); /* it runs */
    assert_false(gbxi_worker_pool_withdraw(pool, &tasks[5].work)); /* it was never here */
    assert_true(gbxi_worker_pool_withdraw(pool, &tasks[2].work));  /* in the middle */
    assert_false(gbxi_worker_pool_withdraw(pool, &tasks[2].work));
    assert_true(gbxi_worker_pool_withdraw(pool, &tasks[3].work)); /* the last */
    check_state(pool, 1, 1, 0);
    assert_true(gbxi_worker_pool_submit(pool, &tasks[4].work)); /* the places are free, and the queue is whole */
    assert_true(gbxi_worker_pool_submit(pool, &tasks[3].work));
    assert_true(gbxi_worker_pool_withdraw(pool, &tasks[1].work)); /* the first */
    tasks_let_all_end(tasks, 6);
    gbxi_worker_pool_close(pool);
    assert_int_equal(atomic_load(&tasks_order.count), 3);
    assert_int_equal(tasks_order.numbers[1], 4);
    assert_int_equal(tasks_order.numbers[2], 3);
}

static void does_what_is_queued_after_a_stop_and_takes_nothing_new(void **state)
{
    gbxi_worker_pool *pool = open_pool(2, 4);
    task tasks[6];

    (void)state;
    tasks_init(tasks, 6);
    for (int i = 0; i < 5; i++)
        assert_true(gbxi_worker_pool_submit(pool, &tasks[i].work));
    gbxi_worker_pool_stop(pool);
    gbxi_worker_pool_stop(pool);
    assert_false(gbxi_worker_pool_submit(pool, &tasks[5].work));
    assert_int_equal(atomic_load(&ends), 0);
    tasks_let_all_end(tasks, 5);
    gbxi_worker_pool_close(pool);
    assert_int_equal(atomic_load(&tasks_order.count), 5);
    assert_int_equal(atomic_load(&ends), 1);
}

/* Work that pauses again and again, in a pool of one worker. */
enum { PAUSING = 50, PAUSES = 20 };

static struct {
    gbxi_worker_pool *pool;
    gbxi_work work[PAUSING];
    atomic_int working, most_working, done;
} pausing;

static void begin_turn(void)
{
    int working = atomic_fetch_add(&pausing.working, 1) + 1;

    if (working > atomic_load(&pausing.most_working))
        atomic_store(&pausing.most_working, working);
}

static void end_turn(void)
{
    atomic_fetch_sub(&pausing.working, 1);
}

static void run_pausing(gbxi_work *work)
{
    (void)work;
    begin_turn();
    for (int i = 0; i < PAUSES; i++) {
        end_turn();
        gbxi_worker_pool_pause(pausing.pool);
        sched_yield();
        gbxi_worker_pool_resume(pausing.pool);
        begin_turn();
    }
    atomic_fetch_add(&pausing.done, 1);
    end_turn();
}

static void no_two_work_at_once_where_one_may_whatever_pauses(void **state)
{
    const gbxi_worker_pool_settings settings = {.worker_count = 1, .paused_max = 3, .queue_max = PAUSING};

    (void)state;
    assert_int_equal(gbxi_worker_pool_open(&settings, &pausing.pool), GBX_ERR_OK);
    for (int i = 0; i < PAUSING; i++) {
        pausing.work[i].run = run_pausing;
        assert_true(gbxi_worker_pool_submit(pausing.pool, &pausing.work[i]));
    }
    gbxi_worker_pool_close(pausing.pool);
    assert_int_equal(atomic_load(&pausing.done), PAUSING);
    assert_int_equal(atomic_load(&pausing.most_working), 1);
}

/* Pauses until it is let go on. */
static void run_paused(gbxi_work *work)
{
    task *self = (task *)work;

    gbxi_worker_pool_pause(pausing.pool);
    sem_post(&self->begun);
    sem_wait(&self->may_end);
    gbxi_worker_pool_resume(pausing.pool);
    tasks_order.numbers[atomic_fetch_add(&tasks_order.count, 1)] = self->number;
}

static void paused_work_gives_its_turn_to_the_next_while_there_are_threads(void **state)
{
    const gbxi_worker_pool_settings settings = {.worker_count = 1, .paused_max = 1, .queue_max = 1};
    task tasks[4];

    (void)state;
    tasks_init(tasks, 4);
    tasks[0].work.run = tasks[1].work.run = run_paused;
    assert_int_equal(gbxi_worker_pool_open(&settings, &pausing.pool), GBX_ERR_OK);
    assert_true(gbxi_worker_pool_submit(pausing.pool, &tasks[0].work));
    sem_wait(&tasks[0].begun);
    assert_int_equal(gbxi_worker_pool_look(pausing.pool).paused, 1);
    assert_true(gbxi_worker_pool_submit(pausing.pool, &tasks[1].work));
    sem_wait(&tasks[1].begun); /* in the turn of the first */
    assert_true(gbxi_worker_pool_submit(pausing.pool, &tasks[2].work));
    check_state(pausing.pool, 2, 1, 0); /* both threads are taken, though nobody works */
    assert_int_equal(gbxi_worker_pool_look(pausing.pool).paused, 2);
    assert_false(gbxi_worker_pool_submit(pausing.pool, &tasks[3].work));
    sem_post(&tasks[1].may_end);
    sem_wait(&tasks[2].begun);
    tasks_let_all_end(tasks, 3);
    gbxi_worker_pool_close(pausing.pool);
    assert_int_equal(atomic_load(&tasks_order.count), 3);
    assert_int_equal(tasks_order.numbers[0], 1);
}

/* Begins as work, pauses when it is let, tells that it is about to go on, and does. */
static void run_pausing_late(gbxi_work *work)
{
    task *self = (task *)work;

    sem_post(&self->begun);
    sem_wait(&self->may_end);
    gbxi_worker_pool_pause(pausing.pool);
    sem_wait(&self->may_end);
    sem_post(&self->begun);
    gbxi_worker_pool_resume(pausing.pool);
    tasks_order.numbers[atomic_fetch_add(&tasks_order.count, 1)] = self->number;
}

enum { TURN_ROUNDS = 100 };

/* In one turn: the first begins and pauses, the second begins, which was queued before that; it ends while the first
 * waits for the turn. Where somebody is not woken this does not end, in most of the rounds. */
static void turns_are_passed_on_when_work_pauses_and_when_it_ends(void **state)
{
    const gbxi_worker_pool_settings settings = {.worker_count = 1, .paused_max = 1, .queue_max = 1};
    task tasks[2];

    (void)state;
    assert_int_equal(gbxi_worker_pool_open(&settings, &pausing.pool), GBX_ERR_OK);
    for (int round = 0; round < TURN_ROUNDS; round++) {
        tasks_init(tasks, 2);
        tasks[0].work.run = run_pausing_late;
        assert_true(gbxi_worker_pool_submit(pausing.pool, &tasks[0].work));
        sem_wait(&tasks[0].begun);
        assert_true(gbxi_worker_pool_submit(pausing.pool, &tasks[1].work));
        assert_int_equal(gbxi_worker_pool_look(pausing.pool).queued, 1);
        sem_post(&tasks[0].may_end);
        sem_wait(&tasks[1].begun);
        assert_int_equal(gbxi_worker_pool_look(pausing.pool).paused, 1);
        sem_post(&tasks[0].may_end);
        sem_wait(&tasks[0].begun);
        sem_post(&tasks[1].may_end);
        while (gbxi_worker_pool_look(pausing.pool).busy != 0)
            sched_yield();
        assert_int_equal(tasks_order.numbers[0], 1);
        assert_int_equal(tasks_order.numbers[1], 0);
    }
    gbxi_worker_pool_close(pausing.pool);
}

/* How a worker sees itself. */
static struct {
    gbxi_work work;
    char name[16];
    sigset_t blocked;
    int priority;
} seen;

static void look_around(gbxi_work *work)
{
    (void)work;
    pthread_getname_np(pthread_self(), seen.name, sizeof(seen.name));
    pthread_sigmask(SIG_SETMASK, NULL, &seen.blocked);
    seen.priority = getpriority(PRIO_PROCESS, (id_t)gettid());
}

static void see_a_worker(void)
{
    gbxi_worker_pool *pool = open_pool(1, 1);

    seen.work.run = look_around;
    assert_true(gbxi_worker_pool_submit(pool, &seen.work));
    gbxi_worker_pool_close(pool);
    assert_string_equal(seen.name, "worker-0");
}

static void its_threads_have_names_and_low_priority_and_take_no_signals(void **state)
{
    sigset_t own;

    (void)state;
    see_a_worker();
    for (int i = 1; i != 32; ++i) /* libc keeps the next two to itself */
        assert_true(sigismember(&seen.blocked, i) == 1 || i == SIGKILL || i == SIGSTOP);
    assert_true(seen.priority > getpriority(PRIO_PROCESS, 0));
    pthread_sigmask(SIG_SETMASK, NULL, &own);
    assert_int_equal(sigismember(&own, SIGTERM), 0);
}

static void works_all_the_same_where_priorities_are_fixed(void **state)
{
    (void)state;
    atomic_store(&priority_is_fixed, true);
    see_a_worker();
    atomic_store(&priority_is_fixed, false);
    assert_int_equal(seen.priority, getpriority(PRIO_PROCESS, 0));
}

static void without_a_thread_or_memory_there_is_no_pool_and_nothing_of_it(void **state)
{
    const gbxi_worker_pool_settings settings = {
        .worker_count = 2, .paused_max = 1, .queue_max = 1, .on_end = count_end, .on_end_context = &ends};
    gbxi_worker_pool *pool = NULL;

    (void)state;
    atomic_store(&ends, 0);
    for (int i = 1; i != 4; ++i) {
        atomic_store(&pthread_create_fails_in, i);
        assert_int_equal(gbxi_worker_pool_open(&settings, &pool), GBX_ERR_NO_MEMORY);
        assert_int_equal(atomic_load(&pthread_create_fails_in), 0);
    }
    atomic_store(&calloc_fails_in, 1);
    assert_int_equal(gbxi_worker_pool_open(&settings, &pool), GBX_ERR_NO_MEMORY);
    assert_null(pool);
    assert_int_equal(atomic_load(&ends), 0);
    gbxi_worker_pool_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_when_full_and_has_room_again),
        cmocka_unit_test(begins_work_in_the_order_in_which_it_came),
        cmocka_unit_test(gives_back_what_has_not_begun),
        cmocka_unit_test(does_what_is_queued_after_a_stop_and_takes_nothing_new),
        cmocka_unit_test(no_two_work_at_once_where_one_may_whatever_pauses),
        cmocka_unit_test(paused_work_gives_its_turn_to_the_next_while_there_are_threads),
        cmocka_unit_test(turns_are_passed_on_when_work_pauses_and_when_it_ends),
        cmocka_unit_test(its_threads_have_names_and_low_priority_and_take_no_signals),
        cmocka_unit_test(works_all_the_same_where_priorities_are_fixed),
        cmocka_unit_test(without_a_thread_or_memory_there_is_no_pool_and_nothing_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
