/* SPDX-License-Identifier: MIT */
/* Attacks over HTTP/2 that end, block or fill a bare libh2o 2.2, and what a server with --http2 does instead. */
#define _GNU_SOURCE
#include "frames.h"
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cmocka.h>

enum { UNKNOWN_TYPE = 77 };

static void expect_alive(const gbxi_server *server)
{
    int fd = client_connect(server);
    client_answer answer;

    client_send(fd, CLIENT_GET_HEALTH);
    client_read_until(fd, &answer, "live_captures");
    close(fd);
}

/* Whether the server ends the connection within the patience of a test; reads and ignores everything before. */
static void expect_end(int fd)
{
    static client_answer answer;
    ssize_t count;

    do {
        assert_true(client_wait(fd, CLIENT_PATIENCE_MS));
        count = read(fd, answer.text, sizeof(answer.text));
    } while (count > 0);
    close(fd);
}

static gbxi_server *open_server(void)
{
    return client_open_server((gbxi_server_options){.threads = 1, .request_timeout_s = 1, .http2 = true});
}

static size_t length_of(const gbxi_server *server, const char *path)
{
    static client_answer answer;
    char request[256];
    int fd = client_connect(server);

    snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", path);
    client_send(fd, request);
    client_read_to_end(fd, &answer);
    return answer.length - (size_t)(strstr(answer.text, "\r\n\r\n") + 4 - answer.text);
}

/* Pings show that the client is there, but not that it goes on. */
static void ping_until_end(int fd)
{
    frames_message *m = calloc(1, sizeof(*m));

    frames_put_ping(m);
    for (int i = 0; i < 200; i++) {
        uint8_t bytes[4096];

        if (send(fd, m->bytes, m->length, MSG_NOSIGNAL) < 0)
            break;
        if (client_wait(fd, 100) && read(fd, bytes, sizeof(bytes)) <= 0)
            break;
        usleep(50 * 1000);
        assert_true(i < 199);
    }
    free(m);
    close(fd);
}

/* Every answer uses its window up. Some are still being written, after `taken` bytes were read, when all windows become
 * one byte wider. */
static void widen_windows(const gbxi_server *server, uint32_t length, size_t taken)
{
    static frames_message m;
    static uint8_t bytes[1 << 17];
    int fd = frames_open(server, length, &m);

    frames_put(&m, WINDOW_UPDATE, 0, 0, "\x40\x00\x00\x00", 4);
    for (uint32_t i = 1; i < 80; i += 2)
        frames_put_request(&m, END_STREAM | END_HEADERS, i, "GET", "/schemas/full");
    frames_send(fd, &m);
    frames_read_bytes(fd, bytes, taken);
    usleep(20 * 1000);
    m.length = 0;
    frames_put_window(&m, length + 1);
    frames_send(fd, &m);
    usleep(20 * 1000);
    close(fd);
}

static void a_window_that_is_widened_during_a_write_harms_nobody(void **state)
{
    gbxi_server *server =
        client_open_server((gbxi_server_options){.threads = 1, .request_timeout_s = 20, .http2 = true});
    size_t length = length_of(server, "/schemas/full");

    (void)state;
    for (size_t i = 1; i <= 10; i++)
        widen_windows(server, (uint32_t)length, i * 4000);
    expect_alive(server);
    gbxi_server_close(server);
}

static atomic_bool writes_fail;

/* Called by libh2o in place of the system's. */
ssize_t writev(int fd, const struct iovec *pieces, int count)
{
    if (!atomic_load(&writes_fail))
        return syscall(SYS_writev, fd, pieces, count);
    errno = ECONNRESET;
    return -1;
}

/* Eight answers wait for a window, and the other requests for these, when the write of a pong fails. */
static void a_write_that_fails_while_requests_wait_harms_nobody(void **state)
{
    gbxi_server *server =
        client_open_server((gbxi_server_options){.threads = 1, .request_timeout_s = 20, .http2 = true});
    static frames_message m;
    int fd = frames_open(server, 0, &m);

    (void)state;
    for (uint32_t i = 1; i < 60; i += 2)
        frames_put_request(&m, END_STREAM | END_HEADERS, i, "GET", "/healthz");
    frames_put_ping(&m);
    frames_send(fd, &m);
    frames_read_pong(fd);
    usleep(100 * 1000); /* all that can begin have begun */
    m.length = 0;
    frames_put_ping(&m);
    atomic_store(&writes_fail, true);
    frames_send(fd, &m);
    expect_end(fd);
    atomic_store(&writes_fail, false);
    expect_alive(server);
    gbxi_server_close(server);
}

/* Eight answers that are not taken keep the others of their connection waiting, and then the connection ends. */
static void requests_that_wait_for_answers_that_are_not_taken_end_with_them(void **state)
{
    gbxi_server *server = open_server();
    static frames_message m;
    int fd = frames_open(server, 0, &m);

    (void)state;
    for (uint32_t stream = 1; stream < 60; stream += 2)
        frames_put_request(&m, END_STREAM | END_HEADERS, stream, "GET", "/healthz");
    frames_send(fd, &m);
    ping_until_end(fd);
    gbxi_server_close(server);
}

static void headers_of_many_references_end_the_connection(void **state)
{
    gbxi_server *server = open_server();
    static frames_message m;
    uint8_t references[16384];
    int fd = frames_open(server, 65535, &m);
    frames_frame f;

    (void)state;
    memset(references, 0x82, sizeof(references));
    frames_put(&m, HEADERS, END_STREAM | END_HEADERS, 1, references, sizeof(references));
    frames_send(fd, &m);
    frames_read_until(fd, &f, GOAWAY);
    expect_end(fd);
    expect_alive(server);
    gbxi_server_close(server);
}

