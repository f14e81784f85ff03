/* SPDX-License-Identifier: MIT */
/* The process of glassbox serve: what it prints, which signals it handles, and the process-wide settings that it makes.
 */
#define _GNU_SOURCE
#include "cli/serve_options.h"
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

#define KEYS "first:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"

enum { HANG_S = 60 }; /* after which a server that does not stop is killed */

static char key_file[] = "/tmp/glassbox-serve-XXXXXX";
static gbxi_serve_options options;
static bool reading_hangs; /* a reload never ends */
static bool nobody_reads;  /* what the process prints */
static rlim_t descriptors; /* that the process may have; 0: as many as this one */
static unsigned port;      /* of the server started last */

static void write_key_file(const char *text)
{
    FILE *file = fopen(key_file, "w");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

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

static int set_up(void **state)
{
    int fd;

    (void)state;
    reading_hangs = nobody_reads = false;
    descriptors = 0;
    strcpy(key_file + strlen(key_file) - 6, "XXXXXX");
    if ((fd = mkstemp(key_file)) == -1) /* mode 0600 */
        return -1;
    close(fd);
    write_key_file(KEYS);
    options = (gbxi_serve_options){.host = "127.0.0.1",
                                   .threads = 1,
                                   .workers = 1,
                                   .queue = 1,
                                   .key_file = key_file,
                                   .max_body_bytes = 1024,
                                   .max_connections = 8,
                                   .request_timeout_s = 10,
                                   .capture = true,
                                   .max_captures = 3,
                                   .max_capture_time_s = 7,
                                   .capture_memory_bytes = 2 * GBX_CAPTURE_BLOCK_BYTES,
                                   .stop_timeout_s = 10};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return unlink(key_file);
}

/* Serves, then prints the process-wide settings. What serving left in the buffer of standard output is lost. */
static _Noreturn void serve_and_exit(int out)
{
    gbx_limits limits;
    int status;

    alarm(HANG_S);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    if (descriptors != 0)
        setrlimit(RLIMIT_NOFILE, &(struct rlimit){descriptors, descriptors});
    status = gbxi_serve_run(&options);
    gbx_limits_get(&limits, sizeof(limits));
    if (!nobody_reads)
        dprintf(out, "%u captures of %u ms in %zu blocks, %s\n", limits.max_captures, limits.max_capture_ms,
                gbx_capture_memory_limit() / GBX_CAPTURE_BLOCK_BYTES, gbx_capture_is_on() ? "on" : "off");
    _exit(status);
}

/* Serves in a process of its own. */
static pid_t start_process(FILE **out)
{
    int ends[2];
    pid_t child;

    assert_int_equal(pipe(ends), 0);
    fflush(NULL);
    child = fork();
    assert_int_not_equal(child, -1);
    if (child == 0)
        serve_and_exit(ends[1]);
    close(ends[1]);
    *out = fdopen(ends[0], "r");
    assert_non_null(*out);
    return child;
}

static pid_t start_server(FILE **out)
{
    char line[128] = "";
    pid_t child = start_process(out);

    assert_non_null(fgets(line, sizeof(line), *out));
    assert_int_equal(sscanf(line, "glassbox: listening on http://127.0.0.1:%u\n", &port), 1);
    return child;
}

/* Compares what the process prints until it exits, and its exit status. */
static void check_end(pid_t child, FILE *out, const char *expected, int expected_status)
{
    char text[1024];
    size_t length = fread(text, 1, sizeof(text) - 1, out);
    int status;

    text[length] = '\0';
    fclose(out);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_string_equal(text, expected);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), expected_status);
}

/* -1: nobody listens there. */
static int connect_to_server(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_not_equal(fd, -1);
    if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    close(fd);
    return -1;
}

/* A request that the server has begun to receive and does not get the end of. */
static int begin_request(void)
{
    static const char head[] = "POST /api/graph HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\n"
                               "content-type: application/json\r\ncontent-length: 9\r\n\r\n";
    char answer[32] = "";
    int fd = connect_to_server();

    assert_int_not_equal(fd, -1);
    assert_int_equal(write(fd, head, sizeof(head) - 1), sizeof(head) - 1);
    assert_true(read(fd, answer, sizeof(answer) - 1) >= 12);
    assert_memory_equal(answer, "HTTP/1.1 100", 12);
    return fd;
}

/* Returns once the server does not listen any more. */
static void await_stop(void)
{
    int fd;

    while ((fd = connect_to_server()) != -1)
        close(fd);
}

static void expect_line(FILE *out, const char *expected)
{
    char line[512];

    assert_non_null(fgets(line, sizeof(line), out));
    assert_memory_equal(line, expected, strlen(expected));
}

/* They are sent in the order of their numbers, because those that are pending together are handled in that order. The
 * keys are read meanwhile. */
static void each_signal_says_what_it_has_done(void **state)
{
    FILE *out;
    pid_t child = start_server(&out);

    (void)state;
    kill(child, SIGHUP);
    expect_line(out, "glassbox: token keys reloaded\n");
    kill(child, SIGUSR1);
    kill(child, SIGUSR2);
    kill(child, SIGPIPE);
    kill(child, SIGTERM);
    check_end(child, out,
              "glassbox: capturing is off\n"
              "glassbox: capturing is on\n"
              "3 captures of 7000 ms in 2 blocks, on\n",
              0);
}

