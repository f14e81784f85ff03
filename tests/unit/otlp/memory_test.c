/* SPDX-License-Identifier: MIT */
/* Bodies and resources when memory runs out. */
#include "otlp/body.h"
#include "recording.h"
#include "scarce_memory.h"
#include "trace/trace.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const gbx_site work = {"work", "work", "src/a.c", 12, {0}};
static const gbxi_otlp_request request = {"GET", "/", "/", 500, 1};
static recording r;

static gbx_capture *capture_some(void)
{
    recording_begin(&r, &(gbx_capture_options){.size = sizeof(gbx_capture_options), .trace_id = {1}});
    gbx_note_int("own", 1);
    for (int i = 0; i < 70; i++) {
        recording_enter(&r, &work);
        for (int k = 0; k < 3; k++)
            gbx_note_str(k == 0 ? "zero" : k == 1 ? "one" : "two", "a value that takes some room in the body");
    }
    gbx_span_fail("deep");
    while (r.depth > 0)
        recording_exit(&r);
    return recording_finish(&r);
}

/* Adds the trace with less and less want of memory, to a body that has it once. */
static void add_in_the_end(gbxi_otlp_body *body, const gbxi_trace *trace)
{
    size_t next = 0, before, failures = 0;
    gbx_err err = GBX_ERR_NO_MEMORY;
    gbx_error error = {0};
    bool done = false;

    assert_int_equal(gbxi_otlp_body_add(body, trace, &request, SIZE_MAX, &next, &done, &error), GBX_ERR_OK);
    before = gbxi_otlp_body_bytes(body);
    for (; err != GBX_ERR_OK; failures++) {
        next = 0;
        scarce_memory_begin(failures);
        err = gbxi_otlp_body_add(body, trace, &request, SIZE_MAX, &next, &done, &error);
        assert_int_equal(scarce_memory_end(), err != GBX_ERR_OK);
        if (err != GBX_ERR_OK) {
            assert_int_equal(err, GBX_ERR_NO_MEMORY);
            assert_string_equal(error.text, "otlp: out of memory");
            assert_int_equal(next, 0);
            assert_false(done);
            assert_int_equal(gbxi_otlp_body_bytes(body), before);
        }
    }
    assert_true(failures > 5);
    assert_true(done);
    assert_int_equal(next, 71);
}

/* The rest of the body is the same as if nothing had happened. */
static void every_failing_allocation_of_a_body_is_told_and_leaves_it_as_it_was(void **state)
{
    static const gbxi_otlp_form forms[] = {GBXI_OTLP_PROTOBUF, GBXI_OTLP_JSON};
    gbx_capture *capture = capture_some();
    gbxi_trace *trace = gbxi_trace_new(capture, &(gbxi_trace_options){0});
    gbxi_otlp_resource *resource = gbxi_otlp_resource_new("s", NULL, NULL);
    long blocks = scarce_memory_blocks();

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        gbxi_otlp_body *body, *plain = gbxi_otlp_body_new(forms[i], resource);
        size_t length, plain_length, next;
        const void *bytes, *plain_bytes;
        bool done;

        scarce_memory_begin(0);
        assert_null(gbxi_otlp_body_new(forms[i], resource));
        assert_true(scarce_memory_end());
        body = gbxi_otlp_body_new(forms[i], resource);
        add_in_the_end(body, trace);
        for (int k = 0; k < 2; k++) {
            next = 0;
            assert_int_equal(gbxi_otlp_body_add(plain, trace, &request, SIZE_MAX, &next, &done, NULL), GBX_ERR_OK);
        }
        assert_int_equal(gbxi_otlp_body_end(body, &bytes, &length, NULL), GBX_ERR_OK);
        assert_int_equal(gbxi_otlp_body_end(plain, &plain_bytes, &plain_length, NULL), GBX_ERR_OK);
        assert_int_equal(length, plain_length);
        assert_memory_equal(bytes, plain_bytes, length);
        gbxi_otlp_body_free(body);
        gbxi_otlp_body_free(plain);
        assert_int_equal(scarce_memory_blocks(), blocks);
    }
    gbxi_otlp_resource_free(resource);
    gbxi_trace_free(trace);
    gbx_capture_unref(capture);
}

