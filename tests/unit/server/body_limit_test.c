/* SPDX-License-Identifier: MIT */
/* Bodies over the limit are refused before they are read, and the client can read the refusal. */
#define _GNU_SOURCE
#include "client.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { LIMIT = 1000 };

static int open_server(void **state)
{
    *state = client_open_server((gbxi_server_options){.threads = 1, .max_body_bytes = LIMIT});
    return 0;
}

static int close_server(void **state)
{
    gbxi_server_close(*state);
    return 0;
}

static void send_head(int fd, const char *length_header)
{
    client_send(fd, CLIENT_POST_HEAD);
    client_send(fd, length_header);
    client_send(fd, "\r\n\r\n");
}

static void send_letters(int fd, size_t count)
{
    char *letters = malloc(count + 1);

    assert_non_null(letters);
    memset(letters, 'x', count);
    letters[count] = '\0';
    client_send(fd, letters);
    free(letters);
}

static void expect_too_large(const client_answer *answer)
{
    assert_memory_equal(answer->text, "HTTP/1.1 413 ", strlen("HTTP/1.1 413 "));
    assert_non_null(strstr(answer->text, "content-type: application/problem+json\r\n"));
    assert_non_null(strstr(answer->text, "Connection: close\r\n"));
    assert_non_null(strstr(answer->text, "\"status\":413,\"detail\":\"the body is larger than 1000 bytes\""));
    assert_false(answer->reset);
}

static void a_body_at_the_limit_is_read(void **state)
{
    int fd = client_connect(*state);
    client_answer answer;

    send_head(fd, "Connection: close\r\nContent-Length: 1000");
    send_letters(fd, LIMIT);
    client_read_to_end(fd, &answer);
    /* Read and judged: letters are not JSON. */
    assert_memory_equal(answer.text, "HTTP/1.1 400 ", strlen("HTTP/1.1 400 "));
}

static void a_length_over_the_limit_is_refused_before_any_body(void **state)
{
    int fd = client_connect(*state);
    client_answer answer;

    send_head(fd, "Content-Length: 1001");
    client_read_to_end(fd, &answer);
    expect_too_large(&answer);
}

static void a_length_beyond_all_numbers_is_refused(void **state)
{
    int fd = client_connect(*state);
    client_answer answer;

    send_head(fd, "Content-Length: 99999999999999999999999999");
    client_read_to_end(fd, &answer);
    assert_memory_equal(answer.text, "HTTP/1.1 4", strlen("HTTP/1.1 4"));
    assert_non_null(strstr(answer.text, "application/problem+json"));
}

static void the_answer_reaches_a_client_that_sends_it_all_first(void **state)
{
    enum { MEGABYTE = 1 << 20, COUNT = 8 };
    int fd = client_connect(*state);
    client_answer answer;

    send_head(fd, "Content-Length: 8388608");
    for (int i = 0; i != COUNT; ++i)
        send_letters(fd, MEGABYTE);
    client_read_to_end(fd, &answer);
    expect_too_large(&answer);
}

static void chunks_over_the_limit_are_refused_as_they_come(void **state)
{
    int fd = client_connect(*state);
    client_answer answer;

    send_head(fd, "Transfer-Encoding: chunked");
    for (int i = 0; i != 2; ++i) {
        client_send(fd, "200\r\n");
        send_letters(fd, 0x200);
        client_send(fd, "\r\n");
    }
    client_read_to_end(fd, &answer);
    expect_too_large(&answer);
}

static void a_broken_chunk_is_a_problem_too(void **state)
{
    int fd = client_connect(*state);
    client_answer answer;

    send_head(fd, "Transfer-Encoding: chunked");
    client_send(fd, "zzz\r\n");
    client_read_to_end(fd, &answer);
    assert_memory_equal(answer.text, "HTTP/1.1 400 ", strlen("HTTP/1.1 400 "));
    assert_non_null(strstr(answer.text, "\"detail\":\"broken chunked-encoding\""));
}

static void a_client_that_waits_for_leave_is_told_at_once(void **state)
{
    int fd = client_connect(*state);
    client_answer answer;

    send_head(fd, "Expect: 100-continue\r\nContent-Length: 1001");
    client_read_to_end(fd, &answer);
    expect_too_large(&answer);
}

static void a_client_that_neither_sends_nor_leaves_does_not_hold_up_a_stop(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 1, .max_body_bytes = LIMIT});
    int fd = client_connect(server);
    client_answer answer;

    (void)state;
    send_head(fd, "Content-Length: 1001");
    client_read_until(fd, &answer, "\"detail\"");
    gbxi_server_stop(server);
    assert_true(client_wait(gbxi_server_done_fd(server), CLIENT_PATIENCE_MS));
    gbxi_server_close(server);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_body_at_the_limit_is_read, open_server, close_server),
        cmocka_unit_test_setup_teardown(a_length_over_the_limit_is_refused_before_any_body, open_server, close_server),
        cmocka_unit_test_setup_teardown(a_length_beyond_all_numbers_is_refused, open_server, close_server),
        cmocka_unit_test_setup_teardown(the_answer_reaches_a_client_that_sends_it_all_first, open_server, close_server),
        cmocka_unit_test_setup_teardown(chunks_over_the_limit_are_refused_as_they_come, open_server, close_server),
        cmocka_unit_test_setup_teardown(a_broken_chunk_is_a_problem_too, open_server, close_server),
        cmocka_unit_test_setup_teardown(a_client_that_waits_for_leave_is_told_at_once, open_server, close_server),
        cmocka_unit_test(a_client_that_neither_sends_nor_leaves_does_not_hold_up_a_stop),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
