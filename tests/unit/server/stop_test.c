/* SPDX-License-Identifier: MIT */
/* The graceful stop: requests in flight are finished, and idle connections do not delay it. */
#define _GNU_SOURCE
#include "client.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static const char body[] = "{\"graph_data\":{\"html\":\"<p>hi</p>\"}}";
enum { BODY_LENGTH = sizeof(body) - 1 };

static void send_post_head(int fd)
{
    char head[256];

    snprintf(head, sizeof(head), CLIENT_POST_HEAD "Content-Length: %d\r\n\r\n", (int)BODY_LENGTH);
    client_send(fd, head);
}

static void expect_done(gbxi_server *server)
{
    assert_true(client_wait(gbxi_server_done_fd(server), CLIENT_PATIENCE_MS));
    gbxi_server_close(server);
}

static void ends_at_once_when_nothing_is_going_on(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 3});

    (void)state;
    assert_false(client_wait(gbxi_server_done_fd(server), 0));
    gbxi_server_stop(server);
    expect_done(server);
}

static void may_be_asked_for_any_number_of_times(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 2});

    (void)state;
    for (int i = 0; i != 5; ++i)
        gbxi_server_stop(server);
    assert_true(client_wait(gbxi_server_done_fd(server), CLIENT_PATIENCE_MS));
    gbxi_server_stop(server); /* after the loops have ended */
    expect_done(server);
}

static void closes_idle_connections_whether_used_or_not(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 2});
    int unused = client_connect(server), used = client_connect(server);
    client_answer answer;

    (void)state;
    client_send(used, CLIENT_GET_HEALTH);
    client_read_until(used, &answer, "live_captures");
    gbxi_server_stop(server);
    client_read_to_end(used, &answer);
    assert_int_equal(answer.length, 0);
    client_read_to_end(unused, &answer);
    assert_int_equal(answer.length, 0);
    expect_done(server);
}

static void finishes_a_request_whose_body_is_still_on_its_way(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 1});
    int fd = client_connect(server), idle = client_connect(server);
    client_answer answer;

    (void)state;
    send_post_head(fd);
    gbxi_server_stop(server);
    /* Once the idle connection is gone the stop is under way, and this one was spared. */
    client_read_to_end(idle, &answer);
    assert_false(client_wait(gbxi_server_done_fd(server), 0));
    client_send(fd, body);
    client_read_to_end(fd, &answer);
    assert_non_null(strstr(answer.text, "HTTP/1.1 200 OK"));
    assert_non_null(strstr(answer.text, "Connection: close"));
    assert_non_null(strstr(answer.text, "\"node_count\""));
    expect_done(server);
}

static void serves_what_the_kernel_had_accepted_before_it(void **state)
{
    enum { COUNT = 64 };
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 4});
    int fds[COUNT];
    client_answer answer;

    (void)state;
    for (int i = 0; i != COUNT; ++i) {
        fds[i] = client_connect(server);
        send_post_head(fds[i]);
        client_send(fds[i], body);
    }
    gbxi_server_stop(server);
    for (int i = 0; i != COUNT; ++i) {
        client_read_to_end(fds[i], &answer);
        assert_non_null(strstr(answer.text, "\"node_count\""));
    }
    expect_done(server);
}

static void waits_for_a_half_written_request_line_until_the_client_gives_up(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 1});
    int fd = client_connect(server), idle = client_connect(server);
    client_answer answer;

    (void)state;
    client_send(fd, "GET /heal");
    gbxi_server_stop(server);
    client_read_to_end(idle, &answer);
    assert_false(client_wait(gbxi_server_done_fd(server), 0));
    close(fd);
    expect_done(server);
}

static void closing_alone_stops_too(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 2});
    int fd = client_connect(server);
    client_answer answer;

    (void)state;
    gbxi_server_close(server);
    client_read_to_end(fd, &answer);
    assert_int_equal(answer.length, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ends_at_once_when_nothing_is_going_on),
        cmocka_unit_test(may_be_asked_for_any_number_of_times),
        cmocka_unit_test(closes_idle_connections_whether_used_or_not),
        cmocka_unit_test(finishes_a_request_whose_body_is_still_on_its_way),
        cmocka_unit_test(serves_what_the_kernel_had_accepted_before_it),
        cmocka_unit_test(waits_for_a_half_written_request_line_until_the_client_gives_up),
        cmocka_unit_test(closing_alone_stops_too),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
