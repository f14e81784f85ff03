/* SPDX-License-Identifier: MIT */
/* Traced requests at the limits: which requests are refused and how, when a place is given back, and the effects of
 * the time limit and the switch. */
#define _GNU_SOURCE
#include "capture/pool.h"
#include "exchange.h"
#include <glassbox/limits.h>
#include <glassbox/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define CAPTURE "{\"trace_config\":{\"capture_traces\":true}}"

static exchange x;
static unsigned calls;
static gbx_capture *carried; /* by a handler that does not answer */
static gbx_capture_counts before;
static bool fail_buffer;

/* Of the envelope, which is the only one that is allocated so. */
enum { BUFFER_BYTES = 64 * 1024 };
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    return fail_buffer && size == BUFFER_BYTES ? NULL : __real_malloc(size);
}

static int answer(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    calls++;
    req->res.status = 200;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("application/json"));
    h2o_send_inline(req, "[]", 2);
    return 0;
}

/* So that the trace does not leave with the output. */
static int answer_with_a_large_trace(h2o_handler_t *self, h2o_req_t *req)
{
    for (int i = 0; i < 1000; i++) {
        GBX_SPAN_NAMED("test.many");
    }
    return answer(self, req);
}

static int stay_silent(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    (void)req;
    GBX_SPAN_NAMED("silent");
    calls++;
    carried = gbx_capture_carry();
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    calls = 0;
    fail_buffer = false;
    exchange_handler = answer;
    gbx_capture_counts_get(&before, sizeof(before));
    return 0;
}

static int tear_down(void **state)
{
    gbx_capture_counts after;

    (void)state;
    exchange_end(&x);
    gbx_capture_unref(carried);
    carried = NULL;
    assert_int_equal(gbx_limits_set(NULL), GBX_ERR_OK);
    gbx_capture_memory_limit_set(0);
    gbx_capture_switch(true);
    gbx_capture_counts_get(&after, sizeof(after));
    return gbx_capture_live_count() == 0 && after.under_way == 0 ? 0 : -1;
}

/* What has been counted since the test began. */
static gbx_capture_counts counted(void)
{
    gbx_capture_counts now;

    gbx_capture_counts_get(&now, sizeof(now));
#define SUBTRACT(name, number, text) now.name -= before.name;
    GBX_CAPTURE_FATES(SUBTRACT)
#undef SUBTRACT
    now.expired -= before.expired;
    return now;
}

static void ask(const char *path, const char *body)
{
    exchange_post(&x, path, body);
    exchange_finish(&x);
}

static void assert_refused(int status, const char *retry_after)
{
    assert_int_equal(x.status, status);
    assert_string_equal(exchange_header(&x, "content-type"), "application/problem+json");
    assert_string_equal(exchange_header(&x, "retry-after"), retry_after);
    assert_null(exchange_header(&x, "glassbox-capture"));
    assert_false(exchange_has(&x, "\"pointer\""));
}

static void every_place_taken_is_429_and_the_others_are_answered(void **state)
{
    static exchange held;

    (void)state;
    assert_int_equal(gbx_limits_set(&(gbx_limits){.size = sizeof(gbx_limits), .max_captures = 1}), GBX_ERR_OK);
    exchange_handler = stay_silent;
    exchange_post(&held, "/plain/full", CAPTURE);
    assert_int_equal(calls, 1);
    assert_int_equal(counted().under_way, 1);
    exchange_handler = answer;
    ask("/keyed/full", CAPTURE); /* another path configuration, the same places */
    assert_refused(429, "1");
    assert_int_equal(calls, 1);
    exchange_end(&x);
    ask("/plain", CAPTURE);
    assert_int_equal(x.status, 200);
    exchange_end(&x);
    ask("/plain/full", "{}");
    assert_int_equal(x.status, 200);
    exchange_end(&x);
    exchange_end(&held); /* the client hangs up */
    ask("/plain/full", CAPTURE);
    assert_int_equal(x.status, 200);
    assert_int_equal(counted().captured, 2);
    assert_int_equal(counted().refused_captures, 1);
}

/* Whoever has the end of an answer may ask again at once, on any connection. */
static void a_place_is_free_before_the_last_bytes_leave(void **state)
{
    unsigned i;

    (void)state;
    assert_int_equal(gbx_limits_set(&(gbx_limits){.size = sizeof(gbx_limits), .max_captures = 1}), GBX_ERR_OK);
    for (i = 0; i < 3; i++) {
        exchange_post(&x, "/plain/full", CAPTURE);
        while (exchange_step(&x))
            assert_int_equal(counted().under_way, 1);
        assert_int_equal(x.sends[x.send_count - 1].state, H2O_SEND_STATE_FINAL);
        assert_int_equal(counted().under_way, 0);
        assert_int_equal(gbx_capture_live_count(), 1);
        exchange_end(&x);
    }
    assert_int_equal(counted().captured, 3);
}

