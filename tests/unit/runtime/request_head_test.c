/* SPDX-License-Identifier: MIT */
/* Heads of requests: how they are corrected, how large they may be, and what a refusal says. */
#define _GNU_SOURCE
#include "client.h"
#include "http/early_error.h"
#include "runtime/libh2o/request_head.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { HEADERS_MAX = 100, INCOMPLETE = -2, REFUSED = -1 };

typedef struct parsed {
    const char *method, *path;
    size_t method_length, path_length, header_count;
    int minor_version, result;
    struct phr_header headers[HEADERS_MAX];
} parsed;

static void parse_part(parsed *out, const char *text, size_t length, size_t before)
{
    out->header_count = HEADERS_MAX;
    out->result = phr_parse_request(text, length, &out->method, &out->method_length, &out->path, &out->path_length,
                                    &out->minor_version, out->headers, &out->header_count, before);
}

/* The rules are those of head_test. */
static void what_is_read_is_settled(void **state)
{
    static char head[] = "POST http://b/c HTTP/1.0\r\nExpect: 100-continue\r\nHost: a \r\n\r\n";
    parsed out;

    (void)state;
    parse_part(&out, head, strlen(head), 0);
    assert_int_equal(out.result, strlen(head));
    assert_int_equal(out.path_length, 2);
    assert_memory_equal(out.path, "/c", 2);
    assert_int_equal(out.header_count, 1);
    assert_int_equal(out.headers[0].value_len, 1);
    assert_memory_equal(out.headers[0].value, "b", 1);
}

/* Also when the head arrives byte by byte. */
static void empty_lines_before_the_request_line_are_skipped(void **state)
{
    static const char head[] = "\r\n\r\n\r\nGET /x HTTP/1.0\r\nA: b\r\n\r\n";
    const size_t length = strlen(head);
    parsed out;

    (void)state;
    for (size_t i = 0; i < length; i++) {
        parse_part(&out, head, i, i > 0 ? i - 1 : 0);
        assert_int_equal(out.result, INCOMPLETE);
    }
    parse_part(&out, head, length, length - 1);
    assert_int_equal(out.result, length);
    assert_memory_equal(out.path, "/x", 2);
    assert_int_equal(out.header_count, 1);
    assert_memory_equal(out.headers[0].value, "b", 1);
}

/* libh2o would close the connection without an answer. */
static void the_first_four_bytes_are_not_judged(void **state)
{
    static const char head[] = "\n\n\r\nGET / HTTP/1.0\r\n\r\n";
    parsed out;

    (void)state;
    for (size_t i = 1; i <= 4; i++) {
        parse_part(&out, head, i, 0);
        assert_int_equal(out.result, INCOMPLETE);
    }
    parse_part(&out, head, 5, 4);
    assert_int_equal(out.result, REFUSED);
}

static void expect_refused(const char *head, size_t length, int status, const char *text)
{
    gbx_error error;
    parsed out;

    parse_part(&out, head, length, 0);
    if (out.result != REFUSED)
        fail_msg("not refused: %.60s", head);
    assert_int_equal(gbxi_early_error_take(&error), status);
    assert_string_equal(error.text, text);
}

#define TARGET "the target of the request begins neither with / nor with a scheme"

static void an_explanation_is_not_kept_for_the_next_head(void **state)
{
    static const char good[] = "GET / HTTP/1.0\r\n\r\n";
    gbx_error error;
    parsed out;

    (void)state;
    expect_refused("x\r\n\r\n", 5, 400, "the request line or a header is malformed");
    gbxi_early_error_explain(400, "of another head");
    parse_part(&out, good, strlen(good), 0);
    assert_int_equal(out.result, strlen(good));
    assert_int_equal(gbxi_early_error_take(&error), 0);
}

static void malformed_heads_are_refused(void **state)
{
    static const char *const heads[] = {"GET /\r\n\r\n", "GET / HTTP/3.7\r\n\r\n", "GET / HTTP/1.1\r\nnonsense\r\n\r\n",
                                        "x\nGET / HTTP/1.1\r\n\r\n"};

    (void)state;
    for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
        expect_refused(heads[i], strlen(heads[i]), 400, "the request line or a header is malformed");
}

#define TOO_LARGE "the request line and the headers have more than 32768 bytes"

/* The last byte that fits completes the head. */
static void the_largest_head_is_accepted_and_no_larger_one(void **state)
{
    static char head[GBXI_REQUEST_HEAD_BYTES_MAX + 1];
    const size_t max = GBXI_REQUEST_HEAD_BYTES_MAX;
    parsed out;

    (void)state;
    memset(head, 'a', sizeof(head));
    memcpy(head, "GET / HTTP/1.0\r\nA: ", strlen("GET / HTTP/1.0\r\nA: "));
    parse_part(&out, head, max - 1, 0);
    assert_int_equal(out.result, INCOMPLETE);
    expect_refused(head, max, 431, TOO_LARGE);
    memcpy(head + max - 4, "\r\n\r\n", 4);
    parse_part(&out, head, max + 1, 0);
    assert_int_equal(out.result, max);
    memcpy(head + max - 4, "a\r\n\r\n", 5);
    expect_refused(head, max + 1, 431, TOO_LARGE);
    for (size_t i = 0; i < max; i += 2)
        memcpy(head + i, "\r\n", 2);
    expect_refused(head, max, 431, TOO_LARGE);
}

