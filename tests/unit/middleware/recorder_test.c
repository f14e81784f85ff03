/* SPDX-License-Identifier: MIT */
/* Requests that a recorder sees: all of the path, whose answers do not change, and what it is told of each. */
#define _GNU_SOURCE
#include "exchange.h"
#include <glassbox/export.h>
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CAPTURE "{\"trace_config\":{\"capture_traces\":true}}"
#define STORED "{\"trace_config\":{\"capture_traces\":true,\"trace_output\":\"stored_only\"},\"a\":1}"

enum { TAKEN_MAX = 8, NAMES_BYTES = 512 };

/* What the sink was given. */
typedef struct taken {
    char method[40], path[1100], route[64], root[32], id[33];
    uint32_t status, reasons;
    uint64_t duration_ns;
    bool truncated;
    char names[NAMES_BYTES]; /* of the spans, in the order of their begins, each behind a blank */
} taken;

static exchange x;
static gbx_recorder *recorder;
static taken list[TAKEN_MAX];
static size_t taken_count; /* read after the recorder is closed */
static gbx_capture *carried;
static h2o_generator_t generator;
static bool no_capture;
static bool no_record; /* the first allocation after a capture is refused */
static bool refuse_next;

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_malloc(size_t size)
{
    bool refused = refuse_next;

    refuse_next = false;
    return refused ? NULL : __real_malloc(size);
}

gbx_capture *__real_gbx_capture_new(const gbx_capture_options *options);
gbx_capture *__wrap_gbx_capture_new(const gbx_capture_options *options);
gbx_capture *__wrap_gbx_capture_new(const gbx_capture_options *options)
{
    gbx_capture *capture = no_capture ? NULL : __real_gbx_capture_new(options);

    refuse_next = no_record;
    return capture;
}

static void list_names(const gbx_capture *capture, char *names)
{
    gbx_capture_facts facts;
    gbx_reader reader;
    gbx_record record;
    size_t length = 0;

    gbx_capture_facts_get(capture, &facts, sizeof(facts));
    for (size_t lane = 0; lane < facts.lane_count; lane++)
        for (gbx_reader_init(&reader, capture, lane); gbx_reader_next(&reader, &record);)
            if (record.kind == GBX_RECORD_ENTER)
                length += (size_t)snprintf(names + length, NAMES_BYTES - length, " %.*s",
                                           (int)gbx_record_name_length(&record), record.name);
}

static gbx_err take_recording(void *context, const gbx_recording *recording, gbx_error *error)
{
    taken *one = &list[taken_count++];
    gbx_capture_facts facts;

    (void)context, (void)error;
    gbx_capture_facts_get(recording->capture, &facts, sizeof(facts));
    snprintf(one->method, sizeof(one->method), "%s", recording->method);
    snprintf(one->path, sizeof(one->path), "%s", recording->path);
    snprintf(one->route, sizeof(one->route), "%s", recording->route);
    snprintf(one->root, sizeof(one->root), "%s", recording->source_root);
    for (size_t i = 0; i < sizeof(facts.trace_id); i++)
        snprintf(one->id + 2 * i, 3, "%02x", facts.trace_id[i]);
    one->status = recording->status;
    one->reasons = recording->reasons;
    one->duration_ns = facts.duration_ns;
    one->truncated = facts.truncated;
    list_names(recording->capture, one->names);
    return GBX_ERR_OK;
}

static int answer(h2o_handler_t *self, h2o_req_t *req)
{
    GBX_SPAN_NAMED("test.handler");
    (void)self;
    req->res.status = 201;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("text/plain"));
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_ETAG, NULL, H2O_STRLIT("\"1\""));
    h2o_send_inline(req, H2O_STRLIT("answer"));
    {
        GBX_SPAN_NAMED("test.after");
    }
    return 0;
}

static int answer_500(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    h2o_send_error_500(req, "Failed", "failed", 0);
    return 0;
}

static unsigned chunks_left;

static void proceed_in_chunks(h2o_generator_t *self, h2o_req_t *req)
{
    h2o_iovec_t chunk = h2o_iovec_init(H2O_STRLIT("chunk"));
    GBX_SPAN_NAMED("test.proceed");

    (void)self;
    h2o_send(req, &chunk, 1, --chunks_left > 0 ? H2O_SEND_STATE_IN_PROGRESS : H2O_SEND_STATE_FINAL);
}

static int answer_in_chunks(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    chunks_left = 2;
    generator = (h2o_generator_t){proceed_in_chunks, NULL};
    req->res.status = 200;
    h2o_start_response(req, &generator);
    proceed_in_chunks(&generator, req);
    return 0;
}

static int answer_later(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self, (void)req;
    carried = gbx_capture_carry();
    return 0;
}

