/* SPDX-License-Identifier: MIT */
/* Large traces: the executor analyses them after the output has left, and whatever happens meanwhile, nothing stays
 * behind. */
#define _GNU_SOURCE
#include "exchange.h"
#include "played.h"
#include <glassbox/export.h>
#include <glassbox/limits.h>
#include <glassbox/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define CONFIG(more) "{\"trace_config\":{\"capture_traces\":true" more "}}"

enum { LARGE = 30000, SMALL = 10000, PAUSE_US = 1000 };

gbx_exporter *__real_gbx_exporter_new(gbx_capture *capture, gbx_format format, const gbx_export_options *options);
gbx_exporter *__wrap_gbx_exporter_new(gbx_capture *capture, gbx_format format, const gbx_export_options *options);

static exchange x;
static int spans;
static bool is_short;

gbx_exporter *__wrap_gbx_exporter_new(gbx_capture *capture, gbx_format format, const gbx_export_options *options)
{
    return is_short ? NULL : __real_gbx_exporter_new(capture, format, options);
}

static int make_spans(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    for (int i = 0; i < spans; i++) {
        GBX_SPAN_NAMED("test.span");
    }
    req->res.status = 200;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("application/json"));
    h2o_send_inline(req, H2O_STRLIT("\"out\""));
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    played_reset();
    exchange_handler = make_spans;
    spans = LARGE;
    is_short = false;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    return played_end(&x);
}

/* Sends the request, and what leaves before the trace is there. */
static void post(const char *body)
{
    exchange_post(&x, "/lent/speedscope", body);
    while (played.submitted == 0 && exchange_step(&x))
        ;
}

static bool is_whole(void)
{
    return x.length > 0 && x.body[x.length - 1] == '}' && x.sends[x.send_count - 1].state == H2O_SEND_STATE_FINAL &&
           exchange_has(&x, "test.span");
}

static void receive_and_finish(void)
{
    exchange_receive();
    exchange_finish(&x);
}

static void a_large_trace_is_analysed_after_the_output_has_left(void **state)
{
    (void)state;
    post(CONFIG());
    assert_non_null(played.queued);
    assert_int_equal(x.length, strlen("{\"output\":\"out\""));
    played_work();
    assert_int_equal(x.length, strlen("{\"output\":\"out\""));
    receive_and_finish();
    assert_memory_equal(x.body, "{\"output\":\"out\",\"traces\":{", strlen("{\"output\":\"out\",\"traces\":{"));
    assert_true(exchange_has(&x, "speedscope"));
    assert_true(is_whole());
}

static void a_small_one_is_analysed_by_the_loop(void **state)
{
    (void)state;
    spans = SMALL;
    post(CONFIG());
    exchange_finish(&x);
    assert_int_equal(played.submitted, 0);
    assert_true(is_whole());
}

static void the_trace_may_be_all_that_is_wanted(void **state)
{
    (void)state;
    post(CONFIG(",\"trace_output\":\"traces_only\""));
    assert_int_equal(x.length, 0);
    played_work();
    receive_and_finish();
    assert_int_equal(x.body[0], '{');
    assert_true(is_whole());
}

static void short_spans_are_left_out_there_too(void **state)
{
    (void)state;
    post(CONFIG(",\"min_duration_ns\":1000000000"));
    played_work();
    receive_and_finish();
    assert_int_equal(x.body[x.length - 1], '}');
    assert_false(exchange_has(&x, "test.span"));
}

static void a_trace_that_is_not_wanted_is_not_analysed(void **state)
{
    (void)state;
    post(CONFIG(",\"slow_threshold_ms\":60000"));
    exchange_finish(&x);
    assert_int_equal(played.submitted, 0);
    assert_string_equal(strndupa(x.body, x.length), "{\"output\":\"out\",\"traces\":null}");
}

static void an_executor_that_is_full_is_asked_again(void **state)
{
    (void)state;
    played.takes = false;
    post(CONFIG());
    assert_int_equal(played.submitted, 1);
    played.takes = true;
    while (played.queued == NULL) {
        usleep(PAUSE_US);
        exchange_receive();
    }
    assert_int_equal(played.submitted, 2);
    played_work();
    receive_and_finish();
    assert_true(is_whole());
}

static void a_client_may_leave_while_the_executor_is_full(void **state)
{
    (void)state;
    played.takes = false;
    post(CONFIG());
    exchange_end(&x);
    assert_int_equal(gbx_capture_live_count(), 0);
    assert_int_equal(played.withdrawn, 0);
    played.takes = true; /* too late */
    for (int i = 0; i < 200; i++) {
        usleep(PAUSE_US);
        exchange_receive();
    }
    assert_int_equal(played.submitted, 1);
}

static void a_client_may_leave_before_its_trace_is_begun(void **state)
{
    (void)state;
    post(CONFIG());
    exchange_end(&x);
    assert_int_equal(played.withdrawn, 1);
    assert_int_equal(gbx_capture_live_count(), 0);
}

static void a_client_may_leave_while_its_trace_is_analysed(void **state)
{
    (void)state;
    played.lets_go = false;
    post(CONFIG());
    exchange_end(&x);
    assert_int_equal(gbx_capture_live_count(), 1);
    played_work();
    assert_int_equal(gbx_capture_live_count(), 0);
}

static void a_client_may_leave_before_the_loop_knows_of_its_trace(void **state)
{
    (void)state;
    post(CONFIG());
    played_work();
    exchange_end(&x);
    assert_int_equal(played.withdrawn, 0);
    exchange_receive();
    assert_int_equal(gbx_capture_live_count(), 0);
}

static void without_memory_the_output_is_whole_and_the_trace_missing(void **state)
{
    (void)state;
    post(CONFIG());
    is_short = true;
    played_work();
    receive_and_finish();
    assert_true(exchange_has(&x, "{\"output\":\"out\",\"traces\":null,\"trace_error\":\""));
    assert_int_equal(x.body[x.length - 1], '}');
}

static gbx_capture_counts counts(void)
{
    gbx_capture_counts now = {0};

    gbx_capture_counts_get(&now, sizeof(now));
    return now;
}

static void the_place_is_held_until_the_trace_is_written(void **state)
{
    uint32_t before = counts().under_way;

    (void)state;
    post(CONFIG());
    assert_int_equal(counts().under_way, before + 1);
    played_work();
    assert_int_equal(counts().under_way, before + 1);
    receive_and_finish();
    assert_int_equal(counts().under_way, before);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_large_trace_is_analysed_after_the_output_has_left),
        TEST(a_small_one_is_analysed_by_the_loop),
        TEST(the_trace_may_be_all_that_is_wanted),
        TEST(short_spans_are_left_out_there_too),
        TEST(a_trace_that_is_not_wanted_is_not_analysed),
        TEST(an_executor_that_is_full_is_asked_again),
        TEST(a_client_may_leave_while_the_executor_is_full),
        TEST(a_client_may_leave_before_its_trace_is_begun),
        TEST(a_client_may_leave_while_its_trace_is_analysed),
        TEST(a_client_may_leave_before_the_loop_knows_of_its_trace),
        TEST(without_memory_the_output_is_whole_and_the_trace_missing),
        TEST(the_place_is_held_until_the_trace_is_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
