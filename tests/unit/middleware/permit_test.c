/* SPDX-License-Identifier: MIT */
/* The permission to capture: when the callback is called, with which request, and the effects of its result. */
#define _GNU_SOURCE
#include "exchange.h"
#include <glassbox/limits.h>
#include <glassbox/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define CAPTURE "{\"trace_config\":{\"capture_traces\":true}}"

static exchange x;
static unsigned asked, handled;
static char seen_path[64], seen_method[16], seen_authorization[64], handler_authorization[64];
static gbx_h2o_verdict answer;
static uint32_t granted_spans;
static const char *reason, *challenge;

static void keep_authorization(const h2o_req_t *req, char *value, size_t size)
{
    ssize_t at = h2o_find_header(&req->headers, H2O_TOKEN_AUTHORIZATION, -1);

    value[0] = '\0';
    if (at != -1)
        snprintf(value, size, "%.*s", (int)req->headers.entries[at].value.len, req->headers.entries[at].value.base);
}

static int handle(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    handled++;
    keep_authorization(req, handler_authorization, sizeof(handler_authorization));
    for (int i = 0; i != 10; ++i) {
        GBX_SPAN_NAMED("work");
    }
    req->res.status = 200;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("application/json"));
    h2o_send_inline(req, "{}", 2);
    return 0;
}

static gbx_h2o_verdict permit(h2o_req_t *req, void *context, gbx_h2o_grant *grant, gbx_error *error)
{
    (void)context;
    asked++;
    assert_int_equal(handled, 0);
    assert_null(gbx_capture_current());
    assert_int_equal(grant->max_spans, 0);
    snprintf(seen_path, sizeof(seen_path), "%.*s", (int)req->path_normalized.len, req->path_normalized.base);
    snprintf(seen_method, sizeof(seen_method), "%.*s", (int)req->method.len, req->method.base);
    keep_authorization(req, seen_authorization, sizeof(seen_authorization));
    grant->max_spans = granted_spans;
    if (reason != NULL)
        gbx_error_set(error, GBX_ERR_STATE, "/of/no/concern", "%s", reason);
    if (challenge != NULL)
        h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_WWW_AUTHENTICATE, NULL, challenge, strlen(challenge));
    return answer;
}

static int set_up(void **state)
{
    (void)state;
    asked = handled = 0;
    granted_spans = 0;
    answer = GBX_H2O_GRANTED;
    reason = challenge = NULL;
    exchange_handler = handle;
    exchange_permit = permit;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    exchange_end(&x);
    return gbx_capture_live_count() == 0 ? 0 : -1;
}

static void post(const char *path, const char *body, const char *authorization)
{
    const char *const headers[] = {"authorization", authorization, NULL};

    handled = 0;
    exchange_begin(&x, "POST", path, "application/json", body, authorization != NULL ? headers : NULL);
    exchange_finish(&x);
}

static void asks_only_for_a_capture_that_is_otherwise_in_order(void **state)
{
    static const struct {
        const char *path, *body;
        int status;
    } cases[] = {
        {"/guarded", "{}", 200},       {"/guarded", CAPTURE, 200},
        {"/guarded/full", "{}", 200},  {"/guarded/full", "{\"trace_config\":{\"capture_traces\":false}}", 200},
        {"/guarded/full", "{", 400},   {"/guarded/full", "{\"trace_config\":{\"capture_traces\":1}}", 422},
        {"/plain/full", CAPTURE, 200},
    };

    (void)state;
    answer = GBX_H2O_REFUSED;
    for (size_t i = 0; i != sizeof(cases) / sizeof(cases[0]); ++i) {
        post(cases[i].path, cases[i].body, NULL);
        assert_int_equal(x.status, cases[i].status);
        assert_int_equal(asked, 0);
        exchange_end(&x);
    }
}

static void shows_the_request_as_the_handler_will_see_it(void **state)
{
    (void)state;
    post("/guarded/a/%2e%2e/b%20c/full?q=1", CAPTURE, "Bearer secret");
    assert_int_equal(asked, 1);
    assert_int_equal(handled, 1);
    assert_string_equal(seen_path, "/guarded/b c");
    assert_string_equal(seen_method, "PUT");
    assert_string_equal(seen_authorization, "Bearer secret");
    assert_string_equal(handler_authorization, "Bearer secret");
    assert_string_equal(exchange_header(&x, "glassbox-capture"), "captured");
    assert_null(exchange_header(&x, "www-authenticate"));
    assert_false(exchange_has(&x, "secret"));
}

