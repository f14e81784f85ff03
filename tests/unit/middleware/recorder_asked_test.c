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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_fast_request_was_not_asked_for_with_a_threshold),
        TEST(a_traced_route_that_did_not_ask_is_recorded_and_gets_no_trace),
        TEST(stored_only_leaves_the_answer_plain_and_tells_the_trace_id),
        TEST(stored_only_without_a_recorder_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
