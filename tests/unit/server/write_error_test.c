/* SPDX-License-Identifier: MIT */
/* Writes to a client that fail or are incomplete at every byte of a response.
 *
 * libh2o's calls of writev go to the one below, for an executable's symbols come before a library's. */
#define _GNU_SOURCE
#include "client.h"
#include <errno.h>
#include <glassbox/capture.h>
#include <limits.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cmocka.h>

enum { PARTS_MAX = 64 };

/* How many bytes can still be written before `failure`, negative: any number; and how many by one call. */
static atomic_long writable = -1;
static atomic_long by_one_call = LONG_MAX;
static atomic_int failure;
static atomic_int call_count;

/* As much of `parts` as may be written now. */
static int cut(struct iovec *cut_parts, const struct iovec *parts, int count, size_t limit)
{
    int used = 0;

    for (; used != count && used != PARTS_MAX && limit != 0; ++used) {
        cut_parts[used] = parts[used];
        if (cut_parts[used].iov_len > limit)
            cut_parts[used].iov_len = limit;
        limit -= cut_parts[used].iov_len;
    }
    return used;
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    struct iovec cut_parts[PARTS_MAX];
    long left = atomic_load(&writable), limit = atomic_load(&by_one_call);
    ssize_t written;

    atomic_fetch_add(&call_count, 1);
    if (left == 0) {
        errno = atomic_load(&failure);
        return -1;
    }
    if (left > 0 && left < limit)
        limit = left;
    count = cut(cut_parts, parts, count, (size_t)limit);
    written = syscall(SYS_writev, fd, cut_parts, count);
    if (left > 0 && written > 0)
        atomic_store(&writable, left - written);
    return written;
}

static const char *const paths[] = {
    "/graph/from/html/to/dot/default",
    "/graph/from/html/to/dot/default/full",
    "/graph/from/html/to/tree/default/summary",
    "/graph/from/html/to/mermaid/default/speedscope",
};
enum { PATH_COUNT = sizeof(paths) / sizeof(paths[0]) };

static void ask(const gbxi_server *server, const char *path, client_answer *answer)
{
    static const char body[] = "{\"graph_data\":{\"html\":\"<p>hi\"},\"trace_config\":{\"capture_traces\":true}}";
    char request[512];
    int fd = client_connect(server);

    snprintf(request, sizeof(request),
             "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
             "Content-Length: %zu\r\n\r\n%s",
             path, sizeof(body) - 1, body);
    client_send(fd, request);
    client_read_to_end(fd, answer);
}

static bool is_whole(const client_answer *answer)
{
    const char *end = answer->text + answer->length;

    return strncmp(answer->text, "HTTP/1.1 200 ", 13) == 0 && answer->length > 7 &&
           (memcmp(end - 7, "\r\n0\r\n\r\n", 7) == 0 || strstr(answer->text, "transfer-encoding") == NULL);
}

static void check_errors(int error)
{
    static client_answer answer;
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 1});
    long length;

    atomic_store(&failure, error);
    for (int i = 0; i != PATH_COUNT; ++i) {
        ask(server, paths[i], &answer);
        assert_true(is_whole(&answer));
        length = (long)answer.length;
        /* In the head at every byte, then at a stride that is no multiple of anything. */
        for (long at = 0; at < length; at += at < 400 ? 1 : 13) {
            atomic_store(&writable, at);
            ask(server, paths[i], &answer);
            atomic_store(&writable, -1);
            assert_true((long)answer.length <= at);
            assert_int_equal(gbx_capture_live_count(), 0);
        }
        ask(server, paths[i], &answer);
        assert_true(is_whole(&answer));
    }
    gbxi_server_close(server);
}

static void a_broken_pipe_anywhere_in_an_answer_leaves_nothing_behind(void **state)
{
    (void)state;
    check_errors(EPIPE);
}

static void a_reset_anywhere_in_an_answer_leaves_nothing_behind(void **state)
{
    (void)state;
    check_errors(ECONNRESET);
}

static void short_writes_lose_nothing(void **state)
{
    static client_answer answer;
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 1});

    (void)state;
    for (long limit = 1; limit < 2000; limit = limit * 3 + 1) {
        atomic_store(&by_one_call, limit);
        for (int i = 0; i != PATH_COUNT; ++i) {
            atomic_store(&call_count, 0);
            ask(server, paths[i], &answer);
            assert_true(is_whole(&answer));
            assert_true(atomic_load(&call_count) >= (long)answer.length / limit);
        }
    }
    atomic_store(&by_one_call, LONG_MAX);
    gbxi_server_close(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_broken_pipe_anywhere_in_an_answer_leaves_nothing_behind),
        cmocka_unit_test(a_reset_anywhere_in_an_answer_leaves_nothing_behind),
        cmocka_unit_test(short_writes_lose_nothing),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