static void a_grant_lowers_what_was_asked_for_and_never_raises_it(void **state)
{
    (void)state;
    granted_spans = 4;
    post("/guarded/summary", CAPTURE, NULL);
    assert_true(exchange_has(&x, "\"truncated\":true"));
    assert_true(exchange_has(&x, "\"dropped_spans\":7")); /* "handler" and ten of "work", less four */
    exchange_end(&x);
    granted_spans = 1000;
    post("/guarded/summary", "{\"trace_config\":{\"capture_traces\":true,\"max_spans\":6}}", NULL);
    assert_true(exchange_has(&x, "\"dropped_spans\":5"));
    exchange_end(&x);
    granted_spans = 0;
    post("/guarded/summary", CAPTURE, NULL);
    assert_true(exchange_has(&x, "\"truncated\":false"));
}

static void a_refusal_is_a_problem_and_the_handler_never_runs(void **state)
{
    (void)state;
    answer = GBX_H2O_REFUSED;
    reason = "it is not Tuesday";
    post("/guarded/full", CAPTURE, NULL);
    assert_int_equal(x.status, 403);
    assert_int_equal(handled, 0);
    assert_string_equal(exchange_header(&x, "content-type"), "application/problem+json");
    assert_null(exchange_header(&x, "www-authenticate"));
    assert_null(exchange_header(&x, "glassbox-capture"));
    assert_true(exchange_has(&x, "\"title\":\"Forbidden\""));
    assert_true(exchange_has(&x, "\"detail\":\"it is not Tuesday\""));
    assert_false(exchange_has(&x, "pointer"));
}

static void nobody_is_asked_about_a_capture_that_cannot_be(void **state)
{
    gbx_limits one_a_second = {.size = sizeof(one_a_second), .captures_per_second = 1};

    (void)state;
    assert_int_equal(gbx_limits_set(&one_a_second), GBX_ERR_OK);
    post("/guarded/full", CAPTURE, NULL);
    assert_int_equal(x.status, 200);
    exchange_end(&x);
    handled = 0;
    post("/guarded/full", CAPTURE, NULL);
    assert_int_equal(x.status, 429);
    assert_int_equal(asked, 1);
    exchange_end(&x);
    assert_int_equal(gbx_limits_set(NULL), GBX_ERR_OK);
    gbx_capture_switch(false);
    post("/guarded/full", CAPTURE, NULL);
    gbx_capture_switch(true);
    assert_int_equal(x.status, 200);
    assert_string_equal(exchange_header(&x, "glassbox-capture"), "off");
    assert_int_equal(asked, 1);
}

static void what_is_missing_is_asked_for(void **state)
{
    (void)state;
    answer = GBX_H2O_MISSING;
    post("/guarded/full", CAPTURE, NULL);
    assert_int_equal(x.status, 401);
    assert_int_equal(handled, 0);
    assert_string_equal(exchange_header(&x, "www-authenticate"), "Bearer realm=\"glassbox\"");
    assert_true(exchange_has(&x, "\"detail\":\"Unauthorized\""));
    exchange_end(&x);
    challenge = "Custom realm=\"house\"";
    post("/guarded/full", CAPTURE, NULL);
    assert_int_equal(x.status, 401);
    assert_string_equal(exchange_header(&x, "www-authenticate"), challenge);
}

static void an_answer_that_is_none_is_a_refusal(void **state)
{
    (void)state;
    answer = (gbx_h2o_verdict)77;
    granted_spans = 5;
    post("/guarded/full", CAPTURE, NULL);
    assert_int_equal(x.status, 403);
    assert_int_equal(handled, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(asks_only_for_a_capture_that_is_otherwise_in_order),
        TEST(shows_the_request_as_the_handler_will_see_it),
        TEST(a_grant_lowers_what_was_asked_for_and_never_raises_it),
        TEST(a_refusal_is_a_problem_and_the_handler_never_runs),
        TEST(nobody_is_asked_about_a_capture_that_cannot_be),
        TEST(what_is_missing_is_asked_for),
        TEST(an_answer_that_is_none_is_a_refusal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
