/* SPDX-License-Identifier: MIT */
/* What the server does when memory, threads or descriptors are short. */
#define _GNU_SOURCE
#include "base/spare_memory.h"
#include "client.h"
#include "tests/support/failing.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

FAILING_CALLOC
FAILING_PTHREAD_CREATE
FAILING(bool, gbxi_memory_is_spare, (size_t bytes), (bytes), false)

static int eventfd_errno = EMFILE;

FAILING(int, eventfd, (unsigned initial, int flags), (initial, flags), (errno = eventfd_errno, -1))

#define NO_WORKERS "cannot start 2 threads for --workers 2 and --slow-clients 0: "

static void expect_refusal(gbx_err code, const char *text)
{
    gbxi_server_options options = {.threads = 3, .workers = 2, .slow_clients = GBXI_SERVER_SLOW_CLIENTS_NONE};
    gbxi_server *server = NULL;
    gbx_error error = {0};

    assert_int_equal(gbxi_server_open(&options, &server, &error), code);
    assert_string_equal(error.text, text);
    assert_null(server);
}

static void opening_without_memory_is_an_error_at_each_allocation(void **state)
{
    (void)state;
    atomic_store(&calloc_fails_in, 1);
    expect_refusal(GBX_ERR_NO_MEMORY, "out of memory");
    atomic_store(&calloc_fails_in, 2);
    expect_refusal(GBX_ERR_NO_MEMORY, "out of memory");
    atomic_store(&calloc_fails_in, 3);
    expect_refusal(GBX_ERR_NO_MEMORY, "out of memory");
    atomic_store(&calloc_fails_in, 4);
    expect_refusal(GBX_ERR_NO_MEMORY, "out of memory");
    atomic_store(&calloc_fails_in, 5);
    expect_refusal(GBX_ERR_NO_MEMORY, NO_WORKERS "Cannot allocate memory");
    assert_int_equal(atomic_load(&calloc_fails_in), 0);
}

static void opening_without_a_thread_ends_those_that_run(void **state)
{
    (void)state;
    atomic_store(&pthread_create_fails_in, 1);
    expect_refusal(GBX_ERR_NO_MEMORY, NO_WORKERS "Resource temporarily unavailable");
    atomic_store(&pthread_create_fails_in, 2);
    expect_refusal(GBX_ERR_NO_MEMORY, NO_WORKERS "Resource temporarily unavailable");
    atomic_store(&pthread_create_fails_in, 3);
    expect_refusal(GBX_ERR_NO_MEMORY, "cannot start thread 1 of --threads 3: Resource temporarily unavailable");
    atomic_store(&pthread_create_fails_in, 5);
    expect_refusal(GBX_ERR_NO_MEMORY, "cannot start thread 3 of --threads 3: Resource temporarily unavailable");
}

/* libh2o would end the process, on the thread whose allocator finds nothing. */
static void opening_without_memory_for_libh2o_is_an_error(void **state)
{
    (void)state;
    atomic_store(&gbxi_memory_is_spare_fails_in, 1);
    expect_refusal(GBX_ERR_NO_MEMORY, "out of memory");
    atomic_store(&gbxi_memory_is_spare_fails_in, 2);
    expect_refusal(GBX_ERR_NO_MEMORY, "cannot start thread 1 of --threads 3: Cannot allocate memory");
    atomic_store(&gbxi_memory_is_spare_fails_in, 4);
    expect_refusal(GBX_ERR_NO_MEMORY, "cannot start thread 3 of --threads 3: Cannot allocate memory");
}

static void opening_without_a_descriptor_is_an_error(void **state)
{
    enum { NEEDED = 3 * 5 + 4 };
    struct rlimit limit;
    char text[160];

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    for (int given = 0; given < NEEDED; given += NEEDED - 1) {
        atomic_store(&eventfd_fails_in, given + 1);
        snprintf(text, sizeof(text),
                 "the process needs %zu descriptors with --threads 3, and %zu are allowed (ulimit -n)",
                 (size_t)limit.rlim_cur + NEEDED - (size_t)given, (size_t)limit.rlim_cur);
        expect_refusal(GBX_ERR_IO, text);
    }
    atomic_store(&eventfd_fails_in, NEEDED + 1);
    expect_refusal(GBX_ERR_IO, "cannot create an event descriptor: Too many open files");
}

/* Another limit of the process would not help. */
static void a_machine_without_descriptors_is_not_taken_for_a_limit_of_the_process(void **state)
{
    (void)state;
    atomic_store(&eventfd_fails_in, 1);
    eventfd_errno = ENFILE;
    expect_refusal(GBX_ERR_IO, "cannot open descriptors: Too many open files in system");
    eventfd_errno = EMFILE;
}

static void a_connection_without_memory_is_closed_and_the_next_one_served(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 1});
    client_answer answer;
    int fd;

    (void)state;
    atomic_store(&calloc_fails_in, 1);
    client_read_to_end(client_connect(server), &answer);
    assert_int_equal(answer.length, 0);
    assert_int_equal(atomic_load(&calloc_fails_in), 0);
    fd = client_connect(server);
    client_send(fd, CLIENT_GET_HEALTH);
    client_read_until(fd, &answer, "live_captures");
    close(fd);
    gbxi_server_close(server);
}

static int64_t cpu_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The highest descriptor in use stays below the limit, so that no other can be made. */
static void use_up_descriptors(struct rlimit *before)
{
    struct rlimit tight;
    int next = dup(0);

    close(next);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, before), 0);
    tight = *before;
    tight.rlim_cur = (rlim_t)next;
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &tight), 0);
    assert_int_equal(dup(0), -1);
}

static void without_descriptors_it_waits_without_spinning_and_then_serves(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 1});
    uint16_t port = client_port(server);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct rlimit before;
    client_answer answer;
    int64_t cpu_before;

    (void)state;
    use_up_descriptors(&before);
    client_connect_with(fd, port);
    client_send(fd, CLIENT_GET_HEALTH);
    cpu_before = cpu_ms();
    assert_false(client_wait(fd, 400));
    assert_true(cpu_ms() - cpu_before < 200);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
    client_read_until(fd, &answer, "live_captures");
    close(fd);
    gbxi_server_close(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opening_without_memory_is_an_error_at_each_allocation),
        cmocka_unit_test(opening_without_a_thread_ends_those_that_run),
        cmocka_unit_test(opening_without_memory_for_libh2o_is_an_error),
        cmocka_unit_test(opening_without_a_descriptor_is_an_error),
        cmocka_unit_test(a_machine_without_descriptors_is_not_taken_for_a_limit_of_the_process),
        cmocka_unit_test(a_connection_without_memory_is_closed_and_the_next_one_served),
        cmocka_unit_test(without_descriptors_it_waits_without_spinning_and_then_serves),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