static int name_route(h2o_handler_t *self, h2o_req_t *req)
{
    gbx_capture *capture = gbx_capture_current();

    if (capture != NULL)
        gbx_capture_tell_route(capture, "/recorded/{id}");
    return answer(self, req);
}

static void record_with(const gbx_recorder_options *options)
{
    const gbx_sink sink = {.size = sizeof(sink), .take = take_recording};

    exchange_close();
    recorder = exchange_recorder = gbx_recorder_new(options);
    assert_non_null(recorder);
    assert_int_equal(gbx_recorder_add(recorder, &sink), GBX_ERR_OK);
    exchange_open();
}

static void record_all(void)
{
    record_with(&(gbx_recorder_options){.size = sizeof(gbx_recorder_options), .one_in = 1});
}

/* Ends the exchange and the recorder; what was taken can be read then. */
static void check_taken(size_t expected)
{
    exchange_end(&x);
    assert_int_equal(gbx_recorder_close(recorder, 0), GBX_ERR_OK);
    assert_int_equal(taken_count, expected);
}

static void get(const char *path, const char *const *headers)
{
    exchange_begin(&x, "GET", path, NULL, NULL, headers);
    exchange_finish(&x);
}

static int set_up(void **state)
{
    (void)state;
    taken_count = 0;
    memset(list, 0, sizeof(list));
    exchange_handler = answer;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    exchange_end(&x);
    exchange_close();
    gbx_recorder_unref(recorder);
    recorder = exchange_recorder = NULL;
    return gbx_capture_live_count() == 0 ? 0 : -1;
}

static void a_plain_request_is_recorded_with_all_that_is_known_of_it(void **state)
{
    static const char *const parent[] = {"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                         NULL};

    (void)state;
    record_all();
    get("/recorded/a?secret=1", parent);
    check_taken(1);
    assert_string_equal(list[0].method, "GET");
    assert_string_equal(list[0].path, "/recorded/a");
    assert_string_equal(list[0].route, "/recorded");
    assert_string_equal(list[0].root, "middleware/");
    assert_string_equal(list[0].id, "0af7651916cd43dd8448eb211c80319c");
    assert_int_equal(list[0].status, 201);
    assert_int_equal(list[0].reasons, GBX_KEEP_SAMPLED);
    assert_string_equal(list[0].names, " handler test.handler handler.send test.after");
}

static void the_answer_of_a_recorded_request_is_that_of_one_that_is_not(void **state)
{
    static const struct {
        int (*handler)(h2o_handler_t *self, h2o_req_t *req);
        const char *method;
    } cases[] = {{answer, "GET"}, {answer, "HEAD"}, {answer, "POST"}, {answer_500, "GET"}, {answer_in_chunks, "GET"}};

    (void)state;
    record_all();
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *body;
        size_t length, sends, headers;
        int status;

        exchange_handler = cases[i].handler;
        exchange_begin(&x, cases[i].method, "/plain/a", "application/json", CAPTURE, NULL);
        exchange_finish(&x);
        length = x.length;
        body = malloc(length + 1);
        memcpy(body, x.body != NULL ? x.body : "", length);
        sends = x.send_count;
        headers = x.header_count;
        status = x.status;
        exchange_end(&x);
        exchange_begin(&x, cases[i].method, "/recorded/a", "application/json", CAPTURE, NULL);
        exchange_finish(&x);
        assert_int_equal(x.length, length);
        if (length > 0)
            assert_memory_equal(x.body, body, length);
        assert_int_equal(x.send_count, sends);
        assert_int_equal(x.header_count, headers);
        assert_int_equal(x.status, status);
        free(body);
        exchange_end(&x);
    }
    check_taken(sizeof(cases) / sizeof(cases[0]));
}

static void every_step_of_a_handler_is_recorded(void **state)
{
    (void)state;
    record_all();
    exchange_handler = answer_in_chunks;
    get("/recorded/a", NULL);
    check_taken(1);
    assert_string_equal(list[0].names, " handler test.proceed handler.send handler.proceed test.proceed handler.send");
}

static void an_answer_that_comes_later_ends_the_capture(void **state)
{
    (void)state;
    record_all();
    exchange_handler = answer_later;
    exchange_begin(&x, "GET", "/recorded/a", NULL, NULL, NULL);
    exchange_now_ns += 5000;
    {
        GBX_RESUME(carried);
        GBX_SPAN_NAMED("test.later");
    }
    exchange_now_ns += 2000;
    x.req.res.status = 200;
    h2o_send_inline(&x.req, H2O_STRLIT("late"));
    exchange_now_ns += 100000;
    check_taken(1);
    assert_int_equal(list[0].duration_ns, 7000);
    assert_string_equal(list[0].names, " handler handler.wait test.later handler.wait");
    assert_int_equal(list[0].status, 200);
}

