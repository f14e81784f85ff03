/* SPDX-License-Identifier: MIT */
/* Reading a document back when memory runs out. */
#include "document.h"
#include "scarce_memory.h"
#include "store/import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void every_failing_allocation_is_told_and_leaks_nothing(void **state)
{
    static recording r;
    gbx_capture *capture = document_record_truncated(&r);
    size_t length, failures = 0;
    char *text = document_of(capture, GBX_FORMAT_FULL, NULL, &length);
    long blocks = scarce_memory_blocks();
    gbx_err err = GBX_ERR_NO_MEMORY;
    gbxi_import import = {0};

    (void)state;
    for (; err != GBX_ERR_OK; failures++) {
        gbx_error error = {0};

        scarce_memory_begin(failures);
        err = gbxi_import_full(text, length, &import, &error);
        assert_int_equal(scarce_memory_end(), err != GBX_ERR_OK);
        if (err != GBX_ERR_OK) {
            assert_int_equal(err, GBX_ERR_NO_MEMORY);
            assert_non_null(error.text);
            assert_int_equal(scarce_memory_blocks(), blocks);
        }
    }
    assert_true(failures > 4);
    gbx_capture_unref(import.capture);
    assert_int_equal(scarce_memory_blocks(), blocks);
    gbx_capture_unref(capture);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_failing_allocation_is_told_and_leaks_nothing)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
