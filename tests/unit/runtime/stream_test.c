/* SPDX-License-Identifier: MIT */
/* Streamed answers over a real connection: bounded memory, slow and vanished clients, failures before and after the
 * first bytes. */
#define _GNU_SOURCE
#include "client.h"
#include "runtime/stream.h"
#include <errno.h>
#include <glassbox/capture.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);

/* Chunks made since the last reset, and which one cannot be, counted from 1; 0: none. */
static atomic_int chunks_made, chunk_fails;

void *__wrap_malloc(size_t size)
{
    bool is_chunk = size == GBXI_STREAM_CHUNK_BYTES + sizeof(void *) + sizeof(size_t);

    if (is_chunk && atomic_fetch_add(&chunks_made, 1) + 1 == atomic_load(&chunk_fails))
        return NULL;
    return __real_malloc(size);
}

enum { PAUSE_US = 2000 };

/* Whether the client has the first bytes of the answer. */
static atomic_bool answer_begun;

gbx_err __real_gbxi_stream_next(gbxi_stream *stream, size_t written, char **piece, size_t *size);
gbx_err __wrap_gbxi_stream_next(gbxi_stream *stream, size_t written, char **piece, size_t *size);

/* A later chunk fails only when the answer has begun: before that, the answer would be a problem document. */
gbx_err __wrap_gbxi_stream_next(gbxi_stream *stream, size_t written, char **piece, size_t *size)
{
    int fails = atomic_load(&chunk_fails);

    while (fails > 1 && atomic_load(&chunks_made) + 1 == fails && !atomic_load(&answer_begun))
        usleep(PAUSE_US);
    return __real_gbxi_stream_next(stream, written, piece, size);
}

/* Paragraphs of a page whose answer, more than 5 MB, is more than the 4 MB of a stream's chunks and the small buffers
 * of the kernel hold for a client that does not read. */
enum { PARAGRAPHS = 50000, MUCH_BYTES = 5 << 20 };

static char *make_request(const char *version, const char *suffix, size_t paragraphs)
{
    const char paragraph[] = "<p>a",
               begin[] = "{\"trace_config\":{\"capture_traces\":true},\"graph_data\":{\"html\":\"", end[] = "\"}}";
    size_t length = strlen(begin) + paragraphs * strlen(paragraph) + strlen(end);
    char *request = malloc(length + 512), *at;

    at = request + sprintf(request,
                           "POST /graph/from/html/to/dot/default%s HTTP/%s\r\nHost: localhost\r\nConnection: close\r\n"
                           "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                           suffix, version, length, begin);
    for (size_t i = 0; i < paragraphs; i++, at += strlen(paragraph))
        memcpy(at, paragraph, sizeof(paragraph));
    strcpy(at, end);
    return request;
}

static int ask(const gbxi_server *server, const char *version, const char *suffix, size_t paragraphs)
{
    char *request = make_request(version, suffix, paragraphs);
    int fd = client_connect_narrowly(server);

    atomic_store(&chunks_made, 0);
    client_send(fd, request);
    free(request);
    return fd;
}

/* An answer of any size: where it began and ended, and how long it was. */
typedef struct answer {
    char head[1024], tail[1 << 16];
    size_t length;
    bool reset;
} answer;

static void read_all(int fd, answer *whole)
{
    static char piece[1 << 20];
    size_t head_length = 0, kept;
    ssize_t count;

    *whole = (answer){.length = 0};
    while (assert_true(client_wait(fd, CLIENT_PATIENCE_MS)), (count = read(fd, piece, sizeof(piece))) > 0) {
        kept = sizeof(whole->head) - 1 - head_length < (size_t)count ? sizeof(whole->head) - 1 - head_length
                                                                     : (size_t)count;
        memcpy(whole->head + head_length, piece, kept);
        head_length += kept;
        whole->length += (size_t)count;
        kept = (size_t)count < sizeof(whole->tail) - 1 ? (size_t)count : sizeof(whole->tail) - 1;
        memmove(whole->tail, whole->tail + kept, sizeof(whole->tail) - 1 - kept);
        memcpy(whole->tail + sizeof(whole->tail) - 1 - kept, piece + count - kept, kept);
    }
    whole->reset = count < 0;
    close(fd);
}

static bool ends_with(const answer *whole, const char *end)
{
    return strcmp(whole->tail + sizeof(whole->tail) - 1 - strlen(end), end) == 0;
}

/* Asks with pauses: the workers have a lower priority than who asks. */
static bool health_says(const gbxi_server *server, const char *text)
{
    client_answer health = {0};
    int fd = client_connect(server);

    usleep(PAUSE_US);
    client_send(fd, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    client_read_to_end(fd, &health);
    return strstr(health.text, text) != NULL;
}

static void wait_until_health_says(const gbxi_server *server, const char *text)
{
    while (!health_says(server, text))
        ;
}

/* A client that does not read makes sure that it comes to this. */
static void wait_until_chunks_made(int count)
{
    while (atomic_load(&chunks_made) < count)
        usleep(PAUSE_US);
}

static gbxi_server *open_server_with(uint32_t request_timeout_s, uint32_t slow_clients)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 1,
                                                                   .workers = 1,
                                                                   .slow_clients = slow_clients,
                                                                   .inline_body_bytes = GBXI_SERVER_INLINE_NONE,
                                                                   .request_timeout_s = request_timeout_s});

    client_narrow_server(server);
    return server;
}