static void a_hundred_headers_are_accepted_and_no_more(void **state)
{
    char head[1024] = "GET / HTTP/1.0\r\n";
    size_t length = strlen(head);
    parsed out;

    (void)state;
    for (size_t i = 0; i < HEADERS_MAX; i++, length += 6)
        memcpy(head + length, "A: b\r\n", 6);
    memcpy(head + length, "\r\n", 2);
    parse_part(&out, head, length + 2, 0);
    assert_int_equal(out.result, length + 2);
    assert_int_equal(out.header_count, HEADERS_MAX);
    memcpy(head + length, "A: b\r\n\r\n", 8);
    expect_refused(head, length + 8, 431, "the request has more than 100 headers");
    memcpy(head + length, "\rA: b\r\n", 7);
    expect_refused(head, length + 7, 400, "the request line or a header is malformed");
}

#define PROBLEM(title, status, detail)                                                                                 \
    "{\"type\":\"about:blank\",\"title\":\"" title "\",\"status\":" #status ",\"detail\":\"" detail "\"}"

/* The client has more to send, and the server has one place: the refused connection ends. */
static void a_refusal_is_a_problem_and_its_connection_ends(void **state)
{
    gbxi_server *server = client_open_server((gbxi_server_options){.threads = 1, .max_connections = 1});
    static const char *const refused[][3] = {
        {"nonsense\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n",
         PROBLEM("Bad Request", 400, "the request line or a header is malformed")},
        {"GET x HTTP/1.1\r\n\r\n", "HTTP/1.1 400 Bad Request\r\n", PROBLEM("Bad Request", 400, TARGET)},
        {"", "HTTP/1.1 431 Request Header Fields Too Large\r\n",
         PROBLEM("Request Header Fields Too Large", 431, TOO_LARGE)},
    };
    static char large[1 << 20];

    (void)state;
    memset(large, 'a', sizeof(large) - 1);
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
        int fd = client_connect(server);
        client_answer answer;
        const char *date;

        client_send(fd, *refused[i][0] != '\0' ? refused[i][0] : large);
        client_read_to_end(fd, &answer);
        assert_false(answer.reset);
        assert_memory_equal(answer.text, refused[i][1], strlen(refused[i][1]));
        date = strstr(answer.text, "\r\nDate: ");
        assert_non_null(date);
        assert_memory_equal(date + strlen("\r\nDate: Sun, 06 Nov 1994 08:49:37"), " GMT\r\n", strlen(" GMT\r\n"));
        assert_non_null(strstr(answer.text, "\r\nServer: glassbox/"));
        assert_non_null(strstr(answer.text, "\r\ncontent-type: application/problem+json\r\n"));
        assert_non_null(strstr(answer.text, "\r\nx-content-type-options: nosniff\r\n"));
        assert_non_null(strstr(answer.text, "\r\nConnection: close\r\n"));
        assert_string_equal(strstr(answer.text, "\r\n\r\n") + 4, refused[i][2]);
    }
    gbxi_server_close(server);
}

/* The refused client neither sends nor closes, and in the end its place is free for another. */
static void check_its_place_becomes_free(gbxi_server_options options)
{
    gbxi_server *server = client_open_server(options);
    int stays = client_connect(server), next;
    client_answer answer;

    client_send(stays, "nonsense\r\n\r\n");
    client_read_until(stays, &answer, "malformed");
    next = client_connect(server);
    client_send(next, CLIENT_GET_HEALTH);
    client_read_until(next, &answer, "\"status\":\"ok\"");
    close(next);
    close(stays);
    gbxi_server_close(server);
}

static void a_refused_client_that_stays_is_disconnected(void **state)
{
    (void)state;
    check_its_place_becomes_free((gbxi_server_options){.threads = 1, .max_connections = 1});
}

/* The time for a request is over while the server waits for the refused client. */
static void a_refusal_ends_with_the_time_of_its_request(void **state)
{
    (void)state;
    check_its_place_becomes_free((gbxi_server_options){.threads = 1, .request_timeout_s = 1, .max_connections = 1});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read_is_settled),
        cmocka_unit_test(empty_lines_before_the_request_line_are_skipped),
        cmocka_unit_test(the_first_four_bytes_are_not_judged),
        cmocka_unit_test(an_explanation_is_not_kept_for_the_next_head),
        cmocka_unit_test(malformed_heads_are_refused),
        cmocka_unit_test(the_largest_head_is_accepted_and_no_larger_one),
        cmocka_unit_test(a_hundred_headers_are_accepted_and_no_more),
        cmocka_unit_test(a_refusal_is_a_problem_and_its_connection_ends),
        cmocka_unit_test(a_refused_client_that_stays_is_disconnected),
        cmocka_unit_test(a_refusal_ends_with_the_time_of_its_request),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
