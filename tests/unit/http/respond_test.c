/* SPDX-License-Identifier: MIT */
/* Which HTTP status an error becomes, and the responses with JSON bodies. */
#define _GNU_SOURCE
#include "http/respond.h"
#include "reply.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_code_has_the_status_of_the_contract(void **state)
{
    static const struct {
        gbx_err code;
        int whole_request, field;
    } cases[] = {
        {GBX_ERR_NO_MEMORY, 503, 503}, {GBX_ERR_LIMIT, 400, 400},   {GBX_ERR_ARGUMENT, 500, 422},
        {GBX_ERR_SYNTAX, 400, 400},    {GBX_ERR_TYPE, 400, 422},    {GBX_ERR_RANGE, 422, 422},
        {GBX_ERR_MISSING, 422, 422},   {GBX_ERR_UNKNOWN, 404, 422}, {GBX_ERR_CONFLICT, 422, 422},
        {GBX_ERR_STATE, 500, 422},     {GBX_ERR_IO, 500, 422},
    };
    gbx_error error;

    (void)state;
    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i) {
        gbx_error_set(&error, cases[i].code, NULL, "x");
        assert_int_equal(gbxi_status_of(&error), cases[i].whole_request);
        gbx_error_set(&error, cases[i].code, "/a/field", "x");
        assert_int_equal(gbxi_status_of(&error), cases[i].field);
    }
}

/* The JSON that the endpoint has written, which it must have given away. */
static gbxi_json_buffer given_away;

static void answer_buffer(h2o_req_t *req)
{
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, &given_away);
    gbxi_json_array_begin(&writer);
    gbxi_json_int(&writer, 42);
    gbxi_json_array_end(&writer);
    gbxi_respond_buffer(req, &writer, &given_away);
}

/* The array stays open, so the writer ends with the error STATE. */
static void answer_half_written(h2o_req_t *req)
{
    gbxi_json_writer writer;

    gbxi_json_writer_init_buffer(&writer, &given_away);
    gbxi_json_array_begin(&writer);
    gbxi_respond_buffer(req, &writer, &given_away);
}

static void write_true(gbxi_json_writer *out)
{
    gbxi_json_boolean(out, true);
}

/* The status that an earlier handler left must be replaced. */
static void answer_written(h2o_req_t *req)
{
    req->res.reason = "left by another handler";
    gbxi_respond_written(req, write_true);
}

static int set_up(void **state)
{
    static const gbxi_endpoint endpoints[] = {
        {"GET", "/buffer", NULL, NULL, false, answer_buffer, ""},
        {"GET", "/half", NULL, NULL, false, answer_half_written, ""},
        {"GET", "/written", NULL, NULL, false, answer_written, ""},
    };
    static const gbxi_router router = {.endpoints = endpoints, .count = 3, .advice = ""};

    (void)state;
    return reply_routes(&router);
}

static void check_json(const char *method, const char *path, size_t length, const char *body)
{
    reply answer;

    reply_to(method, path, &answer);
    assert_int_equal(answer.status, 200);
    assert_string_equal(answer.reason, "OK");
    assert_string_equal(answer.head, "content-type: application/json\nx-content-type-options: nosniff\n");
    assert_int_equal(answer.content_length, length);
    assert_string_equal(answer.body, body);
    assert_null(given_away.bytes);
    assert_int_equal(given_away.length, 0);
}

static void json_is_sent_with_its_type_and_length(void **state)
{
    (void)state;
    check_json("GET", "/buffer", 4, "[42]");
    check_json("HEAD", "/buffer", 4, "");
    check_json("GET", "/written", 4, "true");
}

static void a_writers_error_is_a_problem_and_the_buffer_is_freed(void **state)
{
    reply answer;

    (void)state;
    reply_to("GET", "/half", &answer);
    assert_int_equal(answer.status, 500);
    assert_string_equal(answer.type, "application/problem+json");
    assert_non_null(strstr(answer.body, gbx_err_text(GBX_ERR_STATE)));
    assert_null(given_away.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_has_the_status_of_the_contract),
        cmocka_unit_test(json_is_sent_with_its_type_and_length),
        cmocka_unit_test(a_writers_error_is_a_problem_and_the_buffer_is_freed),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
