/* SPDX-License-Identifier: MIT */
/* Traced routes at a path with a recorder: what is asked for, and traces that are only stored. */
#define _GNU_SOURCE
#include "recorded.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define STORED "{\"trace_config\":{\"capture_traces\":true,\"trace_output\":\"stored_only\"},\"a\":1}"

static exchange x;

static int set_up(void **state)
{
    (void)state;
    exchange_handler = recorded_answer;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return recorded_end(&x);
}

static void a_fast_request_was_not_asked_for_with_a_threshold(void **state)
{
    (void)state;
    recorded_open(NULL);
    exchange_post(&x, "/recorded/a/full", "{\"trace_config\":{\"capture_traces\":true,\"slow_threshold_ms\":1}}");
    exchange_finish(&x);
    exchange_end(&x);
    exchange_post(
        &x, "/recorded/a/full",
        "{\"trace_config\":{\"capture_traces\":true,\"slow_threshold_ms\":1,\"trace_output\":\"stored_only\"}}");
    exchange_finish(&x);
    recorded_close(&x, 0);
}

static void a_traced_route_that_did_not_ask_is_recorded_and_gets_no_trace(void **state)
{
    (void)state;
    recorded_open_all();
    exchange_post(&x, "/recorded/a/full", "{}");
    exchange_finish(&x);
    assert_true(exchange_has(&x, "\"traces\":null"));
    assert_string_equal(exchange_header(&x, "glassbox-capture"), "off");
    assert_null(exchange_header(&x, "glassbox-trace-id"));
    recorded_close(&x, 1);
    assert_int_equal(recorded_list[0].reasons, GBX_KEEP_SAMPLED);
    assert_string_equal(recorded_list[0].path, "/recorded/a");
}

static void stored_only_leaves_the_answer_plain_and_tells_the_trace_id(void **state)
{
    char id[33];

    (void)state;
    recorded_open(NULL);
    exchange_post(&x, "/recorded/a/full", STORED);
    exchange_finish(&x);
    assert_int_equal(x.length, 6);
    assert_memory_equal(x.body, "answer", 6);
    assert_int_equal(x.status, 201);
    assert_int_equal(x.header_count, 3);
    assert_string_equal(exchange_header(&x, "etag"), "\"1\"");
    snprintf(id, sizeof(id), "%s", exchange_header(&x, "glassbox-trace-id"));
    recorded_close(&x, 1);
    assert_string_equal(recorded_list[0].id, id);
    assert_int_equal(recorded_list[0].reasons, GBX_KEEP_ASKED);
    assert_string_equal(recorded_list[0].path, "/recorded/a");
}

static void stored_only_without_a_recorder_is_refused(void **state)
{
    static const char *const header[] = {"glassbox-trace-config",
                                         "{\"capture_traces\":true,\"trace_output\":\"stored_only\"}", NULL};

    (void)state;
    exchange_post(&x, "/plain/a/full", STORED);
    exchange_finish(&x);
    assert_int_equal(x.status, 422);
    assert_true(exchange_has(&x, "\"pointer\":\"/trace_config/trace_output\""));
    exchange_end(&x);
    exchange_begin(&x, "GET", "/plain/a/full", NULL, NULL, header);
    exchange_finish(&x);
    assert_int_equal(x.status, 422);
    assert_true(exchange_has(&x, "\"pointer\":\"/trace_output\""));
}

static uint32_t under_way_here(void)
{
    gbx_capture_counts counts;

    gbx_capture_counts_get(&counts, sizeof(counts));
    return counts.under_way;
}

static h2o_iovec_t path_of_line; /* the path of the request line, as the handler sees it */
static unsigned stops;

static void no_more(h2o_generator_t *self, h2o_req_t *req)
{
    (void)self, (void)req;
}

static void count_stop(h2o_generator_t *self, h2o_req_t *req)
{
    (void)self, (void)req;
    stops++;
}

static int answer_half(h2o_handler_t *self, h2o_req_t *req)
{
    static h2o_generator_t half = {no_more, count_stop};
    h2o_iovec_t chunk = h2o_iovec_init(H2O_STRLIT("half"));

    (void)self;
    path_of_line = req->input.path;
    req->res.status = 200;
    h2o_start_response(req, &half);
    h2o_send(req, &chunk, 1, H2O_SEND_STATE_IN_PROGRESS);
    return 0;
}

static void stored_only_takes_a_place_of_the_gate_until_the_answer_is_over(void **state)
{
    (void)state;
    recorded_open(NULL);
    exchange_handler = answer_half;
    exchange_post(&x, "/recorded/a/full", STORED);
    assert_int_equal(under_way_here(), 1);
    exchange_end(&x);
    assert_int_equal(under_way_here(), 0);
    recorded_close(&x, 1);
}

