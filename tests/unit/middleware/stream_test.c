/* SPDX-License-Identifier: MIT */
/* The order in which data is sent, who is asked for more and when, and the cleanup after an early end. */
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
#define TRACES_ONLY "{\"trace_config\":{\"capture_traces\":true,\"trace_output\":\"traces_only\"}}"

enum { CHUNK_BYTES = 100 * 1000, PIECES_MAX = 40, PIECE_BYTES = 1000 };

static exchange x;
static h2o_generator_t generator;
static char chunk[CHUNK_BYTES];
static unsigned proceeds, stops, chunks_left;
static size_t pieces;
static h2o_send_state_t last_state;
static bool captured_between;

static void send_chunk(h2o_req_t *req, size_t length)
{
    h2o_iovec_t buffer = h2o_iovec_init(chunk, length);

    chunks_left--;
    h2o_send(req, &buffer, length > 0, chunks_left > 0 ? H2O_SEND_STATE_IN_PROGRESS : last_state);
}

static void on_proceed(h2o_generator_t *self, h2o_req_t *req)
{
    GBX_SPAN_NAMED("test.proceed");
    (void)self;
    proceeds++;
    send_chunk(req, CHUNK_BYTES);
}

static void on_stop(h2o_generator_t *self, h2o_req_t *req)
{
    assert_ptr_equal(self, &generator);
    (void)req;
    stops++;
}

static void start(h2o_req_t *req, const char *type)
{
    req->res.status = 200;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, type, strlen(type));
    generator = (h2o_generator_t){on_proceed, on_stop};
    h2o_start_response(req, &generator);
}

static int answer_json(h2o_handler_t *self, h2o_req_t *req)
{
    GBX_SPAN_NAMED("test.handler");
    (void)self;
    start(req, "application/json");
    memset(chunk, '1', sizeof(chunk));
    send_chunk(req, CHUNK_BYTES);
    {
        GBX_SPAN_NAMED("test.after");
    }
    return 0;
}

static int answer_text(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    start(req, "text/plain");
    memset(chunk, 'a', sizeof(chunk));
    send_chunk(req, CHUNK_BYTES);
    return 0;
}

static int answer_in_pieces(h2o_handler_t *self, h2o_req_t *req)
{
    h2o_iovec_t buffers[PIECES_MAX];
    size_t i;

    (void)self;
    start(req, "application/json");
    memset(chunk, '1', sizeof(chunk));
    for (i = 0; i < pieces; i++)
        buffers[i] = h2o_iovec_init(chunk + i * PIECE_BYTES, PIECE_BYTES);
    h2o_send(req, buffers, pieces, H2O_SEND_STATE_FINAL);
    return 0;
}

static int start_only(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    start(req, "application/json");
    memset(chunk, '1', sizeof(chunk));
    return 0;
}

static int make_spans(h2o_handler_t *self, h2o_req_t *req)
{
    int i;

    for (i = 0; i < 2000; i++) {
        GBX_SPAN_NAMED("test.many");
    }
    return answer_json(self, req);
}

static int set_up(void **state)
{
    (void)state;
    proceeds = stops = 0;
    chunks_left = 1;
    last_state = H2O_SEND_STATE_FINAL;
    x.dispose_on_error = false;
    x.preferred_chunk_size = 0;
    exchange_handler = answer_json;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    exchange_end(&x);
    return gbx_capture_live_count() == 0 ? 0 : -1;
}

static void a_small_trace_leaves_with_the_output(void **state)
{
    (void)state;
    exchange_post(&x, "/plain/full", CAPTURE);
    assert_int_equal(x.send_count, 1);
    assert_int_equal(x.sends[0].state, H2O_SEND_STATE_FINAL);
    assert_memory_equal(x.body + strlen("{\"output\":") + CHUNK_BYTES, ",\"traces\":{", strlen(",\"traces\":{"));
    assert_int_equal(x.body[x.length - 1], '}');
}

static void it_does_behind_any_number_of_pieces(void **state)
{
    (void)state;
    exchange_handler = answer_in_pieces;
    for (pieces = 1; pieces <= PIECES_MAX; pieces++) {
        size_t output_bytes = strlen("{\"output\":") + pieces * PIECE_BYTES;

        exchange_post(&x, "/plain/full", CAPTURE);
        assert_int_equal(x.send_count, 1);
        assert_true(x.length > output_bytes);
        assert_memory_equal(x.body + output_bytes, ",\"traces\":{", strlen(",\"traces\":{"));
        assert_int_equal(x.body[x.length - 1], '}');
        exchange_end(&x);
    }
}

static void so_does_none(void **state)
{
    (void)state;
    exchange_post(&x, "/plain/full", "{}");
    assert_int_equal(x.send_count, 1);
    assert_int_equal(x.sends[0].state, H2O_SEND_STATE_FINAL);
    assert_memory_equal(x.body + strlen("{\"output\":") + CHUNK_BYTES, ",\"traces\":null}",
                        strlen(",\"traces\":null}"));
}