/* A body that goes on with a trace must find its place first. */
static void a_trace_that_goes_on_is_found_again_after_a_failure(void **state)
{
    gbx_capture *capture = capture_some();
    gbxi_trace *trace = gbxi_trace_new(capture, &(gbxi_trace_options){0});
    gbxi_otlp_resource *resource = gbxi_otlp_resource_new("s", NULL, NULL);
    gbxi_otlp_body *body = gbxi_otlp_body_new(GBXI_OTLP_PROTOBUF, resource);
    gbxi_otlp_body *plain = gbxi_otlp_body_new(GBXI_OTLP_PROTOBUF, resource);
    gbx_err err = GBX_ERR_NO_MEMORY;
    size_t next = 40;
    bool done;

    (void)state;
    assert_int_equal(gbxi_otlp_body_add(plain, trace, &request, SIZE_MAX, &next, &done, NULL), GBX_ERR_OK);
    for (size_t grants = 0; err != GBX_ERR_OK; grants++) {
        next = 40;
        scarce_memory_begin(grants);
        err = gbxi_otlp_body_add(body, trace, &request, SIZE_MAX, &next, &done, NULL);
        scarce_memory_end();
        assert_true(err == GBX_ERR_OK || next == 40);
    }
    assert_int_equal(next, 71);
    assert_int_equal(gbxi_otlp_body_bytes(body), gbxi_otlp_body_bytes(plain));
    gbxi_otlp_body_free(plain);
    gbxi_otlp_body_free(body);
    gbxi_otlp_resource_free(resource);
    gbxi_trace_free(trace);
    gbx_capture_unref(capture);
}

static void a_document_that_cannot_be_ended_is_told(void **state)
{
    gbxi_otlp_resource *resource = gbxi_otlp_resource_new("s", NULL, NULL);
    gbxi_otlp_body *body = gbxi_otlp_body_new(GBXI_OTLP_JSON, resource);
    gbx_error error = {0};
    const void *bytes;
    size_t length;

    (void)state;
    scarce_memory_begin(0);
    assert_int_equal(gbxi_otlp_body_end(body, &bytes, &length, &error), GBX_ERR_NO_MEMORY);
    assert_true(scarce_memory_end());
    assert_string_equal(error.text, "otlp: out of memory");
    assert_int_equal(gbxi_otlp_body_end(body, &bytes, &length, &error), GBX_ERR_OK);
    assert_int_equal(length, 20);
    gbxi_otlp_body_free(body);
    gbxi_otlp_resource_free(resource);
}

static void every_failing_allocation_of_a_resource_is_told_and_leaks_nothing(void **state)
{
    long blocks = scarce_memory_blocks();
    gbxi_otlp_resource *resource = NULL;
    gbx_error error = {0};
    size_t failures = 0;

    (void)state;
    for (; resource == NULL; failures++) {
        scarce_memory_begin(failures);
        resource = gbxi_otlp_resource_new("name", "a=b", &error);
        assert_int_equal(scarce_memory_end(), resource == NULL);
        assert_true(resource != NULL || error.code == GBX_ERR_NO_MEMORY);
        assert_true(resource != NULL || scarce_memory_blocks() == blocks);
    }
    assert_true(failures > 2);
    assert_string_equal(error.text, "out of memory");
    gbxi_otlp_resource_free(resource);
    assert_int_equal(scarce_memory_blocks(), blocks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failing_allocation_of_a_body_is_told_and_leaves_it_as_it_was),
        cmocka_unit_test(a_trace_that_goes_on_is_found_again_after_a_failure),
        cmocka_unit_test(a_document_that_cannot_be_ended_is_told),
        cmocka_unit_test(every_failing_allocation_of_a_resource_is_told_and_leaks_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