/* One worker, which each client keeps that does not read. */
static gbxi_server *open_server(uint32_t request_timeout_s)
{
    atomic_store(&chunk_fails, 0);
    return open_server_with(request_timeout_s, GBXI_SERVER_SLOW_CLIENTS_NONE);
}

static void close_server(gbxi_server *server)
{
    wait_until_health_says(server, "\"workers\":{\"count\":1,\"busy\":0,\"slow_clients\":0,\"queued\":0,");
    gbxi_server_close(server);
    assert_int_equal(gbx_capture_live_count(), 0);
}

static void an_answer_of_any_size_takes_so_many_chunks_and_no_more(void **state)
{
    gbxi_server *server = open_server(0);
    int fd = ask(server, "1.1", "", PARAGRAPHS);
    answer whole;

    (void)state;
    wait_until_chunks_made(GBXI_STREAM_CHUNKS_MAX);
    wait_until_health_says(server, "\"busy\":1,"); /* the loop serves on, and the worker waits */
    read_all(fd, &whole);
    assert_non_null(strstr(whole.head, "HTTP/1.1 200 OK"));
    assert_non_null(strstr(whole.head, "transfer-encoding: chunked"));
    assert_true(whole.length > MUCH_BYTES);
    assert_true(ends_with(&whole, "}\r\n0\r\n\r\n"));
    assert_int_equal(atomic_load(&chunks_made), GBXI_STREAM_CHUNKS_MAX);
    close_server(server);
}

/* Over HTTP/1.1, and over 1.0, where no chunks come between the letters of a name. */
static void a_trace_comes_behind_it_and_tells_of_the_waiting(void **state)
{
    static const char *const versions[] = {"1.1", "1.0"}, *const ends[] = {"}\r\n0\r\n\r\n", "}"};
    gbxi_server *server = open_server(0);
    static answer whole;

    (void)state;
    for (int i = 0; i < 2; i++) {
        int fd = ask(server, versions[i], "/summary", PARAGRAPHS);

        wait_until_health_says(server, "\"busy\":1,\"slow_clients\":1,");
        read_all(fd, &whole);
        assert_non_null(strstr(whole.head, "{\"graph_output\":{"));
        assert_true(ends_with(&whole, ends[i]));
        assert_int_equal(atomic_load(&chunks_made), GBXI_STREAM_CHUNKS_MAX);
    }
    assert_false(whole.reset);
    assert_non_null(memmem(whole.tail, sizeof(whole.tail), "\"response.wait\"", strlen("\"response.wait\"")));
    close_server(server);
}

static void an_answer_that_fits_one_chunk_tells_its_length(void **state)
{
    gbxi_server *server = open_server(0);
    answer whole;

    (void)state;
    read_all(ask(server, "1.1", "", 1), &whole);
    assert_non_null(strstr(whole.head, "HTTP/1.1 200 OK"));
    assert_non_null(strstr(whole.head, "Content-Length: "));
    assert_true(ends_with(&whole, "}"));
    assert_int_equal(atomic_load(&chunks_made), 1);
    close_server(server);
}

static void over_http_1_0_the_end_of_the_connection_is_that_of_the_answer(void **state)
{
    gbxi_server *server = open_server(0);
    answer whole;

    (void)state;
    read_all(ask(server, "1.0", "", PARAGRAPHS), &whole);
    assert_null(strstr(whole.head, "chunked"));
    assert_true(ends_with(&whole, "}") && !whole.reset && whole.length > MUCH_BYTES);
    close_server(server);
}

static void a_client_that_hangs_up_in_the_middle_frees_its_worker(void **state)
{
    static const char *const suffixes[] = {"", "/full"};
    gbxi_server *server = open_server(0);
    client_answer begin;
    int fd;

    (void)state;
    for (int i = 0; i < 2; i++) {
        fd = ask(server, "1.1", suffixes[i], PARAGRAPHS);
        client_read_until(fd, &begin, "digraph");
        wait_until_chunks_made(GBXI_STREAM_CHUNKS_MAX);
        close(fd);
        wait_until_health_says(server, "\"busy\":0,");
    }
    close_server(server);
}

static void a_client_that_hangs_up_before_its_turn_is_forgotten(void **state)
{
    gbxi_server *server = open_server(0);
    int first = ask(server, "1.1", "", PARAGRAPHS), second;
    answer whole;

    (void)state;
    wait_until_chunks_made(GBXI_STREAM_CHUNKS_MAX);
    second = ask(server, "1.1", "", PARAGRAPHS);
    wait_until_health_says(server, "\"queued\":1,");
    close(second);
    read_all(first, &whole);
    assert_true(ends_with(&whole, "}\r\n0\r\n\r\n"));
    close_server(server);
}

