/* SPDX-License-Identifier: MIT */
/* Fairness: a connection that pipelines, or resets what it asks for, does not keep the others waiting. */
#define _GNU_SOURCE
#include "client.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define HEAD_OF_MUCH "HEAD /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

enum { REQUESTS = 1000, ELEMENTS = 8000, ANSWERS_SIZE = 1 << 20 };

static void send_all(int fd, const char *text, size_t length)
{
    for (ssize_t count; length > 0; text += count, length -= (size_t)count) {
        count = send(fd, text, length, MSG_NOSIGNAL);
        assert_true(count > 0);
    }
}

/* A request that keeps the loop long enough for others to arrive meanwhile. */
static void send_long_request(int fd)
{
    static const char begin[] = "{\"graph_data\":{\"html\":\"", end[] = "\"}}", element[] = "<p>x";
    static char body[sizeof(begin) + ELEMENTS * sizeof(element) + sizeof(end)];
    char head[256], *at = stpcpy(body, begin);

    for (int i = 0; i < ELEMENTS; i++)
        at = stpcpy(at, element);
    stpcpy(at, end);
    snprintf(head, sizeof(head), CLIENT_POST_HEAD "Content-Length: %zu\r\n\r\n", strlen(body));
    client_send(fd, head);
    send_all(fd, body, strlen(body));
}

/* Reads what has arrived, without waiting for more. Returns the number of answers so far. */
static int count_answers(int fd)
{
    static char text[ANSWERS_SIZE];
    static size_t length;
    ssize_t more = recv(fd, text + length, sizeof(text) - 1 - length, MSG_DONTWAIT);
    int count = 0;

    length += more > 0 ? (size_t)more : 0;
    text[length] = '\0';
    for (const char *at = text; (at = strstr(at, "HTTP/1.1 200 ")) != NULL; at++)
        count++;
    return count;
}

/* The greedy connection's requests are in the server's input before the other's. */
static void others_are_served_between_pipelined_requests(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 1});
    int first = client_connect(server), greedy = client_connect(server), other = client_connect(server);
    static char text[REQUESTS * sizeof(HEAD_OF_MUCH)];
    client_answer answer;

    (void)state;
    for (size_t i = 0; i < REQUESTS; i++)
        strcat(text + i * strlen(HEAD_OF_MUCH), HEAD_OF_MUCH);
    client_send(other, CLIENT_GET_HEALTH);
    client_read_until(other, &answer, "live_captures");
    send_long_request(first);
    send_all(greedy, text, strlen(text));
    client_send(other, CLIENT_GET_HEALTH);
    client_read_until(other, &answer, "live_captures");
    assert_in_range(count_answers(greedy), 0, REQUESTS / 2);
    for (int i = 0; count_answers(greedy) < REQUESTS; i++) {
        assert_true(i < CLIENT_PATIENCE_MS);
        usleep(1000);
    }
    close(first);
    close(greedy);
    close(other);
    gbxi_server_close(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(others_are_served_between_pipelined_requests),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
