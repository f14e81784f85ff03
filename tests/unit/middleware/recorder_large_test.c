/* SPDX-License-Identifier: MIT */
/* Large traces at a path with a recorder: its thread analyses them, unless the path has an executor. */
#define _GNU_SOURCE
#include "played.h"
#include "recorder/recorder.h"
#include <glassbox/export.h>
#include <glassbox/span.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define CAPTURE "{\"trace_config\":{\"capture_traces\":true}}"

enum { MANY = 20001 };

static exchange x;
static pthread_t analysed_on;
static unsigned submitted;
static bool closes_before; /* the recorder is closed when it is to get work */
static int spans;

gbx_exporter *__real_gbx_exporter_new(gbx_capture *capture, gbx_format format, const gbx_export_options *options);
gbx_exporter *__wrap_gbx_exporter_new(gbx_capture *capture, gbx_format format, const gbx_export_options *options);
gbx_exporter *__wrap_gbx_exporter_new(gbx_capture *capture, gbx_format format, const gbx_export_options *options)
{
    analysed_on = pthread_self();
    return __real_gbx_exporter_new(capture, format, options);
}

bool __real_gbxi_recorder_submit(gbx_recorder *to, gbxi_recorder_task *task);
bool __wrap_gbxi_recorder_submit(gbx_recorder *to, gbxi_recorder_task *task);
bool __wrap_gbxi_recorder_submit(gbx_recorder *to, gbxi_recorder_task *task)
{
    submitted++;
    if (closes_before)
        gbx_recorder_close(to, 0);
    return __real_gbxi_recorder_submit(to, task);
}

static gbx_err let_go(void *context, const gbx_recording *recording, gbx_error *error)
{
    (void)context, (void)recording, (void)error;
    return GBX_ERR_OK;
}

static int record_spans(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    for (int i = 0; i < spans; i++) {
        GBX_SPAN_NAMED("test.one");
    }
    h2o_send_inline(req, H2O_STRLIT("answer"));
    return 0;
}

static void open_with_sink(bool has_sink)
{
    const gbx_sink sink = {.size = sizeof(sink), .take = let_go};

    exchange_close();
    exchange_recorder = gbx_recorder_new(NULL);
    assert_non_null(exchange_recorder);
    if (has_sink)
        assert_int_equal(gbx_recorder_add(exchange_recorder, &sink), GBX_ERR_OK);
    exchange_open();
}

/* The answer waits for the recorder or for the executor, which gives it back to the loop. */
static void finish_when_analysed(void)
{
    while (submitted == 0 && played.submitted == 0 && exchange_step(&x))
        ;
    if (played.queued != NULL)
        played_work();
    for (size_t sent = x.send_count; x.send_count == sent;)
        exchange_receive();
    exchange_finish(&x);
}

static int set_up(void **state)
{
    (void)state;
    submitted = 0;
    closes_before = false;
    played_reset();
    exchange_handler = record_spans;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    exchange_end(&x);
    exchange_close();
    gbx_recorder_unref(exchange_recorder);
    exchange_recorder = NULL;
    return gbx_capture_live_count() == 0 ? 0 : -1;
}

static void a_large_trace_is_analysed_on_the_recorders_thread(void **state)
{
    (void)state;
    open_with_sink(true);
    spans = MANY;
    exchange_post(&x, "/recorded/a/summary", CAPTURE);
    finish_when_analysed();
    assert_true(exchange_has(&x, "\"calls\":20001"));
    assert_false(pthread_equal(analysed_on, pthread_self()));
}

static void a_small_one_is_analysed_by_the_loop(void **state)
{
    (void)state;
    open_with_sink(true);
    spans = 1;
    exchange_post(&x, "/recorded/a/summary", CAPTURE);
    exchange_finish(&x);
    assert_int_equal(submitted, 0);
    assert_true(pthread_equal(analysed_on, pthread_self()));
}

static void a_recorder_without_a_sink_analyses_nothing(void **state)
{
    (void)state;
    open_with_sink(false);
    spans = MANY;
    exchange_post(&x, "/recorded/a/summary", CAPTURE);
    exchange_finish(&x);
    assert_int_equal(submitted, 0);
    assert_true(exchange_has(&x, "\"calls\":20001"));
}

static void a_recorder_that_is_closed_meanwhile_leaves_the_work_to_the_loop(void **state)
{
    (void)state;
    open_with_sink(true);
    spans = MANY;
    closes_before = true;
    exchange_post(&x, "/recorded/a/summary", CAPTURE);
    finish_when_analysed();
    assert_true(exchange_has(&x, "\"calls\":20001"));
    assert_true(pthread_equal(analysed_on, pthread_self()));
}

static void an_executor_comes_before_the_recorder(void **state)
{
    (void)state;
    open_with_sink(true);
    spans = MANY;
    exchange_post(&x, "/recorded_lent/a/summary", CAPTURE);
    finish_when_analysed();
    assert_int_equal(submitted, 0);
    assert_int_equal(played.submitted, 1);
    assert_true(exchange_has(&x, "\"calls\":20001"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_large_trace_is_analysed_on_the_recorders_thread),
        TEST(an_executor_comes_before_the_recorder),
        TEST(a_small_one_is_analysed_by_the_loop),
        TEST(a_recorder_without_a_sink_analyses_nothing),
        TEST(a_recorder_that_is_closed_meanwhile_leaves_the_work_to_the_loop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