static void a_request_whose_client_left_is_recorded_without_a_status(void **state)
{
    (void)state;
    record_all();
    exchange_handler = answer_later;
    exchange_begin(&x, "GET", "/recorded/a", NULL, NULL, NULL);
    gbx_capture_unref(carried);
    check_taken(1);
    assert_int_equal(list[0].status, 0);
    assert_string_equal(list[0].names, " handler");
}

static void rules_decide_and_what_is_asked_for_is_kept_always(void **state)
{
    (void)state;
    record_with(
        &(gbx_recorder_options){.size = sizeof(gbx_recorder_options), .failed = true, .slower_than_ns = 1000000});
    get("/recorded/fast", NULL);
    exchange_end(&x);
    exchange_handler = answer_500;
    get("/recorded/failed", NULL);
    exchange_end(&x);
    exchange_handler = answer;
    exchange_post(&x, "/recorded/asked/full", CAPTURE);
    exchange_finish(&x);
    assert_true(exchange_has(&x, "\"traces\":{"));
    check_taken(2);
    assert_string_equal(list[0].path, "/recorded/failed");
    assert_int_equal(list[0].reasons, GBX_KEEP_FAILED);
    assert_int_equal(list[0].status, 500);
    assert_string_equal(list[1].path, "/recorded/asked");
    assert_int_equal(list[1].reasons, GBX_KEEP_ASKED);
    assert_int_equal(list[1].status, 201);
}

static void a_fast_request_was_not_asked_for_with_a_threshold(void **state)
{
    (void)state;
    record_with(NULL);
    exchange_post(&x, "/recorded/a/full", "{\"trace_config\":{\"capture_traces\":true,\"slow_threshold_ms\":1}}");
    exchange_finish(&x);
    exchange_end(&x);
    exchange_post(
        &x, "/recorded/a/full",
        "{\"trace_config\":{\"capture_traces\":true,\"slow_threshold_ms\":1,\"trace_output\":\"stored_only\"}}");
    exchange_finish(&x);
    check_taken(0);
}

static void a_traced_route_that_did_not_ask_is_recorded_and_gets_no_trace(void **state)
{
    (void)state;
    record_all();
    exchange_post(&x, "/recorded/a/full", "{}");
    exchange_finish(&x);
    assert_true(exchange_has(&x, "\"traces\":null"));
    assert_string_equal(exchange_header(&x, "glassbox-capture"), "off");
    assert_null(exchange_header(&x, "glassbox-trace-id"));
    check_taken(1);
    assert_int_equal(list[0].reasons, GBX_KEEP_SAMPLED);
    assert_string_equal(list[0].path, "/recorded/a");
}