static void keys_that_cannot_be_read_change_nothing_and_do_not_stop_the_server(void **state)
{
    FILE *out;
    pid_t child = start_server(&out);

    (void)state;
    write_key_file("first:00\n");
    kill(child, SIGHUP);
    expect_line(out, "glassbox: the token keys stay as they were: ");
    unlink(key_file);
    assert_int_equal(mkfifo(key_file, 0600), 0);
    kill(child, SIGHUP);
    expect_line(out, "glassbox: the token keys stay as they were: ");
    kill(child, SIGINT);
    check_end(child, out, "3 captures of 7000 ms in 2 blocks, on\n", 0);
}

static void capturing_may_be_off_from_the_start(void **state)
{
    FILE *out;
    pid_t child;

    (void)state;
    options.capture = false;
    child = start_server(&out);
    kill(child, SIGTERM);
    check_end(child, out, "3 captures of 7000 ms in 2 blocks, off\n", 0);
}

/* A file that takes for ever, as on a server that has gone, keeps neither the signals nor the stop waiting. */
static void keys_that_are_never_read_hold_nothing_up(void **state)
{
    FILE *out;
    pid_t child;

    (void)state;
    reading_hangs = true;
    child = start_server(&out);
    kill(child, SIGHUP);
    kill(child, SIGUSR1);
    expect_line(out, "glassbox: capturing is off\n");
    kill(child, SIGHUP);
    kill(child, SIGTERM);
    check_end(child, out, "", 0); /* without closing the server, whose keys are being read */
}

static void without_keys_a_hangup_has_nothing_to_do(void **state)
{
    FILE *out;
    pid_t child;

    (void)state;
    options.key_file = NULL;
    child = start_server(&out);
    kill(child, SIGHUP);
    expect_line(out, "glassbox: there is nothing to reload without --key-file\n");
    kill(child, SIGTERM);
    check_end(child, out, "3 captures of 7000 ms in 2 blocks, on\n", 0);
}

/* Nobody reads what the server prints, and the pipe is full. */
static void output_that_nobody_reads_holds_nothing_up(void **state)
{
    FILE *out;
    pid_t child;
    int status;

    (void)state;
    nobody_reads = true;
    child = start_server(&out);
    assert_int_equal(fcntl(fileno(out), F_SETPIPE_SZ, 4096), 4096);
    for (int i = 0; i < 400; i++) {
        kill(child, i % 2 == 0 ? SIGUSR1 : SIGUSR2);
        usleep(500);
    }
    kill(child, SIGTERM);
    await_stop();
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
    nobody_reads = options.http2 = true;
    assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
    while (write(ends[1], "full", 4) > 0)
        ;
    fcntl(ends[1], F_SETFL, 0);
    fflush(NULL);
    child = fork();
    assert_int_not_equal(child, -1);
    if (child == 0)
        serve_and_exit(ends[1]);
    usleep(300 * 1000);
    kill(child, SIGTERM);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) || WTERMSIG(status) == SIGTERM); /* before it has begun to serve */
    close(ends[0]);
    close(ends[1]);
}

/* libh2o would end the process in the middle of its start. */
static void too_few_descriptors_are_an_error(void **state)
{
    FILE *out;
    pid_t child;
    int status;

    (void)state;
    for (descriptors = 5; descriptors < 14; descriptors++) {
        child = start_process(&out);
        expect_line(out, "glassbox: ");
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 1);
        fclose(out);
    }
}

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
    pid_t child = start_server(&out);
    int fd = begin_request();

    kill(child, first);
    await_stop();
    kill(child, SIGHUP); /* not handled any more; it would be handled before the others */
    kill(child, second);
    check_end(child, out, "glassbox: stopped at once by a second signal; requests in flight were cut\n", 1);
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
    options.stop_timeout_s = 0;
    child = start_server(&out);
    fd = begin_request();
    kill(child, SIGTERM);
    check_end(child, out, "glassbox: stopped with requests still in flight; they were cut\n", 1);
    expect_reset(fd);
}

static void options_that_the_server_refuses_are_a_wrong_usage(void **state)
{
    char text[512];
    FILE *out;
    pid_t child;
    int status;

    (void)state;
    options.key_file = NULL;
    options.host = "0.0.0.0";
    child = start_process(&out);
    assert_non_null(fgets(text, sizeof(text), out));
    assert_memory_equal(text, "glassbox: at http://0.0.0.0:", 28);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 2);
    fclose(out);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(each_signal_says_what_it_has_done),
        TEST(keys_that_cannot_be_read_change_nothing_and_do_not_stop_the_server),
        TEST(capturing_may_be_off_from_the_start),
        TEST(keys_that_are_never_read_hold_nothing_up),
        TEST(without_keys_a_hangup_has_nothing_to_do),
        TEST(output_that_nobody_reads_holds_nothing_up),
        TEST(output_that_is_full_from_the_start_holds_nothing_up),
        TEST(too_few_descriptors_are_an_error),
        TEST(a_second_signal_stops_at_once),
        TEST(requests_are_cut_after_the_stop_timeout),
        TEST(options_that_the_server_refuses_are_a_wrong_usage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
