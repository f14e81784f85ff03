/* SPDX-License-Identifier: MIT */
/* The server for one trace: what it answers and to whom, and what keeps it from opening. */
#define _GNU_SOURCE
#include "client.h"
#include "server/viewer.h"
#include "service/contents.h"
#include "tests/support/failing.h"
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

FAILING_CALLOC
FAILING_PTHREAD_CREATE

static const char document[] = "[\"the trace\"]";
static client_answer answer;

static gbx_err open_viewer(uint16_t port, gbxi_viewer **viewer, gbx_error *error)
{
    const gbxi_viewer_options options = {.port = port, .document = document, .document_length = sizeof(document) - 1};

    return gbxi_viewer_open(&options, viewer, error);
}

static int begin(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    if (gbxi_embedded_speedscope[0].name == NULL)
        skip();
    return 0;
}

static uint16_t port_of(const gbxi_viewer *viewer)
{
    unsigned port;

    assert_int_equal(sscanf(gbxi_viewer_url(viewer), "http://127.0.0.1:%u/", &port), 1);
    return (uint16_t)port;
}

/* Sends a request with this line and Host, and reads the answer. */
static void ask(const gbxi_viewer *viewer, const char *line, const char *host)
{
    char request[256];
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    client_connect_with(fd, port_of(viewer));
    snprintf(request, sizeof(request), "%s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", line, host);
    client_send(fd, request);
    client_read_to_end(fd, &answer);
}

static void assert_status(int status)
{
    char line[32];

    snprintf(line, sizeof(line), "HTTP/1.1 %d ", status);
    assert_memory_equal(answer.text, line, strlen(line));
}

static void the_start_leads_to_speedscope_and_the_trace(void **state)
{
    gbxi_viewer *viewer;

    (void)state;
    assert_int_equal(open_viewer(0, &viewer, NULL), GBX_ERR_OK);
    ask(viewer, "GET /", "localhost");
    assert_status(302);
    assert_non_null(strstr(answer.text, "/speedscope/#profileURL=/trace.speedscope.json\r\n"));
    ask(viewer, "GET /trace.speedscope.json", "127.0.0.1:1");
    assert_status(200);
    assert_string_equal(answer.text + answer.length - strlen(document), document);
    assert_non_null(strstr(answer.text, "no-store"));
    assert_non_null(strstr(answer.text, "same-origin"));
    assert_null(strcasestr(answer.text, "access-control"));
    ask(viewer, "GET /speedscope/", "localhost");
    assert_status(200);
    gbxi_viewer_close(viewer);
}

/* Sends this text, and reads the answer. */
static void ask_with(const gbxi_viewer *viewer, const char *request)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    client_connect_with(fd, port_of(viewer));
    client_send(fd, request);
    client_read_to_end(fd, &answer);
}

static void a_body_is_refused_before_it_is_read(void **state)
{
    gbxi_viewer *viewer;

    (void)state;
    assert_int_equal(open_viewer(0, &viewer, NULL), GBX_ERR_OK);
    ask_with(viewer, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx");
    assert_status(413);
    assert_non_null(strstr(answer.text, "application/problem+json"));
    assert_non_null(strstr(answer.text, "the body is larger than 0 bytes"));
    gbxi_viewer_close(viewer);
}

static void other_hosts_methods_and_paths_are_refused(void **state)
{
    static const struct {
        const char *line, *host;
        int status;
    } cases[] = {
        {"GET /", "evil.example", 421},
        {"GET /trace.speedscope.json", "evil.example:80", 421},
        {"POST /trace.speedscope.json", "localhost", 405},
        {"GET /trace.speedscope.json/x", "localhost", 404},
        {"GET /speedscope/nothing.js", "localhost", 404},
        {"GET /healthz", "localhost", 404},
        {"GET /docs", "localhost", 404},
    };
    gbxi_viewer *viewer;

    (void)state;
    assert_int_equal(open_viewer(0, &viewer, NULL), GBX_ERR_OK);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ask(viewer, cases[i].line, cases[i].host);
        assert_status(cases[i].status);
        assert_null(strstr(answer.text, document));
        assert_null(strstr(answer.text, "--allow-host"));
    }
    gbxi_viewer_close(viewer);
}

static void a_port_that_is_taken_is_an_error(void **state)
{
    gbxi_viewer *viewer, *other = NULL;
    gbx_error error;

    (void)state;
    assert_int_equal(open_viewer(0, &viewer, &error), GBX_ERR_OK);
    assert_int_equal(open_viewer(port_of(viewer), &other, &error), GBX_ERR_IO);
    assert_non_null(strstr(error.text, "Address already in use"));
    assert_null(other);
    gbxi_viewer_close(viewer);
    gbxi_viewer_close(NULL);
}

/* The number of open descriptors. */
static int count_descriptors(void)
{
    int count = 0;

    for (int fd = 0; fd < 256; fd++)
        count += fcntl(fd, F_GETFD) != -1;
    return count;
}

static void short_memory_and_threads_open_nothing(void **state)
{
    gbxi_viewer *viewer = NULL;
    gbx_error error;
    gbx_err result = GBX_ERR_NO_MEMORY;
    int before = count_descriptors();

    (void)state;
    for (int call = 1; result != GBX_ERR_OK; call++) {
        atomic_store(&calloc_fails_in, call);
        result = open_viewer(0, &viewer, &error);
        atomic_store(&calloc_fails_in, 0);
        if (result == GBX_ERR_OK)
            break;
        assert_int_equal(result, GBX_ERR_NO_MEMORY);
        assert_null(viewer);
        assert_int_equal(count_descriptors(), before);
    }
    gbxi_viewer_close(viewer);
    viewer = NULL;
    before = count_descriptors(); /* libh2o keeps one of each loop that ran */
    atomic_store(&pthread_create_fails_in, 1);
    assert_int_equal(open_viewer(0, &viewer, &error), GBX_ERR_NO_MEMORY);
    assert_non_null(strstr(error.text, "cannot start a thread: "));
    assert_null(viewer);
    assert_int_equal(count_descriptors(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_start_leads_to_speedscope_and_the_trace),
        cmocka_unit_test(a_body_is_refused_before_it_is_read),
        cmocka_unit_test(other_hosts_methods_and_paths_are_refused),
        cmocka_unit_test(a_port_that_is_taken_is_an_error),
        cmocka_unit_test(short_memory_and_threads_open_nothing),
    };

    return cmocka_run_group_tests(tests, begin, NULL);
}
