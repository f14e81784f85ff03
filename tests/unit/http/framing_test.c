/* SPDX-License-Identifier: MIT */
/* Requests whose head others may read differently are refused, and no other requests are. */
#define _GNU_SOURCE
#include "client.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define REFUSAL "the length of the body is given more than once"

static int open_framing_server(void **state)
{
    *state = client_open_server((gbxi_server_options){.threads = 1});
    return 0;
}

static int close_framing_server(void **state)
{
    gbxi_server_close(*state);
    return 0;
}

static void expect_refusal(const gbxi_server *server, const char *head, const char *rest, const char *text)
{
    int fd = client_connect(server);
    client_answer answer;

    client_send(fd, head);
    client_send(fd, rest);
    client_read_to_end(fd, &answer);
    assert_memory_equal(answer.text, "HTTP/1.1 400 ", strlen("HTTP/1.1 400 "));
    assert_non_null(strstr(answer.text, text));
    assert_non_null(strstr(answer.text, "Connection: close\r\n"));
}

static void ambiguous_lengths_are_refused_and_the_connection_ends(void **state)
{
    static const char *const lengths[] = {
        "Content-Length: 5\r\nContent-Length: 5\r\n\r\nab\r\nc",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "TRANSFER-ENCODING: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    };

    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
        expect_refusal(*state, CLIENT_POST_HEAD, lengths[i], REFUSAL);
}

#define POST "POST /graph/from/html/to/dot/default HTTP/1.1"
#define BARE "ends without a carriage return"
#define FOLDED "goes on in the next line"
#define HOSTS "the Host header is given more than once"

/* Each with a body and without one. */
static void heads_that_others_read_differently_are_refused_and_the_connection_ends(void **state)
{
    static const char *const heads[][2] = {
        {"GET /healthz HTTP/1.1\nHost: localhost\r\n\r\n", BARE},
        {"GET /healthz HTTP/1.1\r\nHost: localhost\n\r\n", BARE},
        {"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\n", BARE},
        {"\nGET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", BARE},
        {"\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\n\r\n", BARE},
        {"GET /nowhere HTTP/1.1\r\nHost: localhost\nX: y\n\n", BARE},
        {POST "\r\nHost: localhost\nContent-Length: 2\r\n\r\n{}", BARE},
        {POST "\r\nHost: localhost\r\nContent-Length: 0\n\r\n", BARE},
        {POST "\r\nHost: localhost\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", BARE},
        {"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: y\r\n z\r\n\r\n", FOLDED},
        {POST "\r\nHost: localhost\r\nX: y\r\n\tContent-Length: 7\r\nContent-Length: 2\r\n\r\n{}", FOLDED},
        {"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHOST: localhost\r\n\r\n", HOSTS},
        {POST "\r\nHost: localhost\r\nContent-Length: 2\r\nhost: other\r\n\r\n{}", HOSTS},
    };

    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
        expect_refusal(*state, heads[i][0], "", heads[i][1]);
}

/* libh2o refuses these itself. */
static void control_characters_in_a_head_end_the_connection(void **state)
{
    static const char *const heads[] = {
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: a\x01\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX : a\r\n\r\n",
    };

    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
        expect_refusal(*state, heads[i], "", "the request line or a header is malformed");
}

/* Only the program's own decoder refuses the line feed; libh2o's would accept it. */
static void a_chunk_with_a_bare_line_feed_is_refused_and_the_connection_ends(void **state)
{
    expect_refusal(*state, CLIENT_POST_HEAD, "Transfer-Encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n", "broken chunked");
}

/* The body and the end of another header's name look like a second length. */
static void one_length_is_enough(void **state)
{
    static const char *const requests[] = {
        "Content-Length: 38\r\n\r\ncontent-length: 5\r\ncontent-length: 5\r\n",
        "X-Content-Length: 5\r\nContent-Length: 2\r\n\r\n{}",
        "Transfer-Encoding: chunked\r\nContent-Lengthy: 5\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    };

    client_answer answer;

    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        int fd = client_connect(*state);

        client_send(fd, "\r\n"); /* an empty line before a request is allowed */
        client_send(fd, CLIENT_POST_HEAD);
        client_send(fd, requests[i]);
        client_read_until(fd, &answer, "\"}");
        assert_null(strstr(answer.text, REFUSAL));
        client_send(fd, CLIENT_GET_HEALTH); /* the connection is still open */
        client_read_until(fd, &answer, "\"status\":\"ok\"");
        close(fd);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ambiguous_lengths_are_refused_and_the_connection_ends),
        cmocka_unit_test(heads_that_others_read_differently_are_refused_and_the_connection_ends),
        cmocka_unit_test(control_characters_in_a_head_end_the_connection),
        cmocka_unit_test(a_chunk_with_a_bare_line_feed_is_refused_and_the_connection_ends),
        cmocka_unit_test(one_length_is_enough),
    };

    return cmocka_run_group_tests(tests, open_framing_server, close_framing_server);
}
