/* SPDX-License-Identifier: MIT */
/* How glassbox serve stops: what is cut, what is not, and the exit status. */
#define _GNU_SOURCE
#include "serving.h"
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

/* What was cut does not look whole. */
static void expect_reset(int fd)
{
    char rest[64];
    ssize_t count;

    while ((count = read(fd, rest, sizeof(rest))) > 0)
        ;
    assert_int_equal(count, -1);
    assert_int_equal(errno, ECONNRESET);
    close(fd);
}

static void check_second_signal(int first, int second)
{
    FILE *out;
    pid_t child = serving_start(&out);
    int fd = serving_begin_request();

    kill(child, first);
    serving_await_stop();
    kill(child, SIGHUP); /* not handled any more; it would be handled before the others */
    kill(child, second);
    serving_check_end(child, out, "glassbox: stopped at once by a second signal; requests in flight were cut\n", 1);
    expect_reset(fd);
}

static void a_second_signal_stops_at_once(void **state)
{
    (void)state;
    check_second_signal(SIGTERM, SIGINT);
    check_second_signal(SIGINT, SIGTERM);
}

static void requests_are_cut_after_the_stop_timeout(void **state)
{
    FILE *out;
    pid_t child;
    int fd;

    (void)state;
    serving_options.stop_timeout_s = 0;
    child = serving_start(&out);
    fd = serving_begin_request();
    kill(child, SIGTERM);
    serving_check_end(child, out, "glassbox: stopped with requests still in flight; they were cut\n", 1);
    expect_reset(fd);
}

/* Without requests in flight nothing is cut, however short the time for them. */
static void an_idle_server_has_time_to_stop(void **state)
{
    FILE *out;
    pid_t child;
    int fd;

    (void)state;
    serving_options.stop_timeout_s = 0;
    child = serving_start(&out);
    fd = serving_connect();
    kill(child, SIGTERM);
    serving_check_end(child, out, SERVING_SETTINGS, 0);
    close(fd);
}

/* A client that exceeds the time limit of its request is disconnected as at any other time, and the stop succeeds. */
static void a_client_that_takes_too_long_is_no_failure_of_the_stop(void **state)
{
    FILE *out;
    pid_t child;
    int fd;

    (void)state;
    serving_options.request_timeout_s = 1;
    serving_options.stop_timeout_s = SERVING_HANG_S;
    child = serving_start(&out);
    fd = serving_begin_request();
    kill(child, SIGTERM);
    serving_check_end(child, out, SERVING_SETTINGS, 0);
    close(fd);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, serving_set_up, serving_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_second_signal_stops_at_once),
        TEST(requests_are_cut_after_the_stop_timeout),
        TEST(an_idle_server_has_time_to_stop),
        TEST(a_client_that_takes_too_long_is_no_failure_of_the_stop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
