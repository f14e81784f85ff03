/* SPDX-License-Identifier: MIT */
/* Every unlock belongs to a lock: on each path of a capture, of the pool and around a fork. */
#include "capture/pool.h"
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* The locks of the only thread of this test. */
enum { HELD_MAX = 8 };
static const pthread_mutex_t *held[HELD_MAX];
static size_t held_count, lock_count, unpaired_count;

int __real_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_lock(pthread_mutex_t *mutex)
{
    int result = __real_pthread_mutex_lock(mutex);

    if (held_count < HELD_MAX)
        held[held_count++] = mutex;
    lock_count++;
    return result;
}

int __real_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *mutex)
{
    if (held_count != 0 && held[held_count - 1] == mutex)
        held_count--;
    else
        unpaired_count++;
    return __real_pthread_mutex_unlock(mutex);
}

/* Checks that the locks since the last call are paired, and that there were some. */
static void check_paired(void)
{
    assert_int_equal(unpaired_count, 0);
    assert_int_equal(held_count, 0);
    assert_true(lock_count != 0);
    lock_count = 0;
}

static int start(void **state)
{
    (void)state;
    held_count = lock_count = unpaired_count = 0;
    return 0;
}

static void a_capture_pairs_its_locks(void **state)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_capture_facts facts;
    gbx_scope scopes[33];

    (void)state;
    scopes[0] = gbx_capture_enter(capture);
    check_paired();
    for (size_t i = 1; i < 32; i++)
        scopes[i] = gbx_capture_enter(capture);
    check_paired();
    scopes[32] = gbx_capture_enter(capture); /* not recorded: too many levels */
    check_paired();
    for (size_t i = 33; i != 0; i--)
        gbx_capture_leave(scopes[i - 1]);
    check_paired();
    gbx_capture_finish(capture);
    check_paired();
    gbx_capture_facts_get(capture, &facts, sizeof(facts)); /* measures the cost of a span */
    check_paired();
    gbx_capture_unref(capture);
    check_paired();
}

static void the_pool_pairs_its_locks(void **state)
{
    void *block;

    (void)state;
    block = gbxi_pool_take();
    check_paired();
    gbxi_pool_give(block);
    check_paired();
    gbx_capture_memory_limit_set(0);
    check_paired();
    assert_int_equal(gbx_capture_memory_used(), 0);
    check_paired();
}

static bool fail_mmap;
void *__real_mmap(void *at, size_t bytes, int access, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t bytes, int access, int flags, int fd, off_t offset);
void *__wrap_mmap(void *at, size_t bytes, int access, int flags, int fd, off_t offset)
{
    return fail_mmap ? MAP_FAILED : __real_mmap(at, bytes, access, flags, fd, offset);
}

static void so_it_does_when_the_system_has_no_memory(void **state)
{
    (void)state;
    gbxi_pool_limit_set(0); /* no idle blocks */
    gbxi_pool_limit_set(1);
    fail_mmap = true;
    assert_null(gbxi_pool_take());
    fail_mmap = false;
    check_paired();
}

/* Those of the pool and of the ids: the tests before have made a capture. */
static void a_fork_holds_both_locks_meanwhile(void **state)
{
    pid_t child = fork();
    int status;

    (void)state;
    if (child == 0)
        _exit(lock_count == 2 && held_count == 0 && unpaired_count == 0 ? 0 : 1);
    assert_true(child > 0);
    check_paired();
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_capture_pairs_its_locks, start),
        cmocka_unit_test_setup(the_pool_pairs_its_locks, start),
        cmocka_unit_test_setup(so_it_does_when_the_system_has_no_memory, start),
        cmocka_unit_test_setup(a_fork_holds_both_locks_meanwhile, start),
    };

    return cmocka_run_group_tests_name("locks", tests, NULL, NULL);
}
