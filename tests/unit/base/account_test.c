/* SPDX-License-Identifier: MIT */
/* Accounts: what they count, what they refuse, and what they give back. */
#include "base/account.h"
#include "base/atomic.h"
#include "scarce_memory.h"

#include <malloc.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LIMIT = 16 << 20, LARGE_LIMIT = LIMIT - LIMIT / 16 };

static int limit_memory(void **state)
{
    (void)state;
    gbxi_work_memory_limit_set(LIMIT);
    return 0;
}

static int expect_all_given_back(void **state)
{
    (void)state;
    gbxi_work_memory_limit_set(GBXI_WORK_MEMORY_UNLIMITED);
    return gbxi_work_memory_look().used == 0 ? 0 : -1;
}

static void blocks_count_as_what_they_take(void **state)
{
    gbxi_account account = {.size = GBXI_WORK_LARGE};
    char *one, *two;

    (void)state;
    gbxi_account_enter(&account);
    one = gbxi_account_malloc(1000);
    two = gbxi_account_calloc(1000, 100);
    assert_non_null(one);
    assert_non_null(two);
    assert_int_equal(two[99999], 0);
    assert_int_equal(account.held, malloc_usable_size(one) + malloc_usable_size(two));
    assert_true(gbxi_work_memory_look().used >= account.held);
    gbxi_account_free(one);
    assert_int_equal(account.held, malloc_usable_size(two));
    gbxi_account_free(two);
    assert_int_equal(account.held, 0);
    gbxi_account_leave(&account);
}

static void a_block_that_moves_counts_twice_while_it_moves(void **state)
{
    gbxi_account account = {.size = GBXI_WORK_SMALL};
    char *block;

    (void)state;
    gbxi_account_enter(&account);
    block = gbxi_account_realloc(NULL, LIMIT / 4);
    assert_non_null(block);
    block[0] = 7;
    assert_null(gbxi_account_realloc(block, LIMIT - LIMIT / 5)); /* fits alone, but not beside the old one */
    assert_true(account.refused);
    assert_int_equal(block[0], 7);
    block = gbxi_account_realloc(block, LIMIT / 2);
    assert_non_null(block);
    assert_int_equal(block[0], 7);
    assert_int_equal(account.held, malloc_usable_size(block));
    gbxi_account_free(block);
    gbxi_account_leave(&account);
}

static void past_the_limit_nothing_is_allocated(void **state)
{
    gbxi_account account = {.size = GBXI_WORK_LARGE};
    void *block;

    (void)state;
    gbxi_account_enter(&account);
    block = gbxi_account_malloc(LARGE_LIMIT / 2);
    assert_non_null(block);
    assert_null(gbxi_account_malloc(LARGE_LIMIT / 2));
    assert_null(gbxi_account_calloc(1, LARGE_LIMIT / 2));
    assert_true(account.refused);
    assert_true(account.never);
    assert_null(gbxi_account_calloc(SIZE_MAX / 2, 3));
    assert_null(gbxi_account_malloc(SIZE_MAX - 10));
    gbxi_account_free(block);
    gbxi_account_leave(&account);
}

static void others_use_is_a_refusal_for_now(void **state)
{
    gbxi_account account = {.size = GBXI_WORK_LARGE};

    (void)state;
    assert_true(gbxi_work_memory_take(LARGE_LIMIT / 2, GBXI_WORK_LARGE));
    gbxi_account_enter(&account);
    assert_null(gbxi_account_malloc(LARGE_LIMIT / 2));
    assert_true(account.refused);
    assert_false(account.never);
    gbxi_account_leave(&account);
    gbxi_work_memory_give(LARGE_LIMIT / 2);
}

static void near_the_limit_the_last_bytes_are_used(void **state)
{
    gbxi_account account = {.size = GBXI_WORK_LARGE};

    (void)state;
    gbxi_work_memory_limit_set(16000); /* less than a step */
    gbxi_account_enter(&account);
    assert_true(gbxi_account_take(14000));
    assert_false(gbxi_account_take(2000));
    assert_true(gbxi_account_take(1000));
    gbxi_account_give(15000);
    gbxi_account_leave(&account);
}

static void leaving_gives_back_what_is_still_in_use(void **state)
{
    gbxi_account account = {.size = GBXI_WORK_LARGE};
    char *kept;

    (void)state;
    gbxi_account_enter(&account);
    kept = gbxi_account_malloc(1 << 20);
    assert_non_null(kept);
    gbxi_account_leave(&account);
    assert_int_equal(gbxi_work_memory_look().used, 0);
    memset(kept, 1, 1 << 20);
    free(kept);
}

