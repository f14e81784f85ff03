/* SPDX-License-Identifier: MIT */
/* Packing and unpacking when memory runs out. */
#include "document.h"
#include "scarce_memory.h"
#include "store/pack.h"
#include "trace/trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static recording r;

static void a_packer_without_memory_is_none(void **state)
{
    long blocks = scarce_memory_blocks();

    (void)state;
    scarce_memory_begin(0);
    assert_null(gbxi_packer_new());
    assert_true(scarce_memory_end());
    assert_int_equal(scarce_memory_blocks(), blocks);
}

/* Packs with less and less want of memory. Returns a copy of the bytes. */
static void *pack_in_the_end(gbxi_packer *packer, const gbxi_trace *trace, size_t *length)
{
    gbx_err err = GBX_ERR_NO_MEMORY;
    gbx_error error = {0};
    const void *bytes = NULL;
    size_t failures = 0;
    void *copy;

    for (; err != GBX_ERR_OK; failures++) {
        scarce_memory_begin(failures);
        err = gbxi_pack(packer, trace, &bytes, length, &error);
        assert_int_equal(scarce_memory_end(), err != GBX_ERR_OK);
        if (err != GBX_ERR_OK) {
            assert_int_equal(err, GBX_ERR_NO_MEMORY);
            assert_string_equal(error.text, "there is no memory to pack a trace");
        }
    }
    assert_true(failures > 2);
    copy = malloc(*length);
    assert_non_null(copy);
    return memcpy(copy, bytes, *length);
}

static void every_failing_allocation_is_told_and_leaks_nothing(void **state)
{
    const gbxi_trace_options options = {0};
    gbx_capture *capture = document_record_request(&r), *restored = NULL;
    long blocks = scarce_memory_blocks();
    gbxi_trace *trace = gbxi_trace_new(capture, &options);
    gbxi_packer *packer = gbxi_packer_new();
    gbx_err err = GBX_ERR_NO_MEMORY;
    size_t length, failures = 0;
    gbx_error error = {0};
    void *bytes;
    long before;

    (void)state;
    assert_non_null(trace);
    assert_non_null(packer);
    bytes = pack_in_the_end(packer, trace, &length);
    before = scarce_memory_blocks();
    for (; err != GBX_ERR_OK; failures++) {
        scarce_memory_begin(failures);
        err = gbxi_unpack(bytes, length, &restored, &error);
        assert_int_equal(scarce_memory_end(), err != GBX_ERR_OK);
        if (err != GBX_ERR_OK) {
            assert_int_equal(err, GBX_ERR_NO_MEMORY);
            assert_string_equal(error.text, "there is no memory to unpack the trace");
            assert_int_equal(scarce_memory_blocks(), before);
        }
    }
    assert_true(failures > 3);
    gbx_capture_unref(restored);
    gbxi_trace_free(trace);
    gbxi_packer_free(packer);
    free(bytes);
    assert_int_equal(scarce_memory_blocks(), blocks);
    gbx_capture_unref(capture);
}

/* Capture memory is limited to one block, and the lane of the original has it. */
static void the_limit_of_capture_memory_is_told(void **state)
{
    const gbxi_trace_options options = {0};
    gbxi_packer *packer = gbxi_packer_new();
    gbx_capture *capture = document_record_request(&r), *restored = NULL;
    gbxi_trace *trace = gbxi_trace_new(capture, &options);
    gbx_error error = {0};
    const void *bytes;
    size_t length;

    (void)state;
    assert_int_equal(gbxi_pack(packer, trace, &bytes, &length, &error), GBX_ERR_OK);
    gbx_capture_memory_limit_set(1);
    assert_int_equal(gbxi_unpack(bytes, length, &restored, &error), GBX_ERR_NO_MEMORY);
    assert_null(restored);
    gbx_capture_memory_limit_set(0);
    gbx_capture_unref(capture);
    gbxi_trace_free(trace);
    gbxi_packer_free(packer);
    assert_int_equal(gbx_capture_live_count(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_packer_without_memory_is_none),
        cmocka_unit_test(every_failing_allocation_is_told_and_leaks_nothing),
        cmocka_unit_test(the_limit_of_capture_memory_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
