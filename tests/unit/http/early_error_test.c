/* SPDX-License-Identifier: MIT */
/* Errors that libh2o answers itself become problem documents, and the refused connection ends. */
#define _GNU_SOURCE
#include "client.h"
#include "http/early_error.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { BODY_LIMIT = 1000 };

/* One connection at a time, so that the next one shows the end of a refused one. */
static int open_narrow_server(void **state)
{
    *state =
        client_open_server((gbxi_server_options){.threads = 1, .max_connections = 1, .max_body_bytes = BODY_LIMIT});
    return 0;
}

static int close_narrow_server(void **state)
{
    gbxi_server_close(*state);
    return 0;
}

static void check_refused(const gbxi_server *server, const char *request, const char *status, const char *body)
{
    int fd = client_connect(server);
    client_answer answer;
    char length[64];

    client_send(fd, request);
    client_read_to_end(fd, &answer);
    assert_false(answer.reset);
    assert_memory_equal(answer.text, status, strlen(status));
    assert_non_null(strstr(answer.text, "content-type: application/problem+json\r\n"));
    assert_non_null(strstr(answer.text, "Connection: close\r\n"));
    snprintf(length, sizeof(length), "content-length: %zu\r\n", strlen(body));
    assert_non_null(strcasestr(answer.text, length));
    assert_string_equal(strstr(answer.text, "\r\n\r\n") + 4, body);
}

static void early_errors_become_problem_documents(void **state)
{
    check_refused(*state, CLIENT_POST_HEAD "Content-Length: 1001\r\n\r\n", "HTTP/1.1 413 ",
                  "{\"type\":\"about:blank\",\"title\":\"Content Too Large\",\"status\":413,"
                  "\"detail\":\"the body is larger than 1000 bytes\"}");
    check_refused(*state, CLIENT_POST_HEAD "Transfer-Encoding: chunked\r\n\r\nx\r\n", "HTTP/1.1 400 ",
                  "{\"type\":\"about:blank\",\"title\":\"Bad Request\",\"status\":400,"
                  "\"detail\":\"broken chunked-encoding\"}");
}

#define TOO_LARGE                                                                                                      \
    "{\"type\":\"about:blank\",\"title\":\"Content Too Large\",\"status\":413,"                                        \
    "\"detail\":\"the body is larger than 1000 bytes\"}"

/* The client announces the data and waits. */
static void a_chunk_that_does_not_fit_is_refused_before_it_is_sent(void **state)
{
    static const char chunked[] = CLIENT_POST_HEAD "Transfer-Encoding: chunked\r\n\r\n";
    char request[1024];

    snprintf(request, sizeof(request), "%s3e9\r\n", chunked);
    check_refused(*state, request, "HTTP/1.1 413 ", TOO_LARGE);
    snprintf(request, sizeof(request), "%s2\r\n{}\r\n3e7\r\n", chunked);
    check_refused(*state, request, "HTTP/1.1 413 ", TOO_LARGE);
    snprintf(request, sizeof(request), "%s2\r\n{}\r\nffffffffffffffff\r\n", chunked);
    check_refused(*state, request, "HTTP/1.1 413 ", TOO_LARGE);
}

/* Each body counts for itself. */
static void bodies_of_one_connection_do_not_add_up(void **state)
{
    static const char request[] = CLIENT_POST_HEAD "Transfer-Encoding: chunked\r\n\r\n258\r\n%600s\r\n0\r\n\r\n";
    int fd = client_connect(*state);
    client_answer answer;
    char text[1024];

    snprintf(text, sizeof(text), request, "");
    for (int i = 0; i < 3; i++) {
        client_send(fd, text);
        client_read_until(fd, &answer, "the text is empty\"}");
    }
    close(fd);
}

