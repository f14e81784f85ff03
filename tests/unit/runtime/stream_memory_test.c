/* SPDX-License-Identifier: MIT */
/* Streamed answers when the memory for work is used up, and work whose client has left. */
#define _GNU_SOURCE
#include "base/account.h"
#include "base/atomic.h"
#include "client.h"
#include "runtime/stream.h"
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Paragraphs of a page whose answer is more than 5 MB. */
enum { PARAGRAPHS = 50000, MUCH_BYTES = 5 << 20, PAUSE_US = 2000, WAITING_PIECE = 6 };

/* Pieces that the worker has asked for, and the number of them at which the memory is used up; negative: never. */
static atomic_int pieces, squeeze_at = -1;
/* The worker asks for a later piece only when its client has left, and tells what it then knows. The client leaves only
 * when the worker waits for that. It has not read all of the earlier pieces then, so that leaving is a reset. */
static atomic_bool waits_until_gone, is_waiting, was_stopped;

static void wait_until_gone(const gbxi_stream *stream)
{
    atomic_store(&is_waiting, true);
    while (!gbxi_load_relaxed(gbxi_stream_gone(stream)))
        usleep(PAUSE_US);
    atomic_store(&was_stopped, gbxi_account_is_stopped());
    atomic_store(&waits_until_gone, false);
}

gbx_err __real_gbxi_stream_next(gbxi_stream *stream, size_t written, char **piece, size_t *size);
gbx_err __wrap_gbxi_stream_next(gbxi_stream *stream, size_t written, char **piece, size_t *size);

gbx_err __wrap_gbxi_stream_next(gbxi_stream *stream, size_t written, char **piece, size_t *size)
{
    int before = atomic_fetch_add(&pieces, 1);

    if (before == atomic_load(&squeeze_at))
        gbxi_work_memory_limit_set(gbxi_work_memory_look().used);
    if (before == WAITING_PIECE && atomic_load(&waits_until_gone))
        wait_until_gone(stream);
    return __real_gbxi_stream_next(stream, written, piece, size);
}

/* Of a chunk: a link and a length come before its bytes. */
enum { CHUNK_BYTES = sizeof(void *) + sizeof(size_t) + GBXI_STREAM_CHUNK_BYTES };

/* Chunks made since the last request. */
static atomic_int chunks_made;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);

void *__wrap_malloc(size_t size)
{
    if (size == CHUNK_BYTES)
        atomic_fetch_add(&chunks_made, 1);
    return __real_malloc(size);
}

/* One worker, for all requests. The connections hold little for a client that does not read. */
static int open_narrow_server(void **state)
{
    gbxi_server *server = client_open_server(
        (gbxi_server_options){.threads = 1, .workers = 1, .inline_body_bytes = GBXI_SERVER_INLINE_NONE});

    client_narrow_server(server);
    *state = server;
    return 0;
}

static void wait_until_idle(const gbxi_server *server)
{
    client_answer health = {0};

    do {
        int fd = client_connect(server);

        usleep(PAUSE_US);
        client_send(fd, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        client_read_to_end(fd, &health);
    } while (strstr(health.text, "\"busy\":0,") == NULL);
}

static int close_narrow_server(void **state)
{
    gbxi_server *server = *state;

    gbxi_work_memory_limit_set(GBXI_WORK_MEMORY_UNLIMITED);
    atomic_store(&squeeze_at, -1);
    wait_until_idle(server);
    gbxi_server_close(server);
    return gbxi_work_memory_look().used == 0 ? 0 : -1;
}

/* Sends a request for a large answer and returns its connection. */
static int ask_for_much(const gbxi_server *server)
{
    static const char begin[] = "{\"graph_data\":{\"html\":\"", paragraph[] = "<p>a", end[] = "\"}}";
    size_t length = strlen(begin) + PARAGRAPHS * strlen(paragraph) + strlen(end);
    char *request = malloc(length + 512), *at = request;
    int fd = client_connect_narrowly(server);

    assert_non_null(request);
    at += sprintf(at, CLIENT_POST_HEAD "Connection: close\r\nContent-Length: %zu\r\n\r\n%s", length, begin);
    for (size_t i = 0; i < PARAGRAPHS; i++)
        at = stpcpy(at, paragraph);
    strcpy(at, end);
    atomic_store(&pieces, 0);
    atomic_store(&chunks_made, 0);
    client_send(fd, request);
    free(request);
    return fd;
}

/* All of it goes through the one chunk that the answer has. */
static void without_memory_for_more_an_answer_waits_for_its_client(void **state)
{
    static char answer[64 << 20];
    size_t length = 0;
    ssize_t count;
    int fd;

    atomic_store(&squeeze_at, 1);
    fd = ask_for_much(*state);
    while (assert_true(client_wait(fd, CLIENT_PATIENCE_MS)),
           (count = read(fd, answer + length, sizeof(answer) - length)) > 0)
        length += (size_t)count;
    close(fd);
    assert_int_equal(count, 0);
    assert_true(length > MUCH_BYTES);
    assert_memory_equal(answer, "HTTP/1.1 200 ", 13);
    assert_memory_equal(answer + length - 8, "}\r\n0\r\n\r\n", 8);
    assert_int_equal(atomic_load(&chunks_made), 1);
}

static void without_memory_for_the_first_bytes_it_is_for_another_time(void **state)
{
    static client_answer answer;

    atomic_store(&squeeze_at, 0);
    client_read_to_end(ask_for_much(*state), &answer);
    assert_memory_equal(answer.text, "HTTP/1.1 503 ", 13);
    assert_non_null(strcasestr(answer.text, "\r\nretry-after: 1\r\n"));
    assert_non_null(strstr(answer.text, "--work-memory"));
    assert_int_equal(atomic_load(&chunks_made), 0);
}

static void work_for_a_client_that_has_left_is_told_to_stop(void **state)
{
    static client_answer begin;
    int fd;

    atomic_store(&waits_until_gone, true);
    fd = ask_for_much(*state);
    client_read_until(fd, &begin, "digraph");
    while (!atomic_load(&is_waiting))
        usleep(PAUSE_US);
    close(fd); /* with bytes unread: a reset */
    wait_until_idle(*state);
    assert_false(atomic_load(&waits_until_gone));
    assert_true(atomic_load(&was_stopped));
}

#define SERVED(test) cmocka_unit_test_setup_teardown(test, open_narrow_server, close_narrow_server)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SERVED(without_memory_for_more_an_answer_waits_for_its_client),
        SERVED(without_memory_for_the_first_bytes_it_is_for_another_time),
        SERVED(work_for_a_client_that_has_left_is_told_to_stop),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