static void a_response_that_breaks_off_gives_its_place_back(void **state)
{
    (void)state;
    exchange_handler = answer_with_a_large_trace;
    exchange_post(&x, "/plain/full", CAPTURE);
    assert_int_equal(counted().under_way, 1);
    exchange_end(&x);
    assert_int_equal(counted().under_way, 0);
}

static void a_worker_that_outlives_its_request_holds_memory_but_no_place(void **state)
{
    (void)state;
    exchange_handler = stay_silent;
    exchange_post(&x, "/plain/full", CAPTURE);
    exchange_end(&x);
    assert_non_null(carried);
    assert_int_equal(counted().under_way, 0);
    assert_int_equal(gbx_capture_live_count(), 1);
    assert_int_equal(gbx_capture_memory_used(), GBXI_BLOCK_BYTES);
    gbx_capture_unref(carried);
    carried = NULL;
    assert_int_equal(gbx_capture_memory_used(), 0);
}

static void too_many_in_a_second_is_429(void **state)
{
    (void)state;
    assert_int_equal(gbx_limits_set(&(gbx_limits){.size = sizeof(gbx_limits), .captures_per_second = 2}), GBX_ERR_OK);
    do {
        exchange_end(&x);
        ask("/plain/full", CAPTURE);
    } while (x.status == 200);
    assert_refused(429, "1");
    assert_int_equal(counted().refused_rate, 1);
    assert_int_equal(counted().captured, calls);
    assert_true(calls >= 2);
    exchange_end(&x);
    ask("/plain/full", "{}");
    assert_int_equal(x.status, 200);
}

static void no_memory_to_record_into_is_503(void **state)
{
    void *block = gbxi_pool_take();

    (void)state;
    gbx_capture_memory_limit_set(GBXI_BLOCK_BYTES);
    ask("/plain/full", CAPTURE);
    assert_refused(503, "1");
    exchange_end(&x);
    ask("/plain/full", "{}");
    assert_int_equal(x.status, 200);
    exchange_end(&x);
    gbxi_pool_give(block);
    ask("/plain/full", CAPTURE);
    assert_int_equal(x.status, 200);
    assert_int_equal(counted().refused_memory, 1);
    assert_int_equal(counted().captured, 1);
}

static void no_memory_for_the_envelope_is_503_counts_as_that_and_takes_no_place(void **state)
{
    (void)state;
    exchange_close(); /* and the loop's spare buffer with it */
    fail_buffer = true;
    ask("/plain/full", CAPTURE);
    assert_refused(503, "1");
    assert_int_equal(counted().refused_memory, 1);
    assert_int_equal(counted().captured, 0);
    assert_int_equal(counted().under_way, 0);
    exchange_end(&x);
    ask("/plain/full", "{}"); /* did not ask for a trace, so it is not counted */
    assert_refused(503, "1");
    assert_int_equal(counted().refused_memory, 1);
}

static void while_off_it_answers_uncaptured(void **state)
{
    static const char uncaptured[] = "{\"output\":[],\"traces\":null}";

    (void)state;
    gbx_capture_switch(false);
    ask("/plain/full", CAPTURE);
    assert_int_equal(x.status, 200);
    assert_string_equal(exchange_header(&x, "glassbox-capture"), "off");
    assert_null(exchange_header(&x, "glassbox-trace-id"));
    assert_int_equal(x.length, sizeof(uncaptured) - 1);
    assert_memory_equal(x.body, uncaptured, x.length);
    assert_int_equal(counted().off, 1);
    assert_int_equal(counted().captured, 0);
    exchange_end(&x);
    gbx_capture_switch(true);
    ask("/plain/full", CAPTURE);
    assert_string_equal(exchange_header(&x, "glassbox-capture"), "captured");
    assert_false(exchange_has(&x, "\"traces\":null"));
    assert_int_equal(counted().captured, 1);
}

static void switching_off_leaves_what_is_under_way_alone(void **state)
{
    (void)state;
    exchange_post(&x, "/plain/full", CAPTURE);
    gbx_capture_switch(false);
    exchange_finish(&x);
    assert_true(exchange_has(&x, "\"traces\":{"));
    assert_true(exchange_has(&x, "\"truncated\":false"));
}

