/* SPDX-License-Identifier: MIT */
/* Clients that keep the server waiting, and more clients than the server accepts. */
#define _GNU_SOURCE
#include "client.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

static void expect_health(int fd)
{
    client_answer answer;

    client_send(fd, CLIENT_GET_HEALTH);
    client_read_until(fd, &answer, "live_captures");
}

static void over_the_limit_a_connection_waits_until_another_ends(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 2, .max_connections = 2});
    int first = client_connect(server), second, third;
    client_answer answer;

    (void)state;
    expect_health(first);
    second = client_connect(server);
    expect_health(second);
    third = client_connect(server);
    client_send(third, CLIENT_GET_HEALTH);
    assert_false(client_wait(third, 300));
    expect_health(first);
    close(first);
    client_read_until(third, &answer, "live_captures");
    close(second);
    close(third);
    gbxi_server_close(server);
}

static void a_place_is_free_again_after_every_connection(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 2, .max_connections = 1});

    (void)state;
    for (int i = 0; i != 5; ++i) {
        int fd = client_connect(server);
        expect_health(fd);
        close(fd);
    }
    gbxi_server_close(server);
}

static void a_stop_does_not_wait_for_those_without_a_place(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 1, .max_connections = 1});
    int first = client_connect(server), second;
    client_answer answer;

    (void)state;
    expect_health(first);
    second = client_connect(server);
    assert_false(client_wait(second, 150)); /* accepting has paused */
    gbxi_server_close(server);
    client_read_to_end(first, &answer);
    client_read_to_end(second, &answer);
    assert_int_equal(answer.length, 0);
}

/* Each keeps a request open in its own way; none gets an answer, and all are gone when the time is over. */
static void check_halves(bool http2)
{
    static const char *const halves[] = {
        "",
        "G",
        "POST /graph/from/html/to/dot/default HTTP/1.1\r\nHost",
        CLIENT_POST_HEAD "Content-Length: 10\r\n\r\n{",
        CLIENT_POST_HEAD "Transfer-Encoding: chunked\r\n\r\n5\r\n{",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    };
    enum { COUNT = sizeof(halves) / sizeof(halves[0]) };
    gbxi_server *server =
        client_open_server((gbxi_server_options){.threads = 1, .request_timeout_s = 1, .http2 = http2});
    client_answer answer;
    int fds[COUNT], count = http2 ? COUNT : COUNT - 1, other;

    for (int i = 0; i != count; ++i) {
        fds[i] = client_connect(server);
        client_send(fds[i], halves[i]);
    }
    other = client_connect(server);
    expect_health(other);
    close(other);
    for (int i = 0; i != count; ++i) {
        client_read_to_end(fds[i], &answer);
        assert_null(strstr(answer.text, "HTTP/1.1"));
    }
    gbxi_server_close(server);
}

static void a_request_that_does_not_arrive_is_ended_while_others_are_served(void **state)
{
    (void)state;
    check_halves(false);
    check_halves(true);
}

/* A client that asks and asks and reads nothing: its window shuts, and with it the server's one place is taken. */
static void a_client_that_takes_no_answer_is_ended(void **state)
{
    gbxi_server *server =
        client_open_server((gbxi_server_options){.threads = 1, .max_connections = 1, .request_timeout_s = 1});
    int deaf = client_connect(server), other;
    int sent = 0;

    (void)state;
    while (send(deaf, CLIENT_GET_HEALTH, strlen(CLIENT_GET_HEALTH), MSG_NOSIGNAL | MSG_DONTWAIT) > 0 || sent == 0)
        ++sent;
    other = client_connect(server);
    expect_health(other);
    close(other);
    close(deaf);
    gbxi_server_close(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(over_the_limit_a_connection_waits_until_another_ends),
        cmocka_unit_test(a_place_is_free_again_after_every_connection),
        cmocka_unit_test(a_stop_does_not_wait_for_those_without_a_place),
        cmocka_unit_test(a_request_that_does_not_arrive_is_ended_while_others_are_served),
        cmocka_unit_test(a_client_that_takes_no_answer_is_ended),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