static void a_client_that_does_not_read_keeps_no_worker_from_the_next(void **state)
{
    gbxi_server *server = open_server_with(0, 1);
    answer whole;
    int unread;

    (void)state;
    unread = ask(server, "1.1", "", PARAGRAPHS);
    wait_until_health_says(server, "\"busy\":1,\"slow_clients\":1,");
    read_all(ask(server, "1.1", "", PARAGRAPHS), &whole);
    assert_true(whole.length > MUCH_BYTES);
    assert_true(ends_with(&whole, "}\r\n0\r\n\r\n"));
    read_all(unread, &whole);
    assert_true(whole.length > MUCH_BYTES);
    assert_true(ends_with(&whole, "}\r\n0\r\n\r\n"));
    close_server(server);
}

/* What is left for a client whose answer was broken off must not pass for a whole one. A socket tells of a reset once.
 */
static void check_broken_off(int fd, bool chunked, bool was_reset)
{
    answer whole;

    read_all(fd, &whole);
    whole.reset |= was_reset;
    assert_true(whole.length > 0 || whole.reset); /* a reset may leave nothing of what was under way */
    assert_false(ends_with(&whole, "0\r\n\r\n"));
    assert_false(ends_with(&whole, "}"));
    assert_true(whole.reset || chunked); /* without chunks it would end like any other */
}

static void a_client_that_takes_nothing_is_broken_off_in_time(void **state)
{
    gbxi_server *server = open_server(1);
    int fd;

    (void)state;
    for (int i = 0; i < 2; i++) {
        fd = ask(server, i == 0 ? "1.1" : "1.0", "", PARAGRAPHS);
        wait_until_health_says(server, "\"busy\":1,");
        wait_until_health_says(server, "\"busy\":0,");
        check_broken_off(fd, i == 0, false);
    }
    close_server(server);
}

/* Takes a little of what there is. Returns whether the connection was reset instead. */
static bool sip(int fd)
{
    char little[64];

    return recv(fd, little, sizeof(little), MSG_DONTWAIT) == -1 && errno == ECONNRESET;
}

/* The kernel is content with it, but it would hold the worker for ever. */
static void a_client_that_takes_too_little_is_broken_off_too(void **state)
{
    gbxi_server *server = open_server(1);
    bool reset;
    int fd;

    (void)state;
    for (int i = 0; i < 2; i++) {
        fd = ask(server, i == 0 ? "1.1" : "1.0", "", PARAGRAPHS);
        wait_until_health_says(server, "\"busy\":1,");
        reset = false;
        while (!health_says(server, "\"busy\":0,"))
            if (atomic_load(&chunks_made) == GBXI_STREAM_CHUNKS_MAX)
                reset |= sip(fd);
        check_broken_off(fd, i == 0, reset);
    }
    close_server(server);
}

static void a_failure_before_the_first_bytes_is_a_problem_document(void **state)
{
    gbxi_server *server = open_server(0);
    answer whole;

    (void)state;
    atomic_store(&chunk_fails, 1);
    read_all(ask(server, "1.1", "", PARAGRAPHS), &whole);
    assert_non_null(strstr(whole.head, "HTTP/1.1 503 "));
    assert_non_null(strstr(whole.head, "application/problem+json"));
    assert_non_null(strstr(whole.head, "\"detail\":\"out of memory\""));
    close_server(server);
}

static void a_failure_after_them_breaks_the_answer_off(void **state)
{
    static const char *const versions[] = {"1.1", "1.0"}, *const suffixes[] = {"", "/full"};
    gbxi_server *server = open_server(0);
    client_answer begin;
    int fd;

    (void)state;
    for (int i = 0; i < 4; i++) {
        atomic_store(&answer_begun, false);
        atomic_store(&chunk_fails, 9);
        fd = ask(server, versions[i % 2], suffixes[i / 2], PARAGRAPHS);
        client_read_until(fd, &begin, "digraph");
        atomic_store(&answer_begun, true);
        wait_until_chunks_made(9);
        check_broken_off(fd, i % 2 == 0, false);
        atomic_store(&chunk_fails, 0);
    }
    close_server(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_of_any_size_takes_so_many_chunks_and_no_more),
        cmocka_unit_test(a_trace_comes_behind_it_and_tells_of_the_waiting),
        cmocka_unit_test(an_answer_that_fits_one_chunk_tells_its_length),
        cmocka_unit_test(over_http_1_0_the_end_of_the_connection_is_that_of_the_answer),
        cmocka_unit_test(a_client_that_hangs_up_in_the_middle_frees_its_worker),
        cmocka_unit_test(a_client_that_hangs_up_before_its_turn_is_forgotten),
        cmocka_unit_test(a_client_that_does_not_read_keeps_no_worker_from_the_next),
        cmocka_unit_test(a_client_that_takes_nothing_is_broken_off_in_time),
        cmocka_unit_test(a_client_that_takes_too_little_is_broken_off_too),
        cmocka_unit_test(a_failure_before_the_first_bytes_is_a_problem_document),
        cmocka_unit_test(a_failure_after_them_breaks_the_answer_off),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
