/* SPDX-License-Identifier: MIT */
/* Requests that a recorder sees: all of the path, whose answers do not change, and what it is told of each. */
#define _GNU_SOURCE
#include "middleware/gate.h"
#include "recorded.h"
#include <glassbox/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CAPTURE "{\"trace_config\":{\"capture_traces\":true}}"

static exchange x;
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
    return recorded_answer(self, req);
}

static void get(const char *path, const char *const *headers)
{
    exchange_begin(&x, "GET", path, NULL, NULL, headers);
    exchange_finish(&x);
}

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

static void a_plain_request_is_recorded_with_all_that_is_known_of_it(void **state)
{
    static const char *const parent[] = {"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                                         NULL};

    (void)state;
    recorded_open_all();
    get("/recorded/a?secret=1", parent);
    recorded_close(&x, 1);
    assert_string_equal(recorded_list[0].method, "GET");
    assert_string_equal(recorded_list[0].path, "/recorded/a");
    assert_string_equal(recorded_list[0].route, "/recorded");
    assert_string_equal(recorded_list[0].root, "middleware/");
    assert_string_equal(recorded_list[0].id, "0af7651916cd43dd8448eb211c80319c");
    assert_string_equal(recorded_list[0].parent, "b7ad6b7169203331");
    assert_int_equal(recorded_list[0].flags, 1);
    assert_int_equal(recorded_list[0].status, 201);
    assert_int_equal(recorded_list[0].reasons, GBX_KEEP_SAMPLED);
    assert_string_equal(recorded_list[0].names, " handler test.handler handler.send test.after");
}

static void a_request_without_a_traceparent_has_no_parent(void **state)
{
    (void)state;
    recorded_open_all();
    get("/recorded", NULL);
    recorded_close(&x, 1);
    assert_string_equal(recorded_list[0].parent, "0000000000000000");
    assert_int_equal(recorded_list[0].flags, 0);
}

static void the_answer_of_a_recorded_request_is_that_of_one_that_is_not(void **state)
{
    static const struct {
        int (*handler)(h2o_handler_t *self, h2o_req_t *req);
        const char *method;
    } cases[] = {{recorded_answer, "GET"},
                 {recorded_answer, "HEAD"},
                 {recorded_answer, "POST"},
                 {answer_500, "GET"},
                 {answer_in_chunks, "GET"}};

    (void)state;
    recorded_open_all();
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
    recorded_close(&x, sizeof(cases) / sizeof(cases[0]));
}

static void every_step_of_a_handler_is_recorded(void **state)
{
    (void)state;
    recorded_open_all();
    exchange_handler = answer_in_chunks;
    get("/recorded/a", NULL);
    recorded_close(&x, 1);
    assert_string_equal(recorded_list[0].names,
                        " handler test.proceed handler.send handler.proceed test.proceed handler.send");
}

static void an_answer_that_comes_later_ends_the_capture(void **state)
{
    (void)state;
    recorded_open_all();
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
    recorded_close(&x, 1);
    assert_int_equal(recorded_list[0].duration_ns, 7000);
    assert_string_equal(recorded_list[0].names, " handler handler.wait test.later handler.wait");
    assert_int_equal(recorded_list[0].status, 200);
}

static void a_request_whose_client_left_is_recorded_without_a_status(void **state)
{
    (void)state;
    recorded_open_all();
    exchange_handler = answer_later;
    exchange_begin(&x, "GET", "/recorded/a", NULL, NULL, NULL);
    gbx_capture_unref(carried);
    recorded_close(&x, 1);
    assert_int_equal(recorded_list[0].status, 0);
    assert_string_equal(recorded_list[0].names, " handler");
}

static int name_what_is_sent_instead(h2o_handler_t *self, h2o_req_t *req)
{
    (void)self;
    req->res.status = 200;
    h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_X_REPROXY_URL, NULL, H2O_STRLIT("/recorded/b"));
    h2o_send_inline(req, H2O_STRLIT("not sent"));
    return 0;
}

/* As libh2o's reproxy filter does it, which also throws the first response away. */
static void what_is_sent_in_place_of_a_response_is_recorded_in_its_place(void **state)
{
    h2o_req_t *req = &x.req;

    (void)state;
    recorded_open_all();
    exchange_handler = name_what_is_sent_instead;
    get("/recorded/a", NULL);
    exchange_handler = answer_500;
    exchange_now_ns += 3000;
    h2o_reprocess_request(req, req->method, req->scheme, req->hostconf->authority.hostport,
                          h2o_iovec_init(H2O_STRLIT("/recorded/b")), NULL, 1);
    exchange_now_ns += 100000;
    recorded_close(&x, 1);
    assert_string_equal(recorded_list[0].path, "/recorded/a");
    assert_int_equal(recorded_list[0].status, 500);
    assert_int_equal(recorded_list[0].duration_ns, 3000);
}

