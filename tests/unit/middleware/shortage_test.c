/* SPDX-License-Identifier: MIT */
/* Traced requests when memory runs out or an exporter fails. */
#define _GNU_SOURCE
#include "exchange.h"
#include <glassbox/export.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CAPTURE "{\"trace_config\":{\"capture_traces\":true}}"
#define TRACES_ONLY "{\"trace_config\":{\"capture_traces\":true,\"trace_output\":\"traces_only\"}}"

enum { BUFFER_BYTES = 64 * 1024 };

static exchange x;
static unsigned calls;
static bool no_capture, no_exporter, no_buffer;
static unsigned buffers; /* that were allocated */
static int reads_left;   /* before reading fails; negative: never */

gbx_capture *__real_gbx_capture_new(const gbx_capture_options *options);
gbx_capture *__wrap_gbx_capture_new(const gbx_capture_options *options);
gbx_exporter *__real_gbx_exporter_new(gbx_capture *capture, gbx_format format, const gbx_export_options *options);
gbx_exporter *__wrap_gbx_exporter_new(gbx_capture *capture, gbx_format format, const gbx_export_options *options);
ptrdiff_t __real_gbx_exporter_read(gbx_exporter *exporter, void *buffer, size_t capacity);
ptrdiff_t __wrap_gbx_exporter_read(gbx_exporter *exporter, void *buffer, size_t capacity);
gbx_err __real_gbx_exporter_error(const gbx_exporter *exporter);
gbx_err __wrap_gbx_exporter_error(const gbx_exporter *exporter);
void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);

gbx_capture *__wrap_gbx_capture_new(const gbx_capture_options *options)
{
    return no_capture ? NULL : __real_gbx_capture_new(options);
}

gbx_exporter *__wrap_gbx_exporter_new(gbx_capture *capture, gbx_format format, const gbx_export_options *options)
{
    return no_exporter ? NULL : __real_gbx_exporter_new(capture, format, options);
}

/* In small helpings, so that there is a middle to fail in. */
ptrdiff_t __wrap_gbx_exporter_read(gbx_exporter *exporter, void *buffer, size_t capacity)
{
    if (reads_left == 0)
        return -1;
    if (reads_left > 0)
        reads_left--;
    return __real_gbx_exporter_read(exporter, buffer, reads_left >= 0 && capacity > 64 ? 64 : capacity);
}

gbx_err __wrap_gbx_exporter_error(const gbx_exporter *exporter)
{
    return reads_left == 0 ? GBX_ERR_NO_MEMORY : __real_gbx_exporter_error(exporter);
}

void *__wrap_malloc(size_t size)
{
    buffers += size == BUFFER_BYTES;
    return no_buffer && size == BUFFER_BYTES ? NULL : __real_malloc(size);
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

static int set_up(void **state)
{
    (void)state;
    calls = 0;
    no_capture = no_exporter = no_buffer = false;
    reads_left = -1;
    exchange_handler = answer;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    exchange_end(&x);
    return gbx_capture_live_count() == 0 ? 0 : -1;
}

static void assert_body(const char *expected)
{
    assert_int_equal(x.length, strlen(expected));
    assert_memory_equal(x.body, expected, x.length);
}

static void answers_503_before_the_handler_runs_without_memory_for_a_capture(void **state)
{
    (void)state;
    no_capture = true;
    exchange_post(&x, "/plain/full", CAPTURE);
    assert_int_equal(x.status, 503);
    assert_string_equal(exchange_header(&x, "content-type"), "application/problem+json");
    assert_int_equal(calls, 0);
}

static void answers_503_without_memory_for_the_envelope(void **state)
{
    (void)state;
    exchange_close(); /* and the loop's spare buffer with it */
    no_buffer = true;
    exchange_post(&x, "/plain/full", CAPTURE);
    assert_int_equal(x.status, 503);
    assert_int_equal(calls, 0);
    assert_int_equal(gbx_capture_live_count(), 0);
}

static void one_request_after_the_other_needs_one_buffer(void **state)
{
    (void)state;
    exchange_close();
    buffers = 0;
    for (int i = 0; i < 3; i++) {
        exchange_post(&x, "/plain/full", CAPTURE);
        exchange_finish(&x);
        exchange_end(&x);
    }
    assert_int_equal(buffers, 1);
}

static void says_why_there_is_no_trace_when_it_cannot_be_made(void **state)
{
    (void)state;
    no_exporter = true;
    exchange_post(&x, "/plain/full", CAPTURE);
    exchange_finish(&x);
    assert_body("{\"output\":[],\"traces\":null,\"trace_error\":\"out of memory\"}");
    exchange_end(&x);
    no_exporter = false;
    reads_left = 0;
    exchange_post(&x, "/plain/full", CAPTURE);
    exchange_finish(&x);
    assert_body("{\"output\":[],\"traces\":null,\"trace_error\":\"out of memory\"}");
    assert_int_equal(x.sends[x.send_count - 1].state, H2O_SEND_STATE_FINAL);
}

static void is_null_alone_when_only_the_trace_was_wanted(void **state)
{
    (void)state;
    no_exporter = true;
    exchange_post(&x, "/plain/full", TRACES_ONLY);
    exchange_finish(&x);
    assert_body("null");
}

/* Half a document must not look like a whole one. */
static void breaks_the_response_off_when_the_trace_breaks_off(void **state)
{
    int reads;

    (void)state;
    for (reads = 1; reads < 6; reads++) {
        reads_left = reads;
        exchange_post(&x, "/plain/full", CAPTURE);
        exchange_finish(&x);
        assert_int_equal(x.sends[x.send_count - 1].state, H2O_SEND_STATE_ERROR);
        exchange_end(&x);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(answers_503_before_the_handler_runs_without_memory_for_a_capture),
        TEST(answers_503_without_memory_for_the_envelope),
        TEST(one_request_after_the_other_needs_one_buffer),
        TEST(says_why_there_is_no_trace_when_it_cannot_be_made),
        TEST(is_null_alone_when_only_the_trace_was_wanted),
        TEST(breaks_the_response_off_when_the_trace_breaks_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