/* A client that has begun a request in several frames, and goes on with it when the server stops. */
static void a_continuation_during_the_stop_does_not_delay_it(void **state)
{
    gbxi_server *server = open_server();
    static frames_message m;
    int fd = frames_open(server, 65535, &m);

    (void)state;
    frames_put_request(&m, END_STREAM, 1, "GET", "/healthz");
    frames_send(fd, &m);
    expect_alive(server);
    gbxi_server_stop(server);
    usleep(1200 * 1000); /* libh2o ignores new frames from a second after the stop */
    m.length = 0;
    frames_put(&m, CONTINUATION, END_HEADERS, 1, "", 0);
    (void)!send(fd, m.bytes, m.length, MSG_NOSIGNAL);
    assert_true(client_wait(gbxi_server_done_fd(server), CLIENT_PATIENCE_MS));
    gbxi_server_close(server);
    close(fd);
}

static void unknown_frames_are_ignored_in_silence(void **state)
{
    gbxi_server *server = open_server();
    static frames_message m;
    char printed[256];
    int fd = frames_open(server, 65535, &m), errors[2], before = dup(STDERR_FILENO);

    (void)state;
    assert_int_equal(pipe2(errors, O_NONBLOCK | O_CLOEXEC), 0);
    dup2(errors[1], STDERR_FILENO);
    for (uint32_t i = 0; i < 2000; i++)
        frames_put(&m, UNKNOWN_TYPE, 0xff, i, "what is this?", 13);
    frames_put_ping(&m);
    frames_send(fd, &m);
    frames_read_pong(fd);
    dup2(before, STDERR_FILENO);
    assert_int_equal(read(errors[0], printed, sizeof(printed)), -1);
    close(errors[0]);
    close(errors[1]);
    close(before);
    close(fd);
    gbxi_server_close(server);
}

/* A bare libh2o cuts it a second after the stop. */
static void a_body_on_its_way_during_the_stop_still_arrives(void **state)
{
    static const char body[] = "{\"graph_data\":{\"html\":\"<p>hi</p>\"}}";
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 1, .http2 = true});
    static frames_message m;
    int fd = frames_open(server, 65535, &m);
    frames_frame f;

    (void)state;
    frames_put_request(&m, END_HEADERS, 1, "POST", "/graph/from/html/to/dot/default");
    frames_put(&m, DATA, 0, 1, body, 10);
    frames_put_ping(&m);
    frames_send(fd, &m);
    frames_read_pong(fd);
    gbxi_server_stop(server);
    frames_read_until(fd, &f, GOAWAY);
    usleep(1200 * 1000);
    m.length = 0;
    frames_put(&m, DATA, END_STREAM, 1, body + 10, strlen(body) - 10);
    frames_send(fd, &m);
    frames_read_until(fd, &f, DATA);
    assert_non_null(memmem(f.payload, f.length, "\"node_count\"", strlen("\"node_count\"")));
    assert_true(client_wait(gbxi_server_done_fd(server), CLIENT_PATIENCE_MS));
    gbxi_server_close(server);
    close(fd);
}

static void an_answer_that_is_not_taken_ends_the_connection(void **state)
{
    gbxi_server *server = open_server();
    static frames_message m;
    int fd = frames_open(server, 0, &m);

    (void)state;
    frames_put_request(&m, END_STREAM | END_HEADERS, 1, "GET", "/healthz");
    frames_send(fd, &m);
    ping_until_end(fd);
    gbxi_server_close(server);
}

static void a_request_that_does_not_arrive_ends_the_connection(void **state)
{
    gbxi_server *server = open_server();
    static frames_message m;
    int fd = frames_open(server, 65535, &m);

    (void)state;
    frames_put_request(&m, END_HEADERS, 1, "POST", "/graph/from/html/to/dot/default");
    frames_send(fd, &m);
    ping_until_end(fd);
    gbxi_server_close(server);
}

static void a_connection_that_only_pings_may_stay(void **state)
{
    gbxi_server *server = open_server();
    static frames_message m;
    int fd = frames_open(server, 65535, &m);

    (void)state;
    for (int i = 0; i < 25; i++) {
        frames_put_ping(&m);
        frames_send(fd, &m);
        frames_read_pong(fd);
        m.length = 0;
        usleep(100 * 1000);
    }
    close(fd);
    gbxi_server_close(server);
}

/* Without the option, the preface is a bad request. */
static void without_the_option_there_is_no_http2(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 1});
    client_answer answer;
    int fd = client_connect(server);

    (void)state;
    client_send(fd, FRAMES_PREFACE);
    client_read_to_end(fd, &answer);
    assert_memory_equal(answer.text, "HTTP/1.1 400 ", 13);
    fd = client_connect(server);
    client_send(fd, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                    "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n");
    client_read_until(fd, &answer, "live_captures");
    assert_memory_equal(answer.text, "HTTP/1.1 200 ", 13);
    close(fd);
    gbxi_server_close(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_that_is_widened_during_a_write_harms_nobody),
        cmocka_unit_test(a_write_that_fails_while_requests_wait_harms_nobody),
        cmocka_unit_test(requests_that_wait_for_answers_that_are_not_taken_end_with_them),
        cmocka_unit_test(headers_of_many_references_end_the_connection),
        cmocka_unit_test(a_continuation_during_the_stop_does_not_delay_it),
        cmocka_unit_test(unknown_frames_are_ignored_in_silence),
        cmocka_unit_test(a_body_on_its_way_during_the_stop_still_arrives),
        cmocka_unit_test(an_answer_that_is_not_taken_ends_the_connection),
        cmocka_unit_test(a_request_that_does_not_arrive_ends_the_connection),
        cmocka_unit_test(a_connection_that_only_pings_may_stay),
        cmocka_unit_test(without_the_option_there_is_no_http2),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
