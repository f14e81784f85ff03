/* SPDX-License-Identifier: MIT */
/* A trace of a million calls: each record is read once, however many bodies the trace takes. */
#include "message.h"
#include "otlp/body.h"
#include "recording.h"
#include "trace/trace.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { CALLS = 1000000, MAX_BYTES = 1 << 20 };

static const gbx_site work = {"work", "work", "src/a.c", 12, {0}};
static recording r;
static uint64_t steps;

bool __real_gbxi_trace_walk_next(gbxi_trace_walk *walk, gbxi_trace_step *step);

bool __wrap_gbxi_trace_walk_next(gbxi_trace_walk *walk, gbxi_trace_step *step);
bool __wrap_gbxi_trace_walk_next(gbxi_trace_walk *walk, gbxi_trace_step *step)
{
    steps++;
    return __real_gbxi_trace_walk_next(walk, step);
}

static gbx_capture *capture_many(void)
{
    recording_begin(&r, &(gbx_capture_options){.size = sizeof(gbx_capture_options), .max_spans = CALLS});
    for (int i = 0; i < CALLS / 2; i++) {
        recording_enter(&r, &work);
        recording_call(&r, &work, 10);
        recording_exit(&r);
    }
    return recording_finish(&r);
}

static void count_span(void *context, gbxi_view span)
{
    (void)span;
    ++*(size_t *)context;
}

static void a_long_trace_is_read_once_in_many_bodies(void **state)
{
    gbx_capture *capture = capture_many();
    gbxi_trace *trace = gbxi_trace_new(capture, &(gbxi_trace_options){0});
    gbxi_otlp_resource *resource = gbxi_otlp_resource_new("s", NULL, NULL);
    gbxi_otlp_body *body = gbxi_otlp_body_new(GBXI_OTLP_PROTOBUF, resource);
    const gbxi_otlp_request request = {"GET", "/", "/", 200, 1};
    size_t next = 0, length, bodies = 0, spans = 0;
    const void *bytes;
    bool done = false;

    (void)state;
    for (; !done; bodies++) {
        gbxi_otlp_body_begin(body);
        assert_int_equal(gbxi_otlp_body_add(body, trace, &request, MAX_BYTES, &next, &done, NULL), GBX_ERR_OK);
        assert_int_equal(gbxi_otlp_body_end(body, &bytes, &length, NULL), GBX_ERR_OK);
        assert_true(length <= MAX_BYTES);
        message_each_span((gbxi_view){bytes, length}, count_span, &spans);
    }
    assert_int_equal(spans, CALLS + 1);
    assert_true(bodies > 100);
    assert_true(steps <= 2 * CALLS + 1);
    gbxi_otlp_body_free(body);
    gbxi_otlp_resource_free(resource);
    gbxi_trace_free(trace);
    gbx_capture_unref(capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_long_trace_is_read_once_in_many_bodies),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