static void what_sending_costs_is_not_in_the_trace(void **state)
{
    (void)state;
    exchange_post(&x, "/plain/full", CAPTURE);
    assert_true(exchange_has(&x, "\"test.after\"")); /* the handler went on after it had sent */
    assert_true(exchange_has(&x, "\"entry_count\":6"));
}

static void sends_the_output_first_and_a_large_trace_when_that_has_left(void **state)
{
    (void)state;
    exchange_handler = make_spans;
    exchange_post(&x, "/plain/full", CAPTURE);
    assert_int_equal(x.send_count, 1);
    assert_int_equal(x.length, strlen("{\"output\":") + CHUNK_BYTES);
    assert_int_equal(x.sends[0].state, H2O_SEND_STATE_IN_PROGRESS);
    assert_false(exchange_has(&x, "traces"));
    exchange_finish(&x);
    assert_int_equal(x.sends[x.send_count - 1].state, H2O_SEND_STATE_FINAL);
    assert_memory_equal(x.body + x.sends[1].at, ",\"traces\":{", strlen(",\"traces\":{"));
    assert_int_equal(x.body[x.length - 1], '}');
    assert_int_equal(stops, 0);
}

static void passes_json_in_the_handlers_own_memory(void **state)
{
    (void)state;
    exchange_handler = make_spans;
    exchange_post(&x, "/plain/full", CAPTURE);
    assert_ptr_equal(x.first_buffer, chunk);
}

static void keeps_what_the_handler_does_after_its_last_chunk(void **state)
{
    (void)state;
    exchange_post(&x, "/plain/full", CAPTURE);
    exchange_finish(&x);
    assert_true(exchange_has(&x, "\"test.after\""));
    assert_true(exchange_has(&x, "\"handler\""));
}

static void captures_the_generators_proceed_and_nothing_between(void **state)
{
    (void)state;
    chunks_left = 3;
    exchange_post(&x, "/plain/full", CAPTURE);
    captured_between = gbx_capture_current() != NULL;
    {
        GBX_SPAN_NAMED("test.stranger");
    }
    exchange_finish(&x);
    assert_false(captured_between);
    assert_int_equal(proceeds, 2);
    assert_true(exchange_has(&x, "\"test.proceed\""));
    assert_true(exchange_has(&x, "\"handler.proceed\""));
    assert_false(exchange_has(&x, "test.stranger"));
}

static void asks_for_more_only_when_all_of_a_chunk_has_left(void **state)
{
    size_t sends_per_chunk;

    (void)state;
    exchange_handler = answer_text;
    chunks_left = 2;
    exchange_post(&x, "/plain/full", CAPTURE);
    while (proceeds == 0) {
        sends_per_chunk = x.send_count;
        assert_true(x.length < CHUNK_BYTES + 16);
        assert_true(exchange_step(&x));
    }
    assert_true(sends_per_chunk >= 2);
    exchange_finish(&x);
    assert_int_equal(proceeds, 1);
    assert_memory_equal(x.body, "{\"output\":\"aaa", strlen("{\"output\":\"aaa"));
    assert_memory_equal(x.body + strlen("{\"output\":\"") + 2 * CHUNK_BYTES, "\",\"traces\":{", 12);
}

static void sends_no_more_at_once_than_its_buffer_or_the_filters_below_prefer(void **state)
{
    static const size_t preferred[] = {0, 100 * 1024, 16 * 1024, 8192, 1};
    static const size_t most[] = {64 * 1024, 64 * 1024, 16 * 1024, 8192, 4096};
    size_t i, s;

    (void)state;
    exchange_handler = make_spans;
    for (i = 0; i < sizeof(preferred) / sizeof(preferred[0]); i++) {
        chunks_left = 1;
        x.preferred_chunk_size = preferred[i];
        exchange_post(&x, "/plain/full", CAPTURE);
        exchange_finish(&x);
        assert_true(x.send_count > 2);
        for (s = 1; s < x.send_count; s++)
            assert_true(x.sends[s].length <= most[i]);
        exchange_end(&x);
    }
}

static void swallows_the_output_when_only_the_trace_is_wanted(void **state)
{
    (void)state;
    chunks_left = 3;
    exchange_post(&x, "/plain/full", TRACES_ONLY);
    assert_int_equal(x.send_count, 0);
    exchange_finish(&x);
    assert_int_equal(proceeds, 2);
    assert_memory_equal(x.body, "{\"response_type\":", strlen("{\"response_type\":"));
    assert_false(exchange_has(&x, "1111111111"));
}

