/* SPDX-License-Identifier: MIT */
/* Who brings work to a recorder's thread that sleeps wakes it. */
#include "played_sink.h"
#include "recorder/recorder.h"
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/eventfd.h>

#include <cmocka.h>

static played_sink sink;
static sem_t asleep; /* the thread is about to sleep, and wants to be woken */
static atomic_int wakes;

int __real_poll(struct pollfd *fds, nfds_t count, int timeout_ms);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms);
int __wrap_poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
    (void)timeout_ms; /* no sleep ends by itself */
    sem_post(&asleep);
    return __real_poll(fds, count, -1);
}

int __real_eventfd_write(int fd, eventfd_t value);
int __wrap_eventfd_write(int fd, eventfd_t value);
int __wrap_eventfd_write(int fd, eventfd_t value)
{
    atomic_fetch_add(&wakes, 1);
    return __real_eventfd_write(fd, value);
}

/* A recorder whose thread sleeps. */
static gbx_recorder *await_sleep(void)
{
    gbx_recorder *recorder;

    sem_init(&asleep, 0, 0);
    recorder = played_recorder(NULL, &sink);
    played_await(&asleep);
    atomic_store(&wakes, 0);
    return recorder;
}

static void do_nothing(gbxi_recorder_task *task)
{
    (void)task;
}

static void a_task_wakes_the_thread(void **state)
{
    static gbxi_recorder_task task = {do_nothing};
    gbx_recorder *recorder = await_sleep();

    (void)state;
    assert_true(gbxi_recorder_submit(recorder, &task));
    assert_int_equal(atomic_load(&wakes), 1);
    played_end(recorder, &sink);
}

static void a_capture_wakes_the_thread(void **state)
{
    gbx_recorder *recorder = await_sleep();

    (void)state;
    played_offer_asked(recorder);
    assert_int_equal(atomic_load(&wakes), 1);
    played_end(recorder, &sink);
}

static void a_close_wakes_the_thread(void **state)
{
    gbx_recorder *recorder = await_sleep();

    (void)state;
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    assert_int_equal(atomic_load(&wakes), 1);
    played_end(recorder, &sink);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_task_wakes_the_thread),
        cmocka_unit_test(a_capture_wakes_the_thread),
        cmocka_unit_test(a_close_wakes_the_thread),
    };

    return cmocka_run_group_tests_name("wake", tests, NULL, NULL);
}