static void freed_memory_is_for_others(void **state)
{
    gbxi_account account = {.size = GBXI_WORK_LARGE};
    void *block;

    (void)state;
    gbxi_account_enter(&account);
    block = gbxi_account_malloc(LARGE_LIMIT / 2);
    assert_non_null(block);
    gbxi_account_free(block);
    assert_true(gbxi_work_memory_look().used < LIMIT / 16);
    gbxi_account_leave(&account);
}

static void memory_from_before_the_account_may_be_freed_in_it(void **state)
{
    gbxi_account account = {.size = GBXI_WORK_LARGE};
    void *earlier = gbxi_account_malloc(1 << 20), *block;

    (void)state;
    assert_non_null(earlier);
    assert_int_equal(gbxi_work_memory_look().used, 0);
    gbxi_account_enter(&account);
    block = gbxi_account_malloc(100);
    gbxi_account_free(earlier);
    assert_int_equal(account.held, 0);
    gbxi_account_free(block);
    gbxi_account_leave(&account);
}

static void accounts_nest(void **state)
{
    gbxi_account outer = {.size = GBXI_WORK_LARGE}, inner = {.size = GBXI_WORK_SMALL};

    (void)state;
    gbxi_account_enter(&outer);
    gbxi_account_enter(&inner);
    assert_true(gbxi_account_take(100));
    gbxi_account_leave(&inner);
    assert_true(gbxi_account_take(200));
    assert_int_equal(outer.held, 200);
    gbxi_account_leave(&outer);
    assert_true(gbxi_account_take(SIZE_MAX)); /* nobody counts */
    assert_int_equal(gbxi_work_memory_look().used, 0);
}

static void without_memory_nothing_is_counted(void **state)
{
    gbxi_account account = {.size = GBXI_WORK_LARGE};
    void *block;

    (void)state;
    gbxi_account_enter(&account);
    block = gbxi_account_malloc(1000);
    scarce_memory_begin(0);
    assert_null(gbxi_account_malloc(1000));
    assert_null(gbxi_account_calloc(1, 1000));
    assert_null(gbxi_account_realloc(block, 2000));
    assert_true(scarce_memory_end());
    assert_int_equal(account.held, malloc_usable_size(block));
    assert_false(account.refused);
    gbxi_account_free(block);
    gbxi_account_leave(&account);
}

static void *set_stopped(void *stopped)
{
    gbxi_store_relaxed((_Atomic(bool) *)stopped, true);
    return NULL;
}

static void work_is_stopped_by_another_thread(void **state)
{
    _Atomic(bool) stopped = false;
    gbxi_account account = {.size = GBXI_WORK_LARGE, .stopped = &stopped}, tireless = {.size = GBXI_WORK_LARGE};
    pthread_t thread;

    (void)state;
    assert_false(gbxi_account_is_stopped());
    gbxi_account_enter(&account);
    assert_true(gbxi_account_goes_on(0));
    assert_int_equal(pthread_create(&thread, NULL, set_stopped, &stopped), 0);
    pthread_join(thread, NULL);
    assert_true(gbxi_account_is_stopped());
    assert_false(gbxi_account_goes_on(0));
    assert_true(gbxi_account_goes_on(1)); /* not the turn to look */
    assert_false(gbxi_account_goes_on(1024));
    gbxi_account_leave(&account);
    assert_false(gbxi_account_is_stopped());
    gbxi_account_enter(&tireless);
    assert_false(gbxi_account_is_stopped());
    gbxi_account_leave(&tireless);
}

#define LIMITED(test) cmocka_unit_test_setup_teardown(test, limit_memory, expect_all_given_back)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIMITED(blocks_count_as_what_they_take),
        LIMITED(a_block_that_moves_counts_twice_while_it_moves),
        LIMITED(past_the_limit_nothing_is_allocated),
        LIMITED(others_use_is_a_refusal_for_now),
        LIMITED(near_the_limit_the_last_bytes_are_used),
        LIMITED(leaving_gives_back_what_is_still_in_use),
        LIMITED(freed_memory_is_for_others),
        LIMITED(memory_from_before_the_account_may_be_freed_in_it),
        LIMITED(accounts_nest),
        LIMITED(without_memory_nothing_is_counted),
        LIMITED(work_is_stopped_by_another_thread),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
