/* SPDX-License-Identifier: MIT */
/* The memory for work: what is taken, what is refused, and the reserve for small work. */
#include "base/work_memory.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int set_limit(void **state)
{
    (void)state;
    gbxi_work_memory_limit_set(1600);
    return 0;
}

static int expect_nothing_used(void **state)
{
    (void)state;
    gbxi_work_memory_limit_set(GBXI_WORK_MEMORY_UNLIMITED);
    return gbxi_work_memory_look().used == 0 ? 0 : -1;
}

static void takes_up_to_the_limit_and_gives_back(void **state)
{
    uint64_t refused = gbxi_work_memory_look().refused;

    (void)state;
    assert_true(gbxi_work_memory_take(1000, GBXI_WORK_SMALL));
    assert_true(gbxi_work_memory_take(600, GBXI_WORK_SMALL));
    assert_false(gbxi_work_memory_take(1, GBXI_WORK_SMALL));
    assert_int_equal(gbxi_work_memory_look().used, 1600);
    assert_int_equal(gbxi_work_memory_look().limit, 1600);
    assert_int_equal(gbxi_work_memory_look().refused, refused + 1);
    gbxi_work_memory_give(600);
    assert_true(gbxi_work_memory_take(1, GBXI_WORK_SMALL));
    gbxi_work_memory_give(1001);
    assert_true(gbxi_work_memory_look().used_max >= 1600);
}

static void a_sixteenth_is_for_small_work_alone(void **state)
{
    (void)state;
    assert_int_equal(gbxi_work_memory_limit_for(GBXI_WORK_LARGE), 1500);
    assert_int_equal(gbxi_work_memory_limit_for(GBXI_WORK_SMALL), 1600);
    assert_false(gbxi_work_memory_take(1501, GBXI_WORK_LARGE));
    assert_true(gbxi_work_memory_take(1500, GBXI_WORK_LARGE));
    assert_false(gbxi_work_memory_take(1, GBXI_WORK_LARGE));
    assert_true(gbxi_work_memory_take(100, GBXI_WORK_SMALL));
    gbxi_work_memory_give(1600);
}

static void sizes_of_work_follow_the_body(void **state)
{
    (void)state;
    assert_int_equal(gbxi_work_size_of(0), GBXI_WORK_SMALL);
    assert_int_equal(gbxi_work_size_of(GBXI_WORK_SMALL_BODY_BYTES), GBXI_WORK_SMALL);
    assert_int_equal(gbxi_work_size_of(GBXI_WORK_SMALL_BODY_BYTES + 1), GBXI_WORK_LARGE);
}

static void a_lower_limit_refuses_until_enough_is_given_back(void **state)
{
    (void)state;
    assert_true(gbxi_work_memory_take(1600, GBXI_WORK_SMALL));
    gbxi_work_memory_limit_set(800);
    assert_false(gbxi_work_memory_take(1, GBXI_WORK_SMALL));
    gbxi_work_memory_give(801);
    assert_true(gbxi_work_memory_take(1, GBXI_WORK_SMALL));
    gbxi_work_memory_give(800);
}

static void sums_that_overflow_are_refused(void **state)
{
    (void)state;
    assert_true(gbxi_work_memory_take(10, GBXI_WORK_SMALL));
    assert_false(gbxi_work_memory_take(SIZE_MAX, GBXI_WORK_SMALL));
    gbxi_work_memory_limit_set(GBXI_WORK_MEMORY_UNLIMITED);
    assert_false(gbxi_work_memory_take(SIZE_MAX, GBXI_WORK_SMALL));
    gbxi_work_memory_give(10);
}

static void *take_and_give_often(void *over)
{
    for (int i = 0; i < 100000; i++) {
        if (!gbxi_work_memory_take(700, GBXI_WORK_SMALL))
            continue;
        if (gbxi_work_memory_look().used > 1600)
            *(bool *)over = true;
        gbxi_work_memory_give(700);
    }
    return NULL;
}

static void threads_together_never_exceed_the_limit(void **state)
{
    enum { COUNT = 4 };
    pthread_t threads[COUNT];
    bool over[COUNT] = {false};

    (void)state;
    for (size_t i = 0; i < COUNT; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_and_give_often, &over[i]), 0);
    for (size_t i = 0; i < COUNT; i++) {
        pthread_join(threads[i], NULL);
        assert_false(over[i]);
    }
}

#define LIMITED(test) cmocka_unit_test_setup_teardown(test, set_limit, expect_nothing_used)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIMITED(takes_up_to_the_limit_and_gives_back), LIMITED(a_sixteenth_is_for_small_work_alone),
        LIMITED(sizes_of_work_follow_the_body),        LIMITED(a_lower_limit_refuses_until_enough_is_given_back),
        LIMITED(sums_that_overflow_are_refused),       LIMITED(threads_together_never_exceed_the_limit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
