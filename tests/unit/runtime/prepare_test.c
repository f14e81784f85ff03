/* SPDX-License-Identifier: MIT */
/* Work that prepares requests: it comes first, has a queue of its own, and what it prepares finds a place. */
#define _GNU_SOURCE
#include "runtime/worker_pool.h"
#include "tasks.h"
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { TASKS = 6 };

static gbxi_worker_pool *open_pool(size_t worker_count, size_t queue_max)
{
    const gbxi_worker_pool_settings settings = {.worker_count = worker_count, .queue_max = queue_max};
    gbxi_worker_pool *pool = NULL;

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

/* One worker, and room for two of each kind. */
static void work_that_prepares_comes_first_from_a_queue_of_its_own(void **state)
{
    static const int expected[] = {0, 1, 3, 4};
    gbxi_worker_pool *pool = open_pool(1, 2);
    task tasks[TASKS];

    (void)state;
    tasks_init(tasks, TASKS);
    assert_true(gbxi_worker_pool_submit(pool, &tasks[0].work));
    sem_wait(&tasks[0].begun);
    assert_true(gbxi_worker_pool_submit(pool, &tasks[3].work));
    assert_true(gbxi_worker_pool_submit_first(pool, &tasks[1].work));
    assert_true(gbxi_worker_pool_submit_first(pool, &tasks[2].work));
    check_state(pool, 1, 3, 0);
    assert_false(gbxi_worker_pool_submit_first(pool, &tasks[5].work)); /* its queue is full, the other is not */
    assert_true(gbxi_worker_pool_submit(pool, &tasks[4].work));
    check_state(pool, 1, 4, 1);
    assert_true(gbxi_worker_pool_withdraw(pool, &tasks[2].work));
    assert_false(gbxi_worker_pool_withdraw(pool, &tasks[2].work));
    assert_false(gbxi_worker_pool_submit_first(pool, &tasks[5].work)); /* the other is full, its own is not */
    check_state(pool, 1, 3, 2);
    tasks_let_all_end(tasks, TASKS);
    gbxi_worker_pool_close(pool);
    assert_int_equal(atomic_load(&tasks_order.count), 4);
    for (int i = 0; i < 4; i++)
        assert_int_equal(tasks_order.numbers[i], expected[i]);
}

static void prepared_work_finds_its_place_before_the_worker_has_ended(void **state)
{
    gbxi_worker_pool *pool = open_pool(1, 1);
    task tasks[TASKS];

    (void)state;
    tasks_init(tasks, TASKS);
    assert_true(gbxi_worker_pool_submit_first(pool, &tasks[0].work));
    sem_wait(&tasks[0].begun);
    assert_true(gbxi_worker_pool_submit(pool, &tasks[1].work));
    assert_true(gbxi_worker_pool_submit(pool, &tasks[2].work)); /* what the first one has prepared */
    assert_false(gbxi_worker_pool_submit(pool, &tasks[3].work));
    sem_post(&tasks[0].may_end);
    sem_wait(&tasks[1].begun);
    assert_false(gbxi_worker_pool_submit(pool, &tasks[3].work)); /* nothing is prepared any more */
    tasks_let_all_end(tasks, TASKS);
    gbxi_worker_pool_close(pool);
    assert_int_equal(atomic_load(&tasks_order.count), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(work_that_prepares_comes_first_from_a_queue_of_its_own),
        cmocka_unit_test(prepared_work_finds_its_place_before_the_worker_has_ended),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
