/* SPDX-License-Identifier: MIT */
/* The bytes of problem documents and the response around them. */
#define _GNU_SOURCE
#include "http/problem.h"
#include "reply.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What the endpoint answers with. */
static int status_to_send;
static const gbx_error *error_to_send;

static void answer_problem(h2o_req_t *req)
{
    gbxi_problem_retry_after(req, 4294967295);
    gbxi_problem_send(req, status_to_send, error_to_send);
}

static int set_up(void **state)
{
    static const gbxi_endpoint endpoint = {"GET", "/problem", NULL, NULL, false, answer_problem, ""};
    static const gbxi_router router = {.endpoints = &endpoint, .count = 1, .advice = ""};

    (void)state;
    return reply_routes(&router);
}

static void check_problem(int status, const gbx_error *error, const char *reason, const char *body)
{
    reply answer;

    status_to_send = status;
    error_to_send = error;
    reply_to("GET", "/problem", &answer);
    assert_int_equal(answer.status, status);
    assert_string_equal(answer.reason, reason);
    assert_string_equal(answer.head, "retry-after: 4294967295\ncontent-type: application/problem+json\n"
                                     "x-content-type-options: nosniff\n");
    assert_string_equal(answer.body, body);
    assert_int_equal(answer.content_length, strlen(body));
}

static void a_problem_has_a_title_and_the_detail_and_pointer_of_its_error(void **state)
{
    gbx_error error;

    (void)state;
    check_problem(404, NULL, "Not Found",
                  "{\"type\":\"about:blank\",\"title\":\"Not Found\",\"status\":404,\"detail\":\"Not Found\"}");
    gbx_error_set(&error, GBX_ERR_RANGE, NULL, "too \"small\"");
    check_problem(422, &error, "Unprocessable Content",
                  "{\"type\":\"about:blank\",\"title\":\"Unprocessable Content\",\"status\":422,"
                  "\"detail\":\"too \\\"small\\\"\"}");
    gbx_error_set(&error, GBX_ERR_RANGE, "/a/b", "%s", "");
    check_problem(499, &error, "Error",
                  "{\"type\":\"about:blank\",\"title\":\"Error\",\"status\":499,\"detail\":\"Error\","
                  "\"pointer\":\"/a/b\"}");
}

static void the_longest_error_fits(void **state)
{
    gbx_error error = {.code = GBX_ERR_RANGE};
    reply answer;

    (void)state;
    memset(error.text, 1, sizeof(error.text) - 1);
    memset(error.pointer, 1, sizeof(error.pointer) - 1);
    status_to_send = 422;
    error_to_send = &error;
    reply_to("GET", "/problem", &answer);
    assert_non_null(strstr(answer.body, "\\u0001\"}"));
}

static void every_status_has_the_reason_phrase_of_its_rfc(void **state)
{
    static const struct {
        int status;
        const char *title;
    } cases[] = {
        {400, "Bad Request"},
        {401, "Unauthorized"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {409, "Conflict"},
        {411, "Length Required"},
        {413, "Content Too Large"},
        {415, "Unsupported Media Type"},
        {417, "Expectation Failed"},
        {421, "Misdirected Request"},
        {422, "Unprocessable Content"},
        {429, "Too Many Requests"},
        {431, "Request Header Fields Too Large"},
        {500, "Internal Server Error"},
        {501, "Not Implemented"},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
        {504, "Gateway Timeout"},
    };
    reply answer;

    (void)state;
    error_to_send = NULL;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        status_to_send = cases[i].status;
        reply_to("GET", "/problem", &answer);
        assert_int_equal(answer.status, cases[i].status);
        assert_string_equal(answer.reason, cases[i].title);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_problem_has_a_title_and_the_detail_and_pointer_of_its_error),
        cmocka_unit_test(the_longest_error_fits),
        cmocka_unit_test(every_status_has_the_reason_phrase_of_its_rfc),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
