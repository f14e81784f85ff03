/* SPDX-License-Identifier: MIT */
/* Threads block every signal, have the name they were given, and change nothing of their maker's. */
#define _GNU_SOURCE
#include "base/thread.h"
#include "base/time.h"
#include "tests/support/failing.h"
#include <errno.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

FAILING_PTHREAD_CREATE

/* What a thread finds when it is let go. */
typedef struct findings {
    sem_t go;
    sigset_t blocked;
    char name[16];
} findings;

static void *look_around(void *argument)
{
    findings *found = argument;

    pthread_sigmask(SIG_SETMASK, NULL, &found->blocked);
    while (sem_wait(&found->go) != 0)
        ;
    pthread_getname_np(pthread_self(), found->name, sizeof(found->name));
    return found;
}

/* A mask with one signal in it, and whether it is the caller's now. */
static void block_one(int number)
{
    sigset_t one;

    sigemptyset(&one);
    sigaddset(&one, number);
    pthread_sigmask(SIG_SETMASK, &one, NULL);
}

static bool blocks_only(int number)
{
    sigset_t mask;

    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    for (int each = 1; each < NSIG; each++)
        if (sigismember(&mask, each) == 1 && each != number)
            return false;
    return sigismember(&mask, number) == 1;
}

static void a_thread_blocks_every_signal_and_has_its_name(void **state)
{
    findings found = {.name = ""};
    pthread_t thread;
    void *result = NULL;

    (void)state;
    sem_init(&found.go, 0, 0);
    assert_true(gbxi_thread_start(&thread, "well-named", look_around, &found));
    sem_post(&found.go);
    assert_int_equal(pthread_join(thread, &result), 0);
    assert_ptr_equal(result, &found);
    assert_string_equal(found.name, "well-named");
    for (int number = 1; number < NSIG; number++)
        if (number != SIGKILL && number != SIGSTOP && (number < 32 || number >= SIGRTMIN)) /* libc keeps two */
            assert_int_equal(sigismember(&found.blocked, number), 1);
    sem_destroy(&found.go);
}

static void its_maker_keeps_the_mask_it_had(void **state)
{
    findings found = {.name = ""};
    pthread_t thread;

    (void)state;
    sem_init(&found.go, 0, 1);
    block_one(SIGUSR1);
    assert_true(gbxi_thread_start(&thread, "x", look_around, &found));
    assert_true(blocks_only(SIGUSR1));
    assert_int_equal(pthread_join(thread, NULL), 0);
    sem_destroy(&found.go);
}

static void without_threads_it_says_so_and_the_mask_stays_too(void **state)
{
    pthread_t thread;

    (void)state;
    block_one(SIGUSR2);
    atomic_store(&pthread_create_fails_in, 1);
    assert_false(gbxi_thread_start(&thread, "x", look_around, NULL));
    assert_int_equal(errno, EAGAIN);
    assert_true(blocks_only(SIGUSR2));
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition;
static bool is_met;

static void *meet(void *argument)
{
    pthread_mutex_lock(&lock);
    is_met = true;
    pthread_cond_signal(&condition);
    pthread_mutex_unlock(&lock);
    return argument;
}

static void a_condition_is_waited_for_until_it_is_met_or_the_time_is_over(void **state)
{
    uint64_t begin = gbxi_monotonic_ns();
    pthread_t thread;

    (void)state;
    gbxi_condition_init(&condition);
    pthread_mutex_lock(&lock);
    while (gbxi_condition_wait(&condition, &lock, begin + 20 * GBXI_NS_PER_MS))
        ;
    assert_true(gbxi_monotonic_ns() >= begin + 20 * GBXI_NS_PER_MS);
    assert_true(gbxi_thread_start(&thread, "meet", meet, NULL));
    while (!is_met)
        assert_true(gbxi_condition_wait(&condition, &lock, begin + 3600 * GBXI_NS_PER_S));
    pthread_mutex_unlock(&lock);
    pthread_join(thread, NULL);
    pthread_cond_destroy(&condition);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_blocks_every_signal_and_has_its_name),
        cmocka_unit_test(its_maker_keeps_the_mask_it_had),
        cmocka_unit_test(without_threads_it_says_so_and_the_mask_stays_too),
        cmocka_unit_test(a_condition_is_waited_for_until_it_is_met_or_the_time_is_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