static void answers_null_for_a_trace_that_is_not_there(void **state)
{
    (void)state;
    exchange_post(&x, "/plain/full", "{\"trace_config\":{\"trace_output\":\"traces_only\"}}");
    exchange_finish(&x);
    assert_int_equal(x.length, 4);
    assert_memory_equal(x.body, "null", 4);
    exchange_end(&x);
    chunks_left = 1;
    exchange_post(&x, "/plain/full", "{\"trace_config\":{\"capture_traces\":true,\"slow_threshold_ms\":3600000}}");
    exchange_finish(&x);
    assert_memory_equal(x.body + x.length - 15, ",\"traces\":null}", 15);
}

static void passes_a_broken_response_on(void **state)
{
    (void)state;
    chunks_left = 2;
    last_state = H2O_SEND_STATE_ERROR;
    exchange_post(&x, "/plain/full", CAPTURE);
    exchange_finish(&x);
    assert_int_equal(x.sends[x.send_count - 1].state, H2O_SEND_STATE_ERROR);
    assert_false(exchange_has(&x, "traces"));
}

/* HTTP/1 closes the connection, and with it the request, inside the handler's h2o_send. */
static void survives_the_request_going_away_under_the_handler(void **state)
{
    (void)state;
    last_state = H2O_SEND_STATE_ERROR;
    x.dispose_on_error = true;
    exchange_post(&x, "/plain/full", CAPTURE);
    assert_true(x.gone);
    assert_int_equal(gbx_capture_live_count(), 0);
    assert_null(gbx_capture_current());
}

static void leaves_nothing_behind_wherever_the_client_hangs_up(void **state)
{
    size_t steps, total;

    (void)state;
    exchange_handler = make_spans;
    chunks_left = 3;
    exchange_post(&x, "/plain/full", CAPTURE);
    for (total = 1; exchange_step(&x); total++)
        ;
    exchange_end(&x);
    assert_true(total > 10);
    /* Times have fewer digits in some runs, which may then lack the last step. */
    for (steps = 0; steps + 1 < total; steps++) {
        size_t i;

        stops = 0;
        chunks_left = 3;
        exchange_post(&x, "/plain/full", CAPTURE);
        for (i = 0; i < steps; i++)
            assert_true(exchange_step(&x));
        assert_int_equal(gbx_capture_live_count(), 1);
        exchange_end(&x);
        assert_int_equal(stops, steps < 2);
        assert_int_equal(gbx_capture_live_count(), 0);
    }
}

static void goes_on_with_a_handler_that_answers_later(void **state)
{
    (void)state;
    exchange_handler = start_only;
    exchange_post(&x, "/plain/full", CAPTURE);
    assert_int_equal(x.send_count, 0);
    assert_null(gbx_capture_current());
    send_chunk(&x.req, 5);
    exchange_finish(&x);
    assert_memory_equal(x.body, "{\"output\":11111,\"traces\":{", strlen("{\"output\":11111,\"traces\":{"));
}

static void takes_empty_chunks_for_a_sign_of_life(void **state)
{
    (void)state;
    exchange_handler = start_only;
    chunks_left = 2;
    exchange_post(&x, "/plain/full", CAPTURE);
    send_chunk(&x.req, 0);
    assert_int_equal(x.send_count, 0);
    exchange_finish(&x);
    assert_int_equal(proceeds, 1);
    assert_memory_equal(x.body, "{\"output\":111", strlen("{\"output\":111"));
}

static int decline(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    (void)req;
    return -1;
}

static void traces_a_handler_that_declines(void **state)
{
    (void)state;
    exchange_handler = decline;
    exchange_post(&x, "/plain/full", CAPTURE);
    exchange_finish(&x);
    assert_int_equal(x.status, 404);
    assert_memory_equal(x.body, "{\"output\":\"not found\",\"traces\":{",
                        strlen("{\"output\":\"not found\",\"traces\":{"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_small_trace_leaves_with_the_output),
        TEST(it_does_behind_any_number_of_pieces),
        TEST(so_does_none),
        TEST(what_sending_costs_is_not_in_the_trace),
        TEST(sends_the_output_first_and_a_large_trace_when_that_has_left),
        TEST(passes_json_in_the_handlers_own_memory),
        TEST(keeps_what_the_handler_does_after_its_last_chunk),
        TEST(captures_the_generators_proceed_and_nothing_between),
        TEST(asks_for_more_only_when_all_of_a_chunk_has_left),
        TEST(sends_no_more_at_once_than_its_buffer_or_the_filters_below_prefer),
        TEST(swallows_the_output_when_only_the_trace_is_wanted),
        TEST(answers_null_for_a_trace_that_is_not_there),
        TEST(passes_a_broken_response_on),
        TEST(survives_the_request_going_away_under_the_handler),
        TEST(leaves_nothing_behind_wherever_the_client_hangs_up),
        TEST(goes_on_with_a_handler_that_answers_later),
        TEST(takes_empty_chunks_for_a_sign_of_life),
        TEST(traces_a_handler_that_declines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
