/* SPDX-License-Identifier: MIT */
/* Each allocation of our own code fails in turn: while a server starts, and in one request of each kind.
 *
 * Wrapped are the calls of the objects linked into this test. Those inside libh2o, which ends the process by design
 * when it gets no memory, libsimdjson and libcrypto stay as they are. */
#define _GNU_SOURCE
#include "client.h"
#include "json/reader.h"
#include <errno.h>
#include <glassbox/capture.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

/* How many allocations still succeed; negative: all of them. Then one fails, or, with `all_fail`, every further one. */
static atomic_int grants = -1;
static atomic_bool all_fail;
static atomic_int failed_count;

static bool fails_now(void)
{
    int left = atomic_load(&grants);

    while (left >= 0 &&
           !atomic_compare_exchange_weak(&grants, &left, left > 0 || !atomic_load(&all_fail) ? left - 1 : 0))
        ;
    if (left == 0)
        atomic_fetch_add(&failed_count, 1);
    return left == 0;
}

#define WRAPPED(type, name, parameters, arguments, failure)                                                            \
    type __real_##name parameters;                                                                                     \
    type __wrap_##name parameters;                                                                                     \
    type __wrap_##name parameters                                                                                      \
    {                                                                                                                  \
        return fails_now() ? (errno = ENOMEM, failure) : __real_##name arguments;                                      \
    }

WRAPPED(void *, malloc, (size_t size), (size), NULL)
WRAPPED(void *, calloc, (size_t count, size_t size), (count, size), NULL)
WRAPPED(void *, realloc, (void *old, size_t size), (old, size), NULL)
WRAPPED(void *, mmap, (void *at, size_t size, int protection, int flags, int fd, off_t offset),
        (at, size, protection, flags, fd, offset), MAP_FAILED)
/* operator new and new[] with std::nothrow */
WRAPPED(void *, _ZnwmRKSt9nothrow_t, (size_t size, const void *tag), (size, tag), NULL)
WRAPPED(void *, _ZnamRKSt9nothrow_t, (size_t size, const void *tag), (size, tag), NULL)

static void fail_after(int count, bool all)
{
    atomic_store(&all_fail, all);
    atomic_store(&failed_count, 0);
    atomic_store(&grants, count);
}

/* Back to plenty; tells whether anything failed. */
static bool stop_failing(void)
{
    atomic_store(&grants, -1);
    return atomic_load(&failed_count) != 0;
}

static void every_allocation_of_the_start_can_fail(void **state)
{
    bool failed = true;

    (void)state;
    for (int count = 0; failed; ++count) {
        gbxi_server_options options = {.threads = 2};
        gbxi_server *server = NULL;
        gbx_error error = {0};
        gbx_err code;

        fail_after(count, false);
        code = gbxi_server_open(&options, &server, &error);
        failed = stop_failing();
        assert_int_equal(code, failed ? GBX_ERR_NO_MEMORY : GBX_ERR_OK);
        if (failed)
            assert_true(strstr(error.text, "out of memory") != NULL || strstr(error.text, strerror(ENOMEM)) != NULL);
        assert_true((server == NULL) == failed);
        gbxi_server_close(server);
    }
}

/* Takes the chunks of a body together, in place; false when the last one is missing. */
static bool join_chunks(char *body, size_t *length)
{
    char *to = body, *from = body, *end = body + *length, *after;
    size_t size;

    for (;;) {
        size = strtoul(from, &after, 16);
        if (after == from || after + 2 + size + 2 > end)
            return false;
        if (size == 0)
            break;
        memmove(to, after + 2, size);
        to += size;
        from = after + 2 + size + 2;
    }
    *length = (size_t)(to - body);
    return true;
}

/* Whatever failed, an answer is whole and true, or visibly cut. */
static void check_answer(client_answer *answer, bool traced)
{
    char *body = strstr(answer->text, "\r\n\r\n");
    gbxi_json_document *document = NULL;
    gbxi_json_value traces;
    size_t length;

    if (body == NULL) { /* refused before a byte was sent */
        assert_int_equal(answer->length, 0);
        return;
    }
    body += 4;
    length = answer->length - (size_t)(body - answer->text);
    if (strstr(answer->text, "transfer-encoding: chunked\r\n") != NULL && !join_chunks(body, &length))
        return;
    if (gbxi_json_parse(body, length, &document, NULL) != GBX_ERR_OK)
        fail_msg("no JSON: %.*s", (int)length, body);
    traces = gbxi_json_member(gbxi_json_root(document), "traces");
    if (strncmp(answer->text, "HTTP/1.1 503 ", 13) == 0)
        assert_true(strstr(answer->text, "application/problem+json") != NULL || traced);
    else if (strncmp(answer->text, "HTTP/1.1 200 ", 13) != 0)
        fail_msg("%s", answer->text);
    else if (traced && gbxi_json_typeof(traces) != GBXI_JSON_OBJECT)
        assert_int_equal(gbxi_json_typeof(gbxi_json_member(gbxi_json_root(document), "trace_error")), GBXI_JSON_STRING);
    gbxi_json_free(document);
}

