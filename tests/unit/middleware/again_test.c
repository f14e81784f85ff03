/* SPDX-License-Identifier: MIT */
/* Requests that libh2o processes again, before or in the middle of their response, and requests that end while their
 * handler runs. */
#define _GNU_SOURCE
#include "exchange.h"
#include <glassbox/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define CAPTURE "{\"trace_config\":{\"capture_traces\":true}}"

static exchange x;

static void send_text(h2o_req_t *req, const char *text, h2o_send_state_t state)
{
    h2o_iovec_t buffer = h2o_iovec_init(text, strlen(text));

    h2o_send(req, &buffer, 1, state);
}

static void start(h2o_req_t *req)
{
    static h2o_generator_t generator;

    req->res.status = 200;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("application/json"));
    h2o_start_response(req, &generator);
}

static int answer(h2o_handler_t *self, h2o_req_t *req)
{
    GBX_SPAN_NAMED("test.handler");
    (void)self;
    start(req);
    send_text(req, "[1]", H2O_SEND_STATE_FINAL);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    exchange_end(&x);
    x.dispose_on_error = false;
    return gbx_capture_live_count() == 0 ? 0 : -1;
}

static int answer_after_redirect(h2o_handler_t *self, h2o_req_t *req)
{
    if (h2o_memis(req->path.base, req->path.len, H2O_STRLIT("/plain/from"))) {
        h2o_reprocess_request(req, req->method, req->scheme, req->hostconf->authority.hostport,
                              h2o_iovec_init(H2O_STRLIT("/plain/to/full")), NULL, 0);
        return 0;
    }
    return answer(self, req);
}

static void wraps_a_request_once_whatever_it_is_redirected_to(void **state)
{
    (void)state;
    exchange_handler = answer_after_redirect;
    exchange_post(&x, "/plain/from/full", CAPTURE);
    exchange_finish(&x);
    assert_memory_equal(x.body, "{\"output\":[1]", strlen("{\"output\":[1]"));
    assert_true(exchange_has(&x, "\"name\":\"POST /plain/from\""));
    assert_true(exchange_has(&x, "\"test.handler\""));
    assert_false(exchange_has(&x, "\"output\":{"));
}

/* More than one buffer holds. */
static int answer_with_many_spans(h2o_handler_t *self, h2o_req_t *req)
{
    for (int i = 0; i < 2000; i++) {
        GBX_SPAN_NAMED("test.many");
    }
    return answer(self, req);
}

/* As a filter may do that holds the response back. */
static void begins_anew_when_it_is_processed_again_in_the_middle_of_a_trace(void **state)
{
    size_t before;

    (void)state;
    exchange_handler = answer_with_many_spans;
    exchange_post(&x, "/plain/full", CAPTURE);
    while (!exchange_has(&x, "\"test.many\""))
        assert_true(exchange_step(&x));
    before = x.length;
    h2o_reprocess_request(&x.req, x.req.method, x.req.scheme, x.req.hostconf->authority.hostport,
                          h2o_iovec_init(H2O_STRLIT("/plain/again")), NULL, 0);
    exchange_finish(&x);
    assert_memory_equal(x.body + before, "{\"output\":[1],\"traces\":{", strlen("{\"output\":[1],\"traces\":{"));
    assert_int_equal(x.sends[x.send_count - 1].state, H2O_SEND_STATE_FINAL);
}

static char long_text[200 * 1000];

static int answer_with_a_long_text(h2o_handler_t *self, h2o_req_t *req)
{
    h2o_iovec_t buffer = h2o_iovec_init(long_text, sizeof(long_text));
    static h2o_generator_t generator;

    (void)self;
    req->res.status = 200;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("text/plain"));
    h2o_start_response(req, &generator);
    h2o_send(req, &buffer, 1, H2O_SEND_STATE_FINAL);
    return 0;
}

static void begins_anew_when_it_is_processed_again_in_the_middle_of_the_output(void **state)
{
    static const char head[] = "{\"output\":\"aaa", tail[] = "aaa\",\"traces\":{";
    size_t before;

    (void)state;
    memset(long_text, 'a', sizeof(long_text));
    exchange_handler = answer_with_a_long_text;
    exchange_post(&x, "/plain/full", CAPTURE);
    assert_true(x.length < sizeof(long_text));
    before = x.length;
    h2o_reprocess_request(&x.req, x.req.method, x.req.scheme, x.req.hostconf->authority.hostport,
                          h2o_iovec_init(H2O_STRLIT("/plain/again")), NULL, 0);
    exchange_finish(&x);
    assert_memory_equal(x.body + before, head, sizeof(head) - 1);
    assert_true(exchange_has(&x, tail));
}

/* The first chunk waits for the handler to return; by then there is no request to send it for. */
static int send_and_break_off(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    start(req);
    send_text(req, "[", H2O_SEND_STATE_IN_PROGRESS);
    h2o_send(req, NULL, 0, H2O_SEND_STATE_ERROR);
    return 0;
}

static void sends_nothing_that_waits_once_the_request_is_gone(void **state)
{
    (void)state;
    x.dispose_on_error = true;
    exchange_handler = send_and_break_off;
    exchange_post(&x, "/plain/full", CAPTURE);
    assert_true(x.gone);
    assert_int_equal(x.send_count, 1);
    assert_int_equal(x.sends[0].state, H2O_SEND_STATE_ERROR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(wraps_a_request_once_whatever_it_is_redirected_to, tear_down),
        cmocka_unit_test_teardown(begins_anew_when_it_is_processed_again_in_the_middle_of_a_trace, tear_down),
        cmocka_unit_test_teardown(begins_anew_when_it_is_processed_again_in_the_middle_of_the_output, tear_down),
        cmocka_unit_test_teardown(sends_nothing_that_waits_once_the_request_is_gone, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
