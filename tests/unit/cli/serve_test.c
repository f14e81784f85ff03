/* SPDX-License-Identifier: MIT */
/* The process of glassbox serve: what it prints, which signals it handles, and the process-wide settings that it makes.
 */
#define _GNU_SOURCE
#include "serving.h"
#include <errno.h>
#include <fcntl.h>
#include <glassbox/capture.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static bool reading_hangs; /* a reload never ends */

/* A process that ends while a file is being read does not join its threads. */
__attribute__((visibility("default"))) const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "report_thread_leaks=0";
}

gbx_err __real_gbxi_server_reload(gbxi_server *server, gbx_error *error);

gbx_err __wrap_gbxi_server_reload(gbxi_server *server, gbx_error *error);
gbx_err __wrap_gbxi_server_reload(gbxi_server *server, gbx_error *error)
{
    while (reading_hangs)
        pause();
    return __real_gbxi_server_reload(server, error);
}

static int serve_set_up(void **state)
{
    reading_hangs = false;
    return serving_set_up(state);
}

/* They are sent in the order of their numbers, because those that are pending together are handled in that order. The
 * keys are read meanwhile. */
static void each_signal_says_what_it_has_done(void **state)
{
    FILE *out;
    pid_t child = serving_start(&out);

    (void)state;
    kill(child, SIGHUP);
    serving_expect_line(out, "glassbox: token keys reloaded\n");
    kill(child, SIGUSR1);
    kill(child, SIGUSR2);
    kill(child, SIGPIPE);
    kill(child, SIGTERM);
    serving_check_end(child, out,
                      "glassbox: capturing is off\n"
                      "glassbox: capturing is on\n" SERVING_SETTINGS,
                      0);
}

static void keys_that_cannot_be_read_change_nothing_and_do_not_stop_the_server(void **state)
{
    FILE *out;
    pid_t child = serving_start(&out);

    (void)state;
    serving_write_keys("first:00\n");
    kill(child, SIGHUP);
    serving_expect_line(out, "glassbox: the token keys stay as they were: ");
    unlink(serving_key_file);
    assert_int_equal(mkfifo(serving_key_file, 0600), 0);
    kill(child, SIGHUP);
    serving_expect_line(out, "glassbox: the token keys stay as they were: ");
    kill(child, SIGINT);
    serving_check_end(child, out, SERVING_SETTINGS, 0);
}

static void capturing_may_be_off_from_the_start(void **state)
{
    FILE *out;
    pid_t child;

    (void)state;
    serving_options.capture = false;
    child = serving_start(&out);
    kill(child, SIGTERM);
    serving_check_end(child, out, "3 captures of 7000 ms in 2 blocks, off\n", 0);
}

/* A file that takes for ever, as on a server that has gone, keeps neither the signals nor the stop waiting. */
static void keys_that_are_never_read_hold_nothing_up(void **state)
{
    FILE *out;
    pid_t child;

    (void)state;
    reading_hangs = true;
    child = serving_start(&out);
    kill(child, SIGHUP);
    kill(child, SIGUSR1);
    serving_expect_line(out, "glassbox: capturing is off\n");
    kill(child, SIGHUP);
    kill(child, SIGTERM);
    serving_check_end(child, out, "", 0); /* without closing the server, whose keys are being read */
}

static void without_keys_a_hangup_has_nothing_to_do(void **state)
{
    FILE *out;
    pid_t child;

    (void)state;
    serving_options.key_file = NULL;
    child = serving_start(&out);
    kill(child, SIGHUP);
    serving_expect_line(out, "glassbox: there is nothing to reload without --key-file\n");
    kill(child, SIGTERM);
    serving_check_end(child, out, SERVING_SETTINGS, 0);
}

/* Nobody reads what the server prints, and the pipe is full. */
static void output_that_nobody_reads_holds_nothing_up(void **state)
{
    FILE *out;
    pid_t child;
    int status;

    (void)state;
    serving_nobody_reads = true;
    child = serving_start(&out);
    assert_int_equal(fcntl(fileno(out), F_SETPIPE_SZ, 4096), 4096);
    for (int i = 0; i < 400; i++) {
        kill(child, i % 2 == 0 ? SIGUSR1 : SIGUSR2);
        usleep(500);
    }
    kill(child, SIGTERM);
    serving_await_stop();
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    fclose(out);
}

/* The first line does not fit any more. */
static void output_that_is_full_from_the_start_holds_nothing_up(void **state)
{
    int ends[2], status;
    pid_t child;

    (void)state;
    serving_nobody_reads = serving_options.http2 = true;
    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    while (write(ends[1], "full", 4) > 0)
        ;
    fcntl(ends[1], F_SETFL, 0);
    fflush(NULL);
    child = fork();
    assert_int_not_equal(child, -1);
    if (child == 0)
        serving_run(ends[1]);
    usleep(300 * 1000);
    kill(child, SIGTERM);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) || WTERMSIG(status) == SIGTERM); /* before it has begun to serve */
    close(ends[0]);
    close(ends[1]);
}

/* The number of descriptors that a server says it needs when it may have fewer. */
static unsigned needed_descriptors(void)
{
    char line[160] = "";
    unsigned needed = 0, allowed = 0;
    FILE *out;
    pid_t child = serving_start_process(&out);
    int status;

    assert_non_null(fgets(line, sizeof(line), out));
    assert_int_equal(sscanf(line, "glassbox: the process needs %u descriptors with --threads 1, and %u are allowed",
                            &needed, &allowed),
                     2);
    assert_int_equal(allowed, serving_descriptors);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    fclose(out);
    return needed;
}

/* libh2o would end the process in the middle of its start. With the number that the message states, the server serves.
 */
static void too_few_descriptors_are_an_error_that_says_how_many_are_needed(void **state)
{
    FILE *out;
    pid_t child;

    (void)state;
    for (serving_descriptors = 5; serving_descriptors < 11; serving_descriptors++)
        assert_true(needed_descriptors() > serving_descriptors);
    serving_descriptors = needed_descriptors() - 1;
    serving_descriptors = needed_descriptors();
    child = serving_start(&out);
    close(serving_connect());
    kill(child, SIGTERM);
    serving_check_end(child, out, SERVING_SETTINGS, 0);
}

static void options_that_the_server_refuses_are_a_wrong_usage(void **state)
{
    char text[512];
    FILE *out;
    pid_t child;
    int status;

    (void)state;
    serving_options.key_file = NULL;
    serving_options.host = "0.0.0.0";
    child = serving_start_process(&out);
    assert_non_null(fgets(text, sizeof(text), out));
    assert_memory_equal(text, "glassbox: at http://0.0.0.0:", 28);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 2);
    fclose(out);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, serve_set_up, serving_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(each_signal_says_what_it_has_done),
        TEST(keys_that_cannot_be_read_change_nothing_and_do_not_stop_the_server),
        TEST(capturing_may_be_off_from_the_start),
        TEST(keys_that_are_never_read_hold_nothing_up),
        TEST(without_keys_a_hangup_has_nothing_to_do),
        TEST(output_that_nobody_reads_holds_nothing_up),
        TEST(output_that_is_full_from_the_start_holds_nothing_up),
        TEST(too_few_descriptors_are_an_error_that_says_how_many_are_needed),
        TEST(options_that_the_server_refuses_are_a_wrong_usage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