static void rules_decide_and_what_is_asked_for_is_kept_always(void **state)
{
    (void)state;
    recorded_open(
        &(gbx_recorder_options){.size = sizeof(gbx_recorder_options), .failed = true, .slower_than_ns = 1000000});
    get("/recorded/fast", NULL);
    exchange_end(&x);
    exchange_handler = answer_500;
    get("/recorded/failed", NULL);
    exchange_end(&x);
    exchange_handler = recorded_answer;
    exchange_post(&x, "/recorded/asked/full", CAPTURE);
    exchange_finish(&x);
    assert_true(exchange_has(&x, "\"traces\":{"));
    recorded_close(&x, 2);
    assert_string_equal(recorded_list[0].path, "/recorded/failed");
    assert_int_equal(recorded_list[0].reasons, GBX_KEEP_FAILED);
    assert_int_equal(recorded_list[0].status, 500);
    assert_string_equal(recorded_list[1].path, "/recorded/asked");
    assert_int_equal(recorded_list[1].reasons, GBX_KEEP_ASKED);
    assert_int_equal(recorded_list[1].status, 201);
}

static void what_the_host_keeps_for_itself_is_recorded_too(void **state)
{
    (void)state;
    recorded_open_all();
    get("/recorded_host/full", NULL);
    exchange_end(&x);
    exchange_post(&x, "/recorded_host/a/full", "{\"trace_config\":1");
    exchange_finish(&x);
    recorded_close(&x, 2);
    assert_string_equal(recorded_list[0].path, "/recorded_host/full");
    assert_string_equal(recorded_list[1].path, "/recorded_host/a/full");
}

static void redacted_paths_are_never_told(void **state)
{
    (void)state;
    recorded_open_all();
    get("/recorded_secret/open", NULL);
    exchange_end(&x);
    get("/recorded_secret/secret", NULL);
    exchange_end(&x);
    exchange_post(&x, "/recorded_secret/secret/full", "{\"trace_config\":{\"capture_traces\":true,\"name\":\"mine\"}}");
    exchange_finish(&x);
    recorded_close(&x, 3);
    assert_string_equal(recorded_list[0].path, "[redacted]");
    assert_string_equal(recorded_list[1].path, "[redacted]");
    assert_string_equal(recorded_list[2].path, "[redacted]");
}

static void a_route_that_the_program_told_takes_the_place_of_the_prefix(void **state)
{
    (void)state;
    recorded_open_all();
    exchange_handler = name_route;
    get("/recorded/17", NULL);
    recorded_close(&x, 1);
    assert_string_equal(recorded_list[0].route, "/recorded/{id}");
}

static void nothing_is_recorded_while_capturing_is_off(void **state)
{
    (void)state;
    recorded_open_all();
    gbx_capture_switch(false);
    get("/recorded/a", NULL);
    gbx_capture_switch(true);
    recorded_close(&x, 0);
}

/* Who turns off the gate wants no traces of its paths, not even those that nobody asked for. */
static void nothing_is_recorded_while_the_gate_is_off(void **state)
{
    (void)state;
    recorded_open_all();
    gbx_gate_switch(gbxi_gate_shared(), false);
    get("/recorded/a", NULL);
    gbx_gate_switch(gbxi_gate_shared(), true);
    recorded_close(&x, 0);
}

static void without_memory_a_plain_request_is_answered_and_not_recorded(void **state)
{
    gbx_recorder_counts counts;

    (void)state;
    recorded_open(&(gbx_recorder_options){.size = sizeof(gbx_recorder_options), .one_in = 1, .max_captures = 1});
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
    recorded_close(&x, 1);
    assert_string_equal(recorded_list[0].path, "/recorded/c");
    gbx_recorder_counts_get(exchange_recorder, &counts, sizeof(counts));
    assert_int_equal(counts.ignored, 0);
}

static void more_requests_than_allowed_are_answered_and_counted(void **state)
{
    static exchange other;
    gbx_recorder_counts counts;

    (void)state;
    recorded_open(&(gbx_recorder_options){.size = sizeof(gbx_recorder_options), .one_in = 1, .max_captures = 1});
    exchange_handler = answer_later;
    exchange_begin(&other, "GET", "/recorded/first", NULL, NULL, NULL);
    gbx_capture_unref(carried);
    exchange_handler = recorded_answer;
    get("/recorded/second", NULL);
    exchange_end(&x);
    exchange_end(&other);
    get("/recorded/third", NULL);
    recorded_close(&x, 2);
    assert_string_equal(recorded_list[0].path, "/recorded/first");
    assert_string_equal(recorded_list[1].path, "/recorded/third");
    gbx_recorder_counts_get(exchange_recorder, &counts, sizeof(counts));
    assert_int_equal(counts.ignored, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_plain_request_is_recorded_with_all_that_is_known_of_it),
        TEST(a_request_without_a_traceparent_has_no_parent),
        TEST(the_answer_of_a_recorded_request_is_that_of_one_that_is_not),
        TEST(every_step_of_a_handler_is_recorded),
        TEST(an_answer_that_comes_later_ends_the_capture),
        TEST(a_request_whose_client_left_is_recorded_without_a_status),
        TEST(what_is_sent_in_place_of_a_response_is_recorded_in_its_place),
        TEST(rules_decide_and_what_is_asked_for_is_kept_always),
        TEST(what_the_host_keeps_for_itself_is_recorded_too),
        TEST(redacted_paths_are_never_told),
        TEST(a_route_that_the_program_told_takes_the_place_of_the_prefix),
        TEST(nothing_is_recorded_while_capturing_is_off),
        TEST(nothing_is_recorded_while_the_gate_is_off),
        TEST(without_memory_a_plain_request_is_answered_and_not_recorded),
        TEST(more_requests_than_allowed_are_answered_and_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
