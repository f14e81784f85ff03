/* SPDX-License-Identifier: MIT */
/* Delayed responses: when the capture ends, what a callback of the event loop records with and without a resume, and
 * the fate of a job whose client has left. */
#define _GNU_SOURCE
#include "exchange.h"
#include <glassbox/export.h>
#include <glassbox/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define CAPTURE "{\"trace_config\":{\"capture_traces\":true}}"

static exchange x;
static h2o_generator_t generator;
static gbx_capture *carried; /* by the handler */
static size_t sent_inside;   /* what had left when the callback was about to end */

static void on_proceed(h2o_generator_t *self, h2o_req_t *req)
{
    (void)self;
    (void)req;
}

static void start(h2o_req_t *req)
{
    req->res.status = 200;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("application/json"));
    generator = (h2o_generator_t){on_proceed, NULL};
    h2o_start_response(req, &generator);
}

static void send_text(h2o_req_t *req, const char *text, h2o_send_state_t state)
{
    h2o_iovec_t buffer = h2o_iovec_init(text, strlen(text));

    h2o_send(req, &buffer, 1, state);
}

static int answer_later(h2o_handler_t *self, h2o_req_t *req)
{
    GBX_SPAN_NAMED("test.handler");
    (void)self;
    (void)req;
    carried = gbx_capture_carry();
    return 0;
}

static int begin_and_answer_later(h2o_handler_t *self, h2o_req_t *req)
{
    start(req);
    send_text(req, "[", H2O_SEND_STATE_IN_PROGRESS);
    sent_inside = x.send_count;
    return answer_later(self, req);
}

static gbx_capture *take_carried(void)
{
    gbx_capture *taken = carried;

    carried = NULL;
    return taken;
}

/* Only a finished capture has exporters. */
static bool is_finished(gbx_capture *capture)
{
    gbx_exporter *exporter = gbx_exporter_new(capture, GBX_FORMAT_FULL, NULL);

    gbx_exporter_free(exporter);
    return exporter != NULL;
}

static int set_up(void **state)
{
    (void)state;
    exchange_handler = answer_later;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    exchange_end(&x);
    gbx_capture_unref(take_carried());
    return gbx_capture_live_count() == 0 ? 0 : -1;
}

static void the_capture_ends_with_the_last_chunk_and_not_before(void **state)
{
    (void)state;
    exchange_handler = begin_and_answer_later;
    exchange_post(&x, "/plain/full", CAPTURE);
    assert_false(is_finished(carried));
    send_text(&x.req, "1", H2O_SEND_STATE_IN_PROGRESS);
    assert_false(is_finished(carried));
    exchange_step(&x);
    assert_false(is_finished(carried));
    send_text(&x.req, "]", H2O_SEND_STATE_FINAL);
    assert_true(is_finished(carried));
}

static void without_a_resume_a_callback_answers_and_is_not_recorded(void **state)
{
    (void)state;
    exchange_post(&x, "/plain/full", CAPTURE);
    {
        GBX_SPAN_NAMED("test.callback");
        assert_null(gbx_capture_current());
        start(&x.req);
        send_text(&x.req, "[]", H2O_SEND_STATE_FINAL);
    }
    assert_true(is_finished(carried));
    exchange_finish(&x);
    assert_true(exchange_has(&x, "\"test.handler\""));
    assert_false(exchange_has(&x, "\"test.callback\""));
    assert_true(exchange_has(&x, "\"truncated\":false"));
}

/* Other than on_req and proceed, which go on being recorded until they return. */
static void with_one_its_spans_end_with_the_last_chunk(void **state)
{
    (void)state;
    exchange_post(&x, "/plain/full", CAPTURE);
    {
        GBX_RESUME(take_carried());
        GBX_SPAN_NAMED("test.callback");
        start(&x.req);
        send_text(&x.req, "[]", H2O_SEND_STATE_FINAL);
        {
            GBX_SPAN_NAMED("test.after");
        }
    }
    exchange_finish(&x);
    assert_true(exchange_has(&x, "\"test.callback\""));
    assert_false(exchange_has(&x, "\"test.after\""));
    assert_true(exchange_has(&x, "\"truncated\":false"));
}

static void what_a_callback_sends_leaves_at_once_and_what_a_handler_sends_when_it_returns(void **state)
{
    (void)state;
    exchange_handler = begin_and_answer_later;
    exchange_post(&x, "/plain/full", CAPTURE);
    assert_int_equal(sent_inside, 0);
    assert_int_equal(x.send_count, 1);
    exchange_step(&x);
    {
        GBX_RESUME(take_carried());
        size_t before = x.send_count;

        send_text(&x.req, "]", H2O_SEND_STATE_FINAL);
        assert_true(x.send_count > before);
    }
}

static void work_of_a_client_that_left_is_dropped_and_its_reference_is_the_jobs(void **state)
{
    (void)state;
    exchange_post(&x, "/plain/full", CAPTURE);
    exchange_end(&x);
    assert_true(is_finished(carried));
    assert_int_equal(gbx_capture_live_count(), 1);
    {
        GBX_RESUME(take_carried());
        GBX_SPAN_NAMED("test.late");
        assert_null(gbx_capture_current());
        assert_null(gbx_capture_carry()); /* a further hop of it has nothing to hold */
    }
    assert_int_equal(gbx_capture_live_count(), 0);
}

