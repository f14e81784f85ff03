/* SPDX-License-Identifier: MIT */
/* Requests that state the length of their body more than once are refused, and no other requests are. */
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

static void ambiguous_lengths_are_refused_and_the_connection_ends(void **state)
{
    static const char *const lengths[] = {
        "Content-Length: 5\r\nContent-Length: 5\r\n\r\nab\r\nc",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "TRANSFER-ENCODING: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nX: y\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    };

    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        int fd = client_connect(*state);
        client_answer answer;

        client_send(fd, CLIENT_POST_HEAD);
        client_send(fd, lengths[i]);
        client_read_to_end(fd, &answer);
        assert_memory_equal(answer.text, "HTTP/1.1 400 ", strlen("HTTP/1.1 400 "));
        assert_non_null(strstr(answer.text, REFUSAL));
        assert_non_null(strstr(answer.text, "Connection: close\r\n"));
    }
}

/* The body and the end of another header's name look like a second length. */
static void one_length_is_enough(void **state)
{
    static const char *const requests[] = {
        "Content-Length: 38\r\n\r\ncontent-length: 5\r\ncontent-length: 5\r\n",
        "X-Content-Length: 5\r\nContent-Length: 2\r\n\r\n{}",
        "Transfer-Encoding: chunked\r\nContent-Lengthy: 5\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    };

    for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
        int fd = client_connect(*state);
        client_answer answer;

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
        cmocka_unit_test(one_length_is_enough),
    };

    return cmocka_run_group_tests(tests, open_framing_server, close_framing_server);
}