static h2o_req_t *silent_request;
static int stay_silent_for_now(h2o_handler_t *self, h2o_req_t *req)
{
    silent_request = req;
    return stay_silent(self, req);
}

static void run_loop_until_expired(void)
{
    while (counted().expired == 0)
        h2o_evloop_run(x.req.conn->ctx->loop, INT32_MAX);
}

static void a_capture_whose_time_is_over_is_cut_and_its_request_goes_on(void **state)
{
    (void)state;
    assert_int_equal(gbx_limits_set(&(gbx_limits){.size = sizeof(gbx_limits), .max_captures = 1, .max_capture_ms = 1}),
                     GBX_ERR_OK);
    exchange_handler = stay_silent_for_now;
    exchange_post(&x, "/plain/full", CAPTURE);
    assert_int_equal(counted().under_way, 1);
    run_loop_until_expired();
    assert_int_equal(counted().under_way, 0);
    {
        GBX_RESUME(carried);
        GBX_SPAN_NAMED("too.late");
        assert_null(gbx_capture_current());
        carried = NULL;
    }
    answer(NULL, silent_request);
    exchange_finish(&x);
    assert_int_equal(x.status, 200);
    assert_string_equal(exchange_header(&x, "glassbox-capture"), "captured");
    assert_true(exchange_has(&x, "{\"output\":[],\"traces\":{"));
    assert_true(exchange_has(&x, "\"truncated\":true"));
    assert_true(exchange_has(&x, "\"silent\""));
    assert_true(exchange_has(&x, "\"handler.wait\"")); /* until then */
    assert_false(exchange_has(&x, "\"too.late\""));
    assert_int_equal(counted().captured, 1);
    assert_int_equal(counted().expired, 1);
}

/* Moves the loop's clock on and runs the timers that this makes due, in no time. */
static void pass_time(uint64_t ms)
{
    h2o_context_t *context = x.req.conn->ctx;

    context->loop->_now += ms;
    h2o_timeout_run(context->loop, &context->hundred_ms_timeout, h2o_now(context->loop));
    h2o_timeout_run(context->loop, &context->one_sec_timeout, h2o_now(context->loop));
}

static void a_capture_has_all_of_a_time_that_is_longer_than_a_timer(void **state)
{
    gbx_limits limits = {.size = sizeof(limits), .max_capture_ms = 2150};

    (void)state;
    assert_int_equal(gbx_limits_set(&limits), GBX_ERR_OK);
    exchange_handler = stay_silent;
    exchange_post(&x, "/plain/full", CAPTURE);
    pass_time(1000);
    pass_time(1000);
    pass_time(149);
    assert_int_equal(counted().under_way, 1);
    assert_int_equal(counted().expired, 0);
    pass_time(100);
    assert_int_equal(counted().under_way, 0);
    assert_int_equal(counted().expired, 1);
}

/* The response is on its way: a slow reader has the whole trace to come, but keeps no place of others. */
static void a_trace_being_read_slowly_loses_its_place_and_nothing_else(void **state)
{
    (void)state;
    assert_int_equal(gbx_limits_set(&(gbx_limits){.size = sizeof(gbx_limits), .max_captures = 1, .max_capture_ms = 1}),
                     GBX_ERR_OK);
    exchange_handler = answer_with_a_large_trace;
    exchange_post(&x, "/plain/full", CAPTURE);
    assert_int_equal(counted().under_way, 1);
    while (counted().under_way != 0)
        h2o_evloop_run(x.req.conn->ctx->loop, INT32_MAX);
    exchange_finish(&x);
    assert_true(exchange_has(&x, "\"truncated\":false"));
    assert_int_equal(counted().expired, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_place_taken_is_429_and_the_others_are_answered),
        TEST(a_place_is_free_before_the_last_bytes_leave),
        TEST(a_response_that_breaks_off_gives_its_place_back),
        TEST(a_worker_that_outlives_its_request_holds_memory_but_no_place),
        TEST(too_many_in_a_second_is_429),
        TEST(no_memory_to_record_into_is_503),
        TEST(no_memory_for_the_envelope_is_503_counts_as_that_and_takes_no_place),
        TEST(while_off_it_answers_uncaptured),
        TEST(switching_off_leaves_what_is_under_way_alone),
        TEST(a_capture_whose_time_is_over_is_cut_and_its_request_goes_on),
        TEST(a_capture_has_all_of_a_time_that_is_longer_than_a_timer),
        TEST(a_trace_being_read_slowly_loses_its_place_and_nothing_else),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