static void stored_only_hides_the_traced_route_from_the_handler_alone(void **state)
{
    (void)state;
    recorded_open(NULL);
    exchange_handler = answer_half;
    exchange_post(&x, "/recorded/a/full", STORED);
    assert_true(h2o_memis(path_of_line.base, path_of_line.len, H2O_STRLIT("/recorded/a")));
    h2o_send(&x.req, NULL, 0, H2O_SEND_STATE_FINAL);
    exchange_step(&x);
    assert_true(h2o_memis(x.req.input.path.base, x.req.input.path.len, H2O_STRLIT("/recorded/a/full")));
    recorded_close(&x, 1);
}

/* libh2o writes the access log then, which has the path that was asked for. */
static void the_traced_route_is_shown_again_when_the_client_leaves(void **state)
{
    (void)state;
    recorded_open(NULL);
    exchange_handler = answer_half;
    exchange_post(&x, "/recorded/a/full", STORED);
    exchange_end(&x);
    assert_true(h2o_memis(x.req.input.path.base, x.req.input.path.len, H2O_STRLIT("/recorded/a/full")));
    recorded_close(&x, 1);
}

static void a_generator_is_stopped_when_its_client_leaves(void **state)
{
    (void)state;
    recorded_open_all();
    exchange_handler = answer_half;
    stops = 0;
    exchange_begin(&x, "GET", "/recorded/a", NULL, NULL, NULL);
    exchange_end(&x);
    assert_int_equal(stops, 1);
    recorded_close(&x, 1);
    assert_int_equal(recorded_list[0].status, 200);
}

static int redirect_inside(h2o_handler_t *self, h2o_req_t *req)
{
    if (h2o_memis(req->path.base, req->path.len, H2O_STRLIT("/recorded/b")))
        return recorded_answer(self, req);
    h2o_reprocess_request(req, req->method, req->scheme, req->hostconf->authority.hostport,
                          h2o_iovec_init(H2O_STRLIT("/recorded/b")), NULL, 0);
    return 0;
}

/* Lets 1.2 seconds pass for the event loop. */
static void pass_more_than_a_second(void)
{
    h2o_context_t *context = x.req.conn->ctx;

    context->loop->_now += 1200;
    h2o_timeout_run(context->loop, &context->one_sec_timeout, h2o_now(context->loop));
    h2o_timeout_run(context->loop, &context->hundred_ms_timeout, h2o_now(context->loop));
}

static void a_request_that_does_not_end_is_recorded_when_its_time_is_over(void **state)
{
    gbx_limits limits = {.size = sizeof(limits), .max_capture_ms = 1100};
    gbx_recorder_counts counts;
    gbx_capture_counts before, after;

    (void)state;
    gbx_capture_counts_get(&before, sizeof(before));
    assert_int_equal(gbx_limits_set(&limits), GBX_ERR_OK);
    recorded_open_all();
    exchange_handler = answer_half;
    exchange_begin(&x, "GET", "/recorded/a", NULL, NULL, NULL);
    pass_more_than_a_second();
    gbx_recorder_counts_get(exchange_recorder, &counts, sizeof(counts));
    assert_int_equal(counts.seen, 1);
    gbx_capture_counts_get(&after, sizeof(after));
    assert_int_equal(after.expired, before.expired); /* nobody asked for it */
    recorded_close(&x, 1);
    assert_true(recorded_list[0].truncated);
    assert_int_equal(gbx_limits_set(NULL), GBX_ERR_OK);
}

static void a_traced_request_that_is_redirected_inside_is_recorded_once(void **state)
{
    (void)state;
    recorded_open_all();
    exchange_handler = redirect_inside;
    exchange_post(&x, "/recorded/a/full", "{\"trace_config\":{\"capture_traces\":true}}");
    exchange_finish(&x);
    recorded_close(&x, 1);
    assert_string_equal(recorded_list[0].path, "/recorded/a");
}

static void an_answer_at_once_ends_the_capture_before_the_client_has_it(void **state)
{
    (void)state;
    recorded_open_all();
    exchange_begin(&x, "GET", "/recorded/a", NULL, NULL, NULL);
    exchange_now_ns += 100000;
    exchange_finish(&x);
    recorded_close(&x, 1);
    assert_true(recorded_list[0].duration_ns < 100000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_fast_request_was_not_asked_for_with_a_threshold),
        TEST(a_traced_route_that_did_not_ask_is_recorded_and_gets_no_trace),
        TEST(stored_only_leaves_the_answer_plain_and_tells_the_trace_id),
        TEST(stored_only_without_a_recorder_is_refused),
        TEST(stored_only_takes_a_place_of_the_gate_until_the_answer_is_over),
        TEST(stored_only_hides_the_traced_route_from_the_handler_alone),
        TEST(the_traced_route_is_shown_again_when_the_client_leaves),
        TEST(a_generator_is_stopped_when_its_client_leaves),
        TEST(a_request_that_does_not_end_is_recorded_when_its_time_is_over),
        TEST(a_traced_request_that_is_redirected_inside_is_recorded_once),
        TEST(an_answer_at_once_ends_the_capture_before_the_client_has_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
