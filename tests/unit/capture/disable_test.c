/* SPDX-License-Identifier: MIT */
/* With GBX_DISABLE nothing is recorded and no argument evaluated, even inside a capture. */
#define GBX_DISABLE
#include "shape.h"
#include <glassbox/read.h>
#include <glassbox/span.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static void disabled_macros_leave_no_trace(void **state)
{
    gbx_capture *capture = gbx_capture_new(NULL);
    gbx_scope scope = gbx_capture_enter(capture);

    (void)state;
    {
        GBX_SPAN();
        GBX_SPAN_NAMED("x");
        GBX_SPAN_FMT("%s", (abort(), "y"));
        gbx_note_str("key", (abort(), "value"));
        gbx_note_int("key", (abort(), 1));
        gbx_note_double("key", (abort(), 1.0));
        gbx_span_fail((abort(), "reason"));
        assert_int_equal(gbx_span_moment(), 0);
        GBX_SPAN_SINCE("since", (abort(), 1u));
    }
    gbx_capture_leave(scope);
    gbx_capture_finish(capture);
    assert_string_equal(shape_of(capture, 0), "");
    gbx_capture_unref(capture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(disabled_macros_leave_no_trace)};
    return cmocka_run_group_tests_name("disable", tests, NULL, NULL);
}