static void stored_only_leaves_the_answer_plain_and_tells_the_trace_id(void **state)
{
    char id[33];

    (void)state;
    record_with(NULL);
    exchange_post(&x, "/recorded/a/full", STORED);
    exchange_finish(&x);
    assert_int_equal(x.length, 6);
    assert_memory_equal(x.body, "answer", 6);
    assert_int_equal(x.status, 201);
    assert_int_equal(x.header_count, 3);
    assert_string_equal(exchange_header(&x, "etag"), "\"1\"");
    snprintf(id, sizeof(id), "%s", exchange_header(&x, "glassbox-trace-id"));
    check_taken(1);
    assert_string_equal(list[0].id, id);
    assert_int_equal(list[0].reasons, GBX_KEEP_ASKED);
    assert_string_equal(list[0].path, "/recorded/a");
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

static void what_the_host_keeps_for_itself_is_recorded_too(void **state)
{
    (void)state;
    record_all();
    get("/recorded_host/full", NULL);
    exchange_end(&x);
    exchange_post(&x, "/recorded_host/a/full", "{\"trace_config\":1");
    exchange_finish(&x);
    check_taken(2);
    assert_string_equal(list[0].path, "/recorded_host/full");
    assert_string_equal(list[1].path, "/recorded_host/a/full");
}

static void redacted_paths_are_never_told(void **state)
{
    (void)state;
    record_all();
    get("/recorded_secret/open", NULL);
    exchange_end(&x);
    get("/recorded_secret/secret", NULL);
    exchange_end(&x);
    exchange_post(&x, "/recorded_secret/secret/full", "{\"trace_config\":{\"capture_traces\":true,\"name\":\"mine\"}}");
    exchange_finish(&x);
    check_taken(3);
    assert_string_equal(list[0].path, "[redacted]");
    assert_string_equal(list[1].path, "[redacted]");
    assert_string_equal(list[2].path, "[redacted]");
}

static void a_route_that_the_program_told_takes_the_place_of_the_prefix(void **state)
{
    (void)state;
    record_all();
    exchange_handler = name_route;
    get("/recorded/17", NULL);
    check_taken(1);
    assert_string_equal(list[0].route, "/recorded/{id}");
}

static void nothing_is_recorded_while_capturing_is_off(void **state)
{
    (void)state;
    record_all();
    gbx_capture_switch(false);
    get("/recorded/a", NULL);
    gbx_capture_switch(true);
    check_taken(0);
}

static void without_memory_a_plain_request_is_answered_and_not_recorded(void **state)
{
    gbx_recorder_counts counts;

    (void)state;
    record_with(&(gbx_recorder_options){.size = sizeof(gbx_recorder_options), .one_in = 1, .max_captures = 1});
    no_capture = true;
    get("/recorded/a", NULL);
    no_capture = false;
    assert_memory_equal(x.body, "answer", 6);
    exchange_end(&x);
    no_record = true;
    get("/recorded/b", NULL);
    no_record = false;
    assert_memory_equal(x.body, "answer", 6);
    exchange_end(&x);
    get("/recorded/c", NULL);
    check_taken(1);
    assert_string_equal(list[0].path, "/recorded/c");
    gbx_recorder_counts_get(recorder, &counts, sizeof(counts));
    assert_int_equal(counts.ignored, 0);
}

static void more_requests_than_allowed_are_answered_and_counted(void **state)
{
    static exchange other;
    gbx_recorder_counts counts;

    (void)state;
    record_with(&(gbx_recorder_options){.size = sizeof(gbx_recorder_options), .one_in = 1, .max_captures = 1});
    exchange_handler = answer_later;
    exchange_begin(&other, "GET", "/recorded/first", NULL, NULL, NULL);
    gbx_capture_unref(carried);
    exchange_handler = answer;
    get("/recorded/second", NULL);
    exchange_end(&x);
    exchange_end(&other);
    get("/recorded/third", NULL);
    check_taken(2);
    assert_string_equal(list[0].path, "/recorded/first");
    assert_string_equal(list[1].path, "/recorded/third");
    gbx_recorder_counts_get(recorder, &counts, sizeof(counts));
    assert_int_equal(counts.ignored, 1);
}

static pthread_t analysed_on;

gbx_exporter *__real_gbx_exporter_new(gbx_capture *capture, gbx_format format, const gbx_export_options *options);
gbx_exporter *__wrap_gbx_exporter_new(gbx_capture *capture, gbx_format format, const gbx_export_options *options);
gbx_exporter *__wrap_gbx_exporter_new(gbx_capture *capture, gbx_format format, const gbx_export_options *options)
{
    analysed_on = pthread_self();
    return __real_gbx_exporter_new(capture, format, options);
}

static int record_much(h2o_handler_t *self, h2o_req_t *req)
{
    for (int i = 0; i < 20001; i++) {
        GBX_SPAN_NAMED("test.one");
    }
    return answer(self, req);
}

static void the_recorder_analyses_large_traces(void **state)
{
    (void)state;
    record_with(NULL);
    exchange_post(&x, "/recorded/a/summary", CAPTURE);
    exchange_finish(&x);
    assert_true(pthread_equal(analysed_on, pthread_self()));
    exchange_end(&x);
    exchange_handler = record_much;
    exchange_post(&x, "/recorded/a/summary", CAPTURE);
    exchange_step(&x); /* the output has left; the trace is not there yet */
    for (size_t sent = x.send_count; x.send_count == sent;)
        exchange_receive();
    exchange_finish(&x);
    assert_true(exchange_has(&x, "\"calls\":20001"));
    assert_false(pthread_equal(analysed_on, pthread_self()));
    check_taken(2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_plain_request_is_recorded_with_all_that_is_known_of_it),
        TEST(the_answer_of_a_recorded_request_is_that_of_one_that_is_not),
        TEST(every_step_of_a_handler_is_recorded),
        TEST(an_answer_that_comes_later_ends_the_capture),
        TEST(a_request_whose_client_left_is_recorded_without_a_status),
        TEST(rules_decide_and_what_is_asked_for_is_kept_always),
        TEST(a_fast_request_was_not_asked_for_with_a_threshold),
        TEST(a_traced_route_that_did_not_ask_is_recorded_and_gets_no_trace),
        TEST(stored_only_leaves_the_answer_plain_and_tells_the_trace_id),
        TEST(stored_only_without_a_recorder_is_refused),
        TEST(what_the_host_keeps_for_itself_is_recorded_too),
        TEST(redacted_paths_are_never_told),
        TEST(a_route_that_the_program_told_takes_the_place_of_the_prefix),
        TEST(nothing_is_recorded_while_capturing_is_off),
        TEST(without_memory_a_plain_request_is_answered_and_not_recorded),
        TEST(more_requests_than_allowed_are_answered_and_counted),
        TEST(the_recorder_analyses_large_traces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