static void a_job_inside_when_the_client_leaves_goes_on_unrecorded(void **state)
{
    (void)state;
    exchange_post(&x, "/plain/full", CAPTURE);
    {
        GBX_RESUME(take_carried());
        GBX_SPAN_NAMED("test.long");
        exchange_end(&x);
        assert_non_null(gbx_capture_current());
        {
            GBX_SPAN_NAMED("test.late");
        }
        assert_int_equal(gbx_capture_live_count(), 1);
    }
    assert_int_equal(gbx_capture_live_count(), 0);
}

static size_t count_of(const char *text)
{
    size_t count = 0, length = strlen(text);

    for (size_t i = 0; i + length <= x.length; i++)
        count += memcmp(x.body + i, text, length) == 0;
    return count;
}

/* The waiting is most of the time, and all of the time is in spans. */
static void what_a_handler_waits_for_is_a_span(void **state)
{
    (void)state;
    exchange_post(&x, "/clocked/summary", CAPTURE);
    exchange_now_ns += 200000000;
    start(&x.req);
    send_text(&x.req, "[]", H2O_SEND_STATE_FINAL);
    exchange_now_ns += 1000;
    exchange_finish(&x);
    assert_true(exchange_has(&x, "\"hotspots\":[{\"name\":\"handler.wait\",\"file\":\"middleware/run.c\","));
    assert_true(exchange_has(&x, "\"calls\":1,\"self_ms\":200,\"total_ms\":200,"));
    assert_true(exchange_has(&x, "\"percentage\":100}"));
    assert_true(exchange_has(&x, "\"total_duration_ms\":200,"));
    assert_true(exchange_has(&x, "\"unattributed_ms\":0,"));
    assert_true(exchange_has(&x, "\"truncated\":false"));
}

static void every_wait_between_two_steps_is_told(void **state)
{
    (void)state;
    exchange_handler = begin_and_answer_later;
    exchange_post(&x, "/clocked/speedscope", CAPTURE);
    exchange_now_ns += 10; /* the client takes what was sent */
    exchange_step(&x);
    exchange_now_ns += 20;
    send_text(&x.req, "1", H2O_SEND_STATE_IN_PROGRESS);
    exchange_now_ns += 30;
    exchange_step(&x);
    {
        GBX_RESUME(take_carried());
        GBX_SPAN_NAMED("test.callback");
        exchange_now_ns += 40;
        send_text(&x.req, "]", H2O_SEND_STATE_FINAL);
    }
    exchange_finish(&x);
    assert_true(exchange_has(&x, "{\"name\":\"handler\","));
    assert_true(exchange_has(&x, "{\"name\":\"handler.wait\","));
    /* handler > test.handler, wait, proceed, wait, wait, proceed, callback */
    assert_int_equal(count_of("\"type\":\"O\",\"frame\":2"), 3);
    assert_true(exchange_has(&x, "{\"type\":\"O\",\"frame\":2,\"at\":0},{\"type\":\"C\",\"frame\":2,\"at\":10}"));
    assert_true(exchange_has(&x, "{\"type\":\"O\",\"frame\":2,\"at\":10},{\"type\":\"C\",\"frame\":2,\"at\":30}"));
    assert_true(exchange_has(&x, "{\"type\":\"O\",\"frame\":2,\"at\":30},{\"type\":\"C\",\"frame\":2,\"at\":60}"));
    assert_true(exchange_has(&x, "\"endValue\":100,"));
}

static int answer_at_once(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    exchange_now_ns += 5;
    start(req);
    send_text(req, "[]", H2O_SEND_STATE_FINAL);
    return 0;
}

static void an_answer_at_once_waits_for_nothing(void **state)
{
    (void)state;
    exchange_handler = answer_at_once;
    exchange_post(&x, "/clocked/full", CAPTURE);
    exchange_now_ns += 1000;
    exchange_finish(&x);
    assert_true(exchange_has(&x, "\"total_duration_ns\":5,"));
    assert_false(exchange_has(&x, "handler.wait"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_capture_ends_with_the_last_chunk_and_not_before),
        TEST(without_a_resume_a_callback_answers_and_is_not_recorded),
        TEST(with_one_its_spans_end_with_the_last_chunk),
        TEST(what_a_callback_sends_leaves_at_once_and_what_a_handler_sends_when_it_returns),
        TEST(work_of_a_client_that_left_is_dropped_and_its_reference_is_the_jobs),
        TEST(a_job_inside_when_the_client_leaves_goes_on_unrecorded),
        TEST(what_a_handler_waits_for_is_a_span),
        TEST(every_wait_between_two_steps_is_told),
        TEST(an_answer_at_once_waits_for_nothing),
    };
    return cmocka_run_group_tests_name("middleware/later", tests, NULL, NULL);
}