/* Nor do those of two: one body comes whole between the parts of the other. */
static void bodies_of_two_connections_do_not_add_up(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 1, .max_body_bytes = BODY_LIMIT});
    int slow = client_connect(server), between;
    client_answer answer;
    char first[1024], rest[1024];

    (void)state;
    snprintf(first, sizeof(first), CLIENT_POST_HEAD "Transfer-Encoding: chunked\r\n\r\n1f4\r\n%500s\r\n", "");
    snprintf(rest, sizeof(rest), "190\r\n%400s\r\n0\r\n\r\n", "");
    client_send(slow, first);
    between = client_connect(server);
    client_send(between, CLIENT_GET_HEALTH);
    client_read_until(between, &answer, "\"status\":\"ok\"");
    client_send(between, first);
    client_send(between, rest);
    client_read_until(between, &answer, "the text is empty\"}");
    client_send(slow, rest);
    client_read_until(slow, &answer, "the text is empty\"}");
    close(slow);
    close(between);
    gbxi_server_close(server);
}

/* What is said of one error is not said of another. */
static void an_explanation_is_for_one_error(void **state)
{
    gbx_error error;

    (void)state;
    gbxi_early_error_explain(431, "too much");
    assert_int_equal(gbxi_early_error_take(&error), 431);
    assert_string_equal(error.text, "too much");
    assert_int_equal(gbxi_early_error_take(&error), 0);
    gbxi_early_error_explain(431, "too much");
    gbxi_early_error_forget();
    assert_int_equal(gbxi_early_error_take(&error), 0);
}

static void a_refused_head_request_gets_no_body(void **state)
{
    int fd = client_connect(*state);
    client_answer answer;

    client_send(fd, "HEAD / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1001\r\n\r\n");
    client_read_to_end(fd, &answer);
    assert_memory_equal(answer.text, "HTTP/1.1 413 ", strlen("HTTP/1.1 413 "));
    assert_string_equal(strstr(answer.text, "\r\n\r\n"), "\r\n\r\n");
}

/* libh2o would say 400. */
static void a_head_request_with_a_chunk_that_does_not_fit_gets_its_status(void **state)
{
    int fd = client_connect(*state);
    client_answer answer;

    client_send(fd, "HEAD / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3e9\r\n");
    client_read_to_end(fd, &answer);
    assert_memory_equal(answer.text, "HTTP/1.1 413 ", strlen("HTTP/1.1 413 "));
}

/* A connection that were closed before all of it is read would be reset, and the answer lost. */
static void a_client_that_sends_its_large_body_all_the_same_sees_the_answer(void **state)
{
    static char request[4 << 20];
    size_t head = (size_t)snprintf(request, sizeof(request), CLIENT_POST_HEAD "Content-Length: 4000000\r\n\r\n");

    memset(request + head, 'x', sizeof(request) - 1 - head);
    check_refused(*state, request, "HTTP/1.1 413 ", TOO_LARGE);
}

/* The client of the first connection has its refusal and stays, without sending or closing. */
static void a_refused_client_that_stays_is_disconnected(void **state)
{
    int stays = client_connect(*state), next;
    client_answer answer;

    client_send(stays, CLIENT_POST_HEAD "Content-Length: 1001\r\n\r\n");
    client_read_until(stays, &answer, "\"detail\"");
    next = client_connect(*state);
    client_send(next, CLIENT_GET_HEALTH);
    client_read_until(next, &answer, "\"status\":\"ok\"");
    close(next);
    close(stays);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(early_errors_become_problem_documents),
        cmocka_unit_test(a_chunk_that_does_not_fit_is_refused_before_it_is_sent),
        cmocka_unit_test(bodies_of_one_connection_do_not_add_up),
        cmocka_unit_test(bodies_of_two_connections_do_not_add_up),
        cmocka_unit_test(an_explanation_is_for_one_error),
        cmocka_unit_test(a_refused_head_request_gets_no_body),
        cmocka_unit_test(a_head_request_with_a_chunk_that_does_not_fit_gets_its_status),
        cmocka_unit_test(a_client_that_sends_its_large_body_all_the_same_sees_the_answer),
        cmocka_unit_test(a_refused_client_that_stays_is_disconnected),
    };

    return cmocka_run_group_tests(tests, open_narrow_server, close_narrow_server);
}