static void ask(const gbxi_server *server, const char *request, client_answer *answer)
{
    int fd = client_connect(server);

    client_send(fd, request);
    client_read_to_end(fd, answer);
}

static void check_every_allocation(const gbxi_server *server, const char *path, const char *body, bool all)
{
    static client_answer answer;
    char request[1024];
    bool failed = true, traced = strstr(path, "default/") != NULL;

    snprintf(request, sizeof(request),
             "POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
             "Content-Length: %zu\r\n\r\n%s",
             path, strlen(body), body);
    for (int count = 0; failed; ++count) {
        fail_after(count, all);
        ask(server, request, &answer);
        failed = stop_failing();
        check_answer(&answer, traced);
        assert_true(count < 10000);
    }
    /* The last one ran in plenty, after all those failures. */
    assert_memory_equal(answer.text, "HTTP/1.1 200 ", 13);
    if (traced)
        assert_null(strstr(answer.text, "trace_error"));
}

static const char page[] = "{\"graph_data\":{\"html\":\"<ul><li>a<li>b</ul><p id=x>c\"},"
                           "\"trace_config\":{\"capture_traces\":true,\"name\":\"a trace\"}}";
static const char graph[] = "{\"graph_data\":{\"nodes\":[{\"id\":\"a\"},{\"id\":2}],\"edges\":[{\"source\":\"a\","
                            "\"target\":2}]},\"trace_config\":{\"capture_traces\":true,\"top_n\":3}}";

static const struct {
    const char *path, *body;
} requests[] = {
    {"/graph/from/html/to/dot/default", page},          {"/graph/from/html/to/mermaid/default", page},
    {"/graph/from/html/to/tree/default", page},         {"/graph/from/json/to/dot/default", graph},
    {"/graph/from/json/to/mermaid/default", graph},     {"/graph/from/json/to/tree/default", graph},
    {"/graph/from/html/to/dot/default/full", page},     {"/graph/from/json/to/tree/default/summary", graph},
    {"/graph/from/json/to/dot/default/summary", graph}, {"/graph/from/html/to/tree/default/speedscope", page},
};

static void check_requests(size_t inline_body_bytes, bool all)
{
    gbxi_server *server =
        client_open_server((gbxi_server_options){.threads = 1, .workers = 1, .inline_body_bytes = inline_body_bytes});

    for (size_t i = 0; i != sizeof(requests) / sizeof(requests[0]); ++i)
        check_every_allocation(server, requests[i].path, requests[i].body, all);
    gbxi_server_close(server);
    assert_int_equal(gbx_capture_live_count(), 0);
}

/* There is one place: a connection that fails and keeps it would keep the last request waiting. */
static void a_connection_without_memory_gives_its_place_back(void **state)
{
    static client_answer answer;
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 1, .max_connections = 1});

    (void)state;
    for (int count = 0; count < 3; count++) {
        fail_after(count, false);
        ask(server, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", &answer);
        stop_failing();
    }
    ask(server, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", &answer);
    assert_memory_equal(answer.text, "HTTP/1.1 200 ", 13);
    gbxi_server_close(server);
}

static void every_allocation_of_a_request_can_fail(void **state)
{
    (void)state;
    check_requests(0, false);
}

static void memory_can_run_out_at_every_allocation_of_a_request(void **state)
{
    (void)state;
    check_requests(0, true);
}

static void every_allocation_of_a_workers_request_can_fail(void **state)
{
    (void)state;
    check_requests(GBXI_SERVER_INLINE_NONE, false);
}

static void memory_can_run_out_at_every_allocation_of_a_workers_request(void **state)
{
    (void)state;
    check_requests(GBXI_SERVER_INLINE_NONE, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_of_the_start_can_fail),
        cmocka_unit_test(a_connection_without_memory_gives_its_place_back),
        cmocka_unit_test(every_allocation_of_a_request_can_fail),
        cmocka_unit_test(memory_can_run_out_at_every_allocation_of_a_request),
        cmocka_unit_test(every_allocation_of_a_workers_request_can_fail),
        cmocka_unit_test(memory_can_run_out_at_every_allocation_of_a_workers_request),
    };

    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
